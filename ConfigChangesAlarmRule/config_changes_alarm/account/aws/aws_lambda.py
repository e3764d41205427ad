"""How Lambda is asked who may invoke a function."""

from __future__ import annotations

from ...resources import Arn, Function, MalformedArn, Place
from ..questions import FunctionOf
from .calling import Calling
from .parsing import parsed


def function(aws: Calling, question: FunctionOf) -> Function:
    """GetPolicy, of the version or the alias where the ARN names one. Only in its own account."""
    arn = Arn.parse(question.function_arn)
    kind, _, rest = arn.resource.partition(":")
    name, _, qualifier = rest.partition(":")
    if kind != "function" or not name:
        raise MalformedArn(question.function_arn)
    request = {"FunctionName": name, **({"Qualifier": qualifier} if qualifier else {})}
    answer = aws.call("lambda", Place(arn.account_id, arn.region), "get_policy", question.function_arn, **request)
    return parsed("GetPolicy", lambda: Function.from_api(answer, question.function_arn))
