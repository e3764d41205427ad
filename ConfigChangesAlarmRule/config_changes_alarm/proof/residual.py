"""The condition under which patterns match a required event, in words: `userIdentity.arn is present but is not "..."`.

No comparison matches a field that is missing, `!=` neither. For `!=` this is a surprise, and so it is said, unless
every record that the required pattern matches has the field.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from ..filter_pattern import Comparison, Is, NotExists, Number, Operator, Pattern, Regex, Term, Text
from .certainty import Strength
from .coverage import Question
from .formula import FALSE, TRUE, Conjunction, Disjunction, Formula, Literal, Opaque, conjunction, disjunction
from .record_model import RecordModel
from .work import Budget, TooMuchWork, Work

__all__ = ["only_when"]


def only_when(
    required: Pattern, deployed: Sequence[Pattern], model: RecordModel, budget: Budget | None = None
) -> str | None:
    """When `deployed` match a record of the model that `required` matches.

    Conditions that always or never hold of such records are left out. None where that takes too much work, or nothing
    is left to say.
    """
    try:
        question = Question(required, deployed, model, Work(Budget.granted(budget), budget))
        formula = disjunction([question.translation.pattern(each, True) for each in question.deployed])
        formula = _simplified(formula, question)
        return None if formula in (TRUE, FALSE) else _words(formula, question)
    except TooMuchWork:
        return None


def _simplified(formula: Formula, question: Question) -> Formula:
    match formula:
        case Literal(atom, polarity):
            if not _possible(formula, question):
                return FALSE
            return formula if _possible(Literal(atom, not polarity), question) else TRUE
        case Conjunction(parts):
            return conjunction([_simplified(part, question) for part in parts])
        case Disjunction(parts):
            return disjunction([_simplified(part, question) for part in parts])


def _possible(formula: Formula, question: Question) -> bool:
    """Whether some record that the required pattern matches may make the formula true."""
    models = question.search(Strength.WEAK).models(conjunction((question.formula, formula)))
    return next(models, None) is not None


def _words(formula: Formula, question: Question) -> str:
    match formula:
        case Literal():
            return _literal(formula, question)
        case Conjunction(parts):
            return " and ".join(_within(part, Disjunction, question) for part in parts)
        case Disjunction(parts):
            return " or ".join(_within(part, Conjunction, question) for part in parts)


def _within(part: Formula, other: type[Conjunction] | type[Disjunction], question: Question) -> str:
    return f"({_words(part, question)})" if isinstance(part, other) else _words(part, question)


def _literal(literal: Literal, question: Question) -> str:
    atom = literal.atom
    match atom:
        case Term():
            return f"the event {'contains' if literal.polarity else 'does not contain'} {atom}"
        case Opaque():
            return f"the event {'matches' if literal.polarity else 'does not match'} {atom.pattern}"
        case NotExists():
            return f"{_field(atom)} is missing"
        case Is():
            return f"{_field(atom)} is {atom.constant.value.lower()}"
        case Comparison():
            surprising = atom.operator is Operator.NE and _possible(Literal(NotExists(atom.selector), True), question)
            return f"{_field(atom)} {'is present but ' if surprising else ''}{_comparison(atom)}"
        case _:
            assert_never(atom)


def _field(leaf: Comparison | Is | NotExists) -> str:
    return str(leaf.selector).removeprefix("$").removeprefix(".")


_ORDER = {Operator.LT: "is below", Operator.LE: "is at most", Operator.GT: "is above", Operator.GE: "is at least"}


def _comparison(leaf: Comparison) -> str:
    plain = leaf.operator is not Operator.NE
    match leaf.operand:
        case Number(text):
            return f"{_ORDER.get(leaf.operator, 'is' if plain else 'is not')} {text}"
        case Regex(source):
            return f"{'matches' if plain else 'does not match'} %{source}%"
        case Text(value):
            return _like(value, plain)


def _like(word: str, plain: bool) -> str:
    if word == "*":
        return "is present" if plain else 'is not "*"'
    leading, trailing = word.startswith("*"), word.endswith("*")
    core = word[leading : len(word) - trailing]
    match leading, trailing:
        case False, False:
            verb = "is" if plain else "is not"
        case False, True:
            verb = "starts with" if plain else "does not start with"
        case True, False:
            verb = "ends with" if plain else "does not end with"
        case _:
            verb = "contains" if plain else "does not contain"
    return f'{verb} "{core}"'
