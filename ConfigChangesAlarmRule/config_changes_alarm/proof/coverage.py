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
   or the work exceeds its bound, the answer is `Undecided`.
5. Of several patterns all but one may be a proof where all together are too much: a filter more takes none away.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..filter_pattern import Answer, Name, Pattern, matches
from ..filter_pattern.json_value import JsonValue, read, written
from .certainty import Outcome, Strength
from .fixed_fields import fixed_by, meet
from .formula import FALSE, Atom, Formula, Translation, conjunction, text_of
from .record_model import ANY_RECORD, RecordModel
from .search import Search
from .work import Budget, TooMuchWork, Work

__all__ = ["Covered", "Missed", "Question", "Undecided", "covers", "never_matches"]

MAX_LEFT_OUT = 8
"""Patterns of which it is tried whether the others are enough."""

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
    """Neither could be shown, for this reason."""

    reason: str


def covers(
    required: Pattern,
    deployed: Sequence[Pattern],
    record_model: RecordModel = ANY_RECORD,
    budget: Budget | None = None,
) -> Covered | Missed | Undecided:
    """Whether the deployed patterns together match every record of the model that `required` matches.

    `budget` is what all questions of an evaluation may cost together; without one the question has its own bound.
    """
    patterns = tuple(dict.fromkeys(deployed))
    granted = Budget.granted(budget)
    fewer = list(_all_but_one(patterns))
    answer = _answer(required, patterns, record_model, Work(granted if not fewer else granted * 3 // 5, budget))
    if isinstance(answer, Undecided):
        for each in fewer:
            work = Work(granted * 2 // (5 * len(fewer)), budget)
            if isinstance(_answer(required, each, record_model, work), Covered):
                return Covered()
    return answer


def _answer(
    required: Pattern, deployed: tuple[Pattern, ...], model: RecordModel, work: Work
) -> Covered | Missed | Undecided:
    try:
        return Question(required, deployed, model, work).answer()
    except TooMuchWork:
        return Undecided("the question exceeds the bound on the work")


def _all_but_one(patterns: tuple[Pattern, ...]) -> Iterator[tuple[Pattern, ...]]:
    """The patterns without one of the longest, for each of those; nothing of a single pattern."""
    if len(patterns) > 1:
        longest = sorted(patterns, key=lambda pattern: len(str(pattern)), reverse=True)[:MAX_LEFT_OUT]
        for left_out in longest:
            yield tuple(pattern for pattern in patterns if pattern != left_out)


def never_matches(
    required: Pattern, deployed: Pattern, record_model: RecordModel, budget: Budget | None = None
) -> bool:
    """Whether no record of the model that `required` matches is matched by `deployed`: proved, not sampled."""
    try:
        question = Question(required, (), record_model, Work(Budget.granted(budget), budget))
        if question.contradicted:
            return True
        formula = conjunction((question.formula, question.translation.pattern(deployed, True)))
        return next(question.search(Strength.WEAK).models(formula), None) is None
    except TooMuchWork:
        return False


class Question:
    """What a required and deployed patterns say of a model's records. Its work is bounded; raises `TooMuchWork`."""

    def __init__(
        self, required: Pattern, deployed: Sequence[Pattern], model: RecordModel, work: Work | None = None
    ) -> None:
        self.required = required
        self.deployed = tuple(dict.fromkeys(deployed))
        self.model = model
        self.work = Work() if work is None else work
        fixed = meet(fixed_by(required), model.domains)
        self.contradicted = fixed is None
        self.fixed = fixed or {}
        self.domains = {**model.domains, **self.fixed}
        self.translation = Translation(self.domains, [*model.fragments, *self.fixed_fragments()], self.work)
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
        weak = self.attempt(query, Strength.WEAK)
        if isinstance(weak, (Covered, Missed)):
            return weak
        strong = self.attempt(query, Strength.STRONG)
        if not isinstance(strong, str):
            return strong
        return Undecided(weak or "no record that escapes was found, nor a proof that there is none")

    def attempt(self, query: Formula, strength: Strength) -> Covered | Missed | str:
        """Looks for a record that escapes; else says what the answer hangs on, nothing where that is not known."""
        search = self.search(strength)
        undocumented = False
        kinds = 0
        for known in search.models(query):
            for message in self.messages(known, strength):
                if self.escapes(message):
                    return Missed(message)
                undocumented |= self.matters(message)
            kinds += 1
            if kinds > MAX_DOUBTFUL:
                break
        if not kinds and not search.doubted and strength is Strength.WEAK:
            return Covered()
        return "AWS does not document how a condition of the pattern behaves" if undocumented else ""

    def escapes(self, message: str) -> bool:
        """Whether the record is required and rejected for certain. What reading it costs is part of the work."""
        self.work.spend(self.translation.conditions + len(message) // 64 * (1 + len(self.deployed)))
        return matches(self.required, message) is Answer.MATCH and all(
            matches(each, message) is Answer.NO_MATCH for each in self.deployed
        )

    def matters(self, message: str) -> bool:
        """Whether the record is one on which the answer hangs: nothing is certain of it."""
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
            yield written(record)


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
