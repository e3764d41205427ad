"""An independent oracle for coverage: its own tree, reader, generator and semantics, decided by z3.

Nothing here imports the product; the semantics are written anew from AWS's documentation and its published answers.
"""
