"""An answer as values: what is missing, of another type or about something else ends in `EvaluationFailed`.

`operation` is the API's name without its service, as in a message to a person.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from ...resources import MalformedAnswer, MalformedArn
from ..outcomes import EvaluationFailed
from .errors import Unanswered

T = TypeVar("T")


def parsed(operation: str, build: Callable[[], T]) -> T:
    """What is built. Raises `Unanswered` or another `EvaluationFailed`, which names the operation."""
    try:
        return build()
    except MalformedAnswer as error:
        told = str(MalformedAnswer(error.member, error.problem, operation))
        raise Unanswered(told, f"no {error.member}") from None
    except (MalformedArn, AttributeError) as error:
        raise EvaluationFailed(f"{operation}: {error}") from None


def each(operation: str, answer: dict[str, Any], member: str, build: Callable[[dict[str, Any]], T]) -> list[T]:
    """The elements of a list that AWS always sends; its absence is no evidence of emptiness."""
    values = answer.get(member)
    if not isinstance(values, list):
        raise EvaluationFailed(f"{operation}: member {member!r} is missing")
    return [parsed(operation, partial(build, value)) for value in values]


def name(answer: dict[str, Any], member: str) -> str:
    """A text that AWS always sends and that is never empty. Raises `MalformedAnswer`."""
    value = answer.get(member)
    if not isinstance(value, str) or not value:
        raise MalformedAnswer(member, "is missing")
    return value


def structure(answer: dict[str, Any], member: str) -> dict[str, Any]:
    """A structure that AWS always sends. Raises `MalformedAnswer`."""
    value = answer.get(member)
    if not isinstance(value, dict):
        raise MalformedAnswer(member, "is missing")
    return value


def check_subject(operation: str, answer: dict[str, Any], member: str, asked: str) -> None:
    """Raises `EvaluationFailed` when the answer is about something else."""
    told = parsed(operation, partial(name, answer, member))
    if told != asked:
        raise EvaluationFailed(f"{operation}: asked about {asked}, AWS answers about {told}")
