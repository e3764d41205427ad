"""Do the conditions of a policy's statement hold for a service's request?

Every operator has to hold for each of its keys, by one of its operands. What is documented of a key that the request
does not have (IAM user guide, "Condition operators", "Multivalued context keys") is used as it is written: a negated
operator holds, one with `IfExists` holds, `ForAnyValue` does not, `ForAllValues` does. A key, an operator or a policy
variable that is not known here makes the condition UNKNOWN.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..truth import Truth, every, negated, some, truth
from .service_request import Beginning, ContextValue, Missing, Perhaps, ServiceRequest

__all__ = ["conditions_hold", "like", "listed"]


def listed(value: Any) -> list[str]:
    """The texts of a policy's member, which may be one or a list."""
    return [str(each) for each in value] if isinstance(value, list) else [str(value)]


def like(pattern: str, text: str) -> bool:
    """Whether `*` for any characters and `?` for one make the pattern the text. Never slower than their product."""
    at = here = resume = 0
    star = -1
    while here < len(text):
        if at < len(pattern) and pattern[at] == "*":
            star, resume = at, here
            at += 1
        elif at < len(pattern) and pattern[at] in ("?", text[here]):
            at, here = at + 1, here + 1
        elif star >= 0:
            resume += 1
            at, here = star + 1, resume
        else:
            return False
    return not pattern[at:].strip("*")


def _arn_like(pattern: str, text: str) -> bool | None:
    """Each of the six parts by itself; AWS does not say what a pattern of fewer parts is."""
    patterns, parts = pattern.split(":", 5), text.split(":", 5)
    if len(patterns) != 6 or len(parts) != 6:
        return None
    return all(like(one, two) for one, two in zip(patterns, parts, strict=True))


def _same_case(test: Callable[[str, str], bool]) -> Callable[[str, str], bool]:
    return lambda operand, value: test(operand.lower(), value.lower())


def _equal(operand: str, value: str) -> bool:
    return operand == value


_OPERATORS: Mapping[str, tuple[Callable[[str, str], bool | None], bool]] = {
    "stringequals": (_equal, True),
    "stringequalsignorecase": (_same_case(_equal), True),
    "stringlike": (like, True),
    "arnequals": (_arn_like, True),
    "arnlike": (_arn_like, True),
    "bool": (_same_case(_equal), True),
    "stringnotequals": (_equal, False),
    "stringnotequalsignorecase": (_same_case(_equal), False),
    "stringnotlike": (like, False),
    "arnnotequals": (_arn_like, False),
    "arnnotlike": (_arn_like, False),
}
"""By name in small letters: how an operand is compared, and whether one has to match or none may."""

_ANY, _ALL = "foranyvalue:", "forallvalues:"


def conditions_hold(conditions: Mapping[str, Mapping[str, Any]], request: ServiceRequest) -> Truth:
    """All of them; YES of none."""
    return every(
        _condition(operator.lower(), listed(operands), request.context(key))
        for operator, tests in conditions.items()
        for key, operands in tests.items()
    )


def _condition(operator: str, operands: list[str], value: ContextValue) -> Truth:
    if isinstance(value, Perhaps):
        answers = {_condition(operator, operands, each) for each in (value.value, Missing.ABSENT)}
        return answers.pop() if len(answers) == 1 else Truth.UNKNOWN
    quantifier = next((each for each in (_ANY, _ALL) if operator.startswith(each)), "")
    name = operator.removeprefix(quantifier)
    if value is Missing.UNKNOWN:
        return Truth.UNKNOWN
    if name == "null":
        return some(truth(operand.lower() == ("true" if value is Missing.ABSENT else "false")) for operand in operands)
    test = _OPERATORS.get(name.removesuffix("ifexists"))
    if test is None:
        return Truth.UNKNOWN
    compared, wanted = test
    if isinstance(value, Missing):
        return _of_absent(quantifier, name.endswith("ifexists"), wanted)
    if any("${" in operand for operand in operands):
        return Truth.UNKNOWN
    if isinstance(value, Beginning):
        found = some(_beginning_matches(compared, operand, value.text) for operand in operands)
        if found is Truth.YES and not quantifier:  # a key of many values under an operator for one
            return Truth.UNKNOWN
    else:
        found = some(truth(compared(operand, value)) for operand in operands)
    return found if wanted else negated(found)


def _of_absent(quantifier: str, if_exists: bool, wanted: bool) -> Truth:
    """Whether the condition holds where the request does not have the key."""
    if quantifier == _ANY:
        return Truth.UNKNOWN if if_exists else Truth.NO
    return truth(quantifier == _ALL or if_exists or not wanted)


def _beginning_matches(compared: Callable[[str, str], bool | None], operand: str, beginning: str) -> Truth:
    """Whether the operand matches every value that begins so, or none."""
    if compared is like and operand.endswith("*") and like(operand, beginning):
        return Truth.YES
    literal = operand.replace("?", "*").partition("*")[0] if compared is like else operand
    if compared not in (like, _equal):
        return Truth.UNKNOWN
    return Truth.UNKNOWN if literal.startswith(beginning) or beginning.startswith(literal) else Truth.NO
