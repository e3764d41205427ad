"""CloudWatch Logs, played: what filter patterns answer, read and judged anew, with every open point told either way.

Nothing here imports the product: where the two agree, it is because both follow AWS's documentation.
"""
