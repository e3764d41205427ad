"""The walk along the chain of an account, hop by hop, to the assessment.

May import everything below: `account`, `control`, `proof` and the packages of the hops. Must never know boto3, the
handler or how a verdict is put into words.
"""

from .walk import assess

__all__ = ["assess"]
