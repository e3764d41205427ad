"""What an account is asked, and the ways AWS may not answer; behind it, AWS.

May import `resources`. Only `aws` knows boto3, and nothing here judges what was read.
"""

from .door import Account, EvaluationFailed, NotFound, Unreadable

__all__ = ["Account", "EvaluationFailed", "NotFound", "Unreadable"]
