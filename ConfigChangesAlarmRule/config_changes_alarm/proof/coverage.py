"""Decides whether every event that one pattern matches is matched by at least one of others.

`covers(required, deployed, model)` asks for a record that `required` matches and no `deployed` pattern does:

    required and not deployed[0] and not deployed[1] ...

1. Conditions whose answer the model fixes (the event's source and name, say) become constants.
2. `satisfiability` chooses conditions that make the rest true, and `solving` looks for a record with them. Where there
   is none it says which of them contradict each other, and they are not chosen together again.
3. WEAK: what AWS does not document may turn out either way, but one condition has one answer. If even so no
   record exists, every record is covered: that is the proof. So a pattern covers itself, whatever it is made of.
4. Otherwise the record found is put through `matches`, the ordinary semantics. Only a record that `required`
   matches and every deployed pattern rejects, for certain, is returned as `Missed`; where there is none,
   or the work exceeds its bound, the answer is `Undecided`, with the records in doubt.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..filter_pattern import Answer, Name, Pattern, matches
from ..filter_pattern.json_value import JsonNumber, JsonValue, read
from .certainty import Outcome, Strength
from .fixed_fields import fixed_by, meet
from .formula import FALSE, Atom, Formula, Translation, conjunction, text_of
from .record_model import ANY_RECORD, RecordModel
from .search import Search
from .work import TooMuchWork, Work

__all__ = ["Covered", "Missed", "Question", "Undecided", "covers", "never_matches"]

MAX_WORK = 50_000
"""Steps (a condition looked at, a transition of an automaton) after which a question is given up as undecided."""

MAX_DOUBTFUL = 20
"""Conjunctions of which it stays uncertain whether they have a record, before the search is given up."""


@dataclass(frozen=True, slots=True)
class Covered:
    """Every record of the model that the required pattern matches is matched by a deployed one."""


@dataclass(frozen=True, slots=True)
class Missed:
    """`message`, the JSON text of a record, is matched by the required pattern and by no deployed one."""

    message: str

    @property
    def record(self) -> dict[str, Any]:
        parsed: dict[str, Any] = json.loads(self.message)
        return parsed


@dataclass(frozen=True, slots=True)
class Undecided:
    """Neither could be shown.

    `messages` are records on which the answer hangs, at least one of each kind, for AWS itself to be asked about;
    none where they are too many to be sure that no kind is left out.
    """

    reason: str
    messages: tuple[str, ...] = ()


def covers(
    required: Pattern, deployed: Sequence[Pattern], record_model: RecordModel = ANY_RECORD
) -> Covered | Missed | Undecided:
    """Whether the deployed patterns together match every record of the model that `required` matches."""
    return Question(required, deployed, record_model).answer()


def never_matches(required: Pattern, deployed: Pattern, record_model: RecordModel) -> bool:
    """Whether no record of the model that `required` matches is matched by `deployed`: proved, not sampled."""
    question = Question(required, (), record_model)
    if question.contradicted:
        return True
    formula = conjunction((question.formula, question.translation.pattern(deployed, True)))
    try:
        return next(question.search(Strength.WEAK).models(formula), None) is None
    except TooMuchWork:
        return False


class Question:
    """What a required and deployed patterns say of a model's records. Its work is bounded: see `MAX_WORK`."""

    def __init__(self, required: Pattern, deployed: Sequence[Pattern], model: RecordModel) -> None:
        self.required = required
        self.deployed = tuple(dict.fromkeys(deployed))
        self.model = model
        self.work = Work(MAX_WORK)
        fixed = meet(fixed_by(required), model.domains)
        self.contradicted = fixed is None
        self.fixed = fixed or {}
        self.domains = {**model.domains, **self.fixed}
        self.translation = Translation(self.domains, [*model.fragments, *self.fixed_fragments()])
        self.formula = self.translation.pattern(required, True)

    def fixed_fragments(self) -> Iterator[str]:
        """What every message holds because of the strings that the required pattern demands."""
        for steps, domain in self.fixed.items():
            for text in domain.strings or ():
                name = steps[-1].key if isinstance(steps[-1], Name) else ""
                if _plain(text):
                    yield f'"{name}":"{text}"' if self.model.compact and name and _plain(name) else text

    def base(self, message: str) -> JsonValue:
        """One of the model's records, with the strings that the required pattern demands."""
        record = read(message)
        for steps, domain in self.fixed.items():
            if domain.strings and isinstance(record, dict):
                _set(record, [step.key for step in steps if isinstance(step, Name)], min(domain.strings))
        return record

    def search(self, strength: Strength, message: str | None = None) -> Search:
        return Search(self.domains, self.base(message or self.model.bases[0]), strength, self.work)

    def answer(self) -> Covered | Missed | Undecided:
        if self.contradicted:
            return Covered()  # no record of the model is as the required pattern demands
        query = conjunction([self.formula, *(self.translation.pattern(each, False) for each in self.deployed)])
        if query == FALSE:
            return Covered()
        for message in self.model.bases:
            if self.escapes(message):
                return Missed(message)
        try:
            weak = self.attempt(query, Strength.WEAK)
            if not isinstance(weak, tuple):
                return weak
            strong = self.attempt(query, Strength.STRONG)
        except TooMuchWork:
            return Undecided("the question exceeds the bound on the work")
        if isinstance(strong, Missed):
            return strong
        return Undecided("AWS does not document how a condition of the pattern behaves", weak)

    def attempt(self, query: Formula, strength: Strength) -> Covered | Missed | tuple[str, ...]:
        """Looks for a record that escapes; else returns those that may, of every kind, or none at all."""
        search = self.search(strength)
        doubtful: list[str] = []
        kinds = 0
        for known in search.models(query):
            of_a_kind: list[str] = []
            for message in self.messages(known, strength):
                if self.escapes(message):
                    return Missed(message)
                of_a_kind += [message] if self.matters(message) else []
            kinds += 1
            doubtful += of_a_kind[:2]
            if kinds > MAX_DOUBTFUL or not of_a_kind:
                return ()
        if kinds or search.doubted:
            return () if search.doubted else tuple(dict.fromkeys(doubtful))
        return Covered() if strength is Strength.WEAK else ()

    def escapes(self, message: str) -> bool:
        return matches(self.required, message) is Answer.MATCH and all(
            matches(each, message) is Answer.NO_MATCH for each in self.deployed
        )

    def matters(self, message: str) -> bool:
        return matches(self.required, message) is not Answer.NO_MATCH and not any(
            matches(each, message) is Answer.MATCH for each in self.deployed
        )

    def messages(self, known: Mapping[Atom, bool], strength: Strength) -> Iterator[str]:
        """Records for a conjunction, made from each of the model's bases, with the texts that terms ask for."""
        for base in self.model.bases:
            record = self.search(strength, base).record(known)
            if isinstance(record, Outcome):
                continue
            texts = (text_of(atom) for atom, polarity in known.items() if polarity)
            wanted = [text for text in texts if text is not None]
            if wanted and self.model.free_text is not None:
                record = {**record, self.model.free_text: " ".join(wanted)}
            yield _text(record)


def _text(value: JsonValue) -> str:
    """The value as compact JSON, as CloudTrail writes it."""
    match value:
        case JsonNumber():
            return value.text
        case dict():
            return "{" + ",".join(f"{json.dumps(key)}:{_text(each)}" for key, each in value.items()) + "}"
        case list():
            return "[" + ",".join(_text(each) for each in value) + "]"
        case _:
            return json.dumps(value)


def _plain(text: str) -> bool:
    """Whether JSON writes the text as it is."""
    return json.dumps(text) == f'"{text}"'


def _set(record: dict[str, JsonValue], keys: Sequence[str], text: str) -> None:
    """Puts the text at a place of the record, making the objects on the way."""
    *above, last = keys
    for key in above:
        below = record.get(key)
        if not isinstance(below, dict):
            below = record[key] = {}
        record = below
    record[last] = text
