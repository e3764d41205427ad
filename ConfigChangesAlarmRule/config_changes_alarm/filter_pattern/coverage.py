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
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from .languages import TooMuchWork, Work
from .matching import Answer, JsonNumber, JsonValue, Leaf, judge, matches, read
from .satisfiability import Clauses
from .solving import Domain, Kind, Outcome, Path, Solver, Strength, is_wild
from .syntax import (
    And,
    Comparison,
    Condition,
    Index,
    JsonPattern,
    Name,
    Operator,
    Or,
    Pattern,
    Selector,
    SpaceDelimitedPattern,
    Term,
    TermPattern,
    Text,
)

__all__ = [
    "ANY_RECORD",
    "Covered",
    "Missed",
    "RecordModel",
    "RequiredEvent",
    "Undecided",
    "covers",
    "narrow",
    "never_matches",
    "required_events",
]

MAX_WORK = 50_000
"""Steps (a condition looked at, a transition of an automaton) after which a question is given up as undecided."""

MAX_DOUBTFUL = 20
"""Conjunctions of which it stays uncertain whether they have a record, before the search is given up."""

OTHER_EVENTS = "any other event"


@dataclass(frozen=True, slots=True)
class RecordModel:
    """The records that the proof is about.

    `domains` says what single fields may hold; a field it does not name may hold anything. `bases` are realistic
    messages from which counterexamples are made, the most ordinary first. `fragments` are texts that every message
    contains, for term patterns. `free_text` is a string field that may hold any text.
    """

    domains: Mapping[Path, Domain] = field(default_factory=dict)
    bases: tuple[str, ...] = ("{}",)
    fragments: tuple[str, ...] = ()
    free_text: str | None = None


ANY_RECORD = RecordModel()
"""Every JSON object."""


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
    """Neither could be shown. `messages` are records on which the answer hangs, for AWS itself to be asked about."""

    reason: str
    messages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RequiredEvent:
    """An event that a pattern asks for, by `$.eventName` and, where the pattern says it, `$.eventSource`."""

    name: str
    source: str | None = None


# --------------------------------------------------------------------------- formulas in negation normal form


@dataclass(frozen=True, slots=True)
class _Opaque:
    """A pattern that is not taken apart: it may match or not."""

    pattern: Pattern


_Atom: TypeAlias = Leaf | Term | _Opaque


@dataclass(frozen=True, slots=True)
class _Literal:
    atom: _Atom
    polarity: bool


@dataclass(frozen=True, slots=True)
class _All:
    parts: tuple[_Formula, ...]


@dataclass(frozen=True, slots=True)
class _Any:
    parts: tuple[_Formula, ...]


_Formula: TypeAlias = _Literal | _All | _Any
_TRUE = _All(())
_FALSE = _Any(())


def _all(parts: Sequence[_Formula]) -> _Formula:
    flat: list[_Formula] = []
    for part in parts:
        if part == _FALSE:
            return _FALSE
        flat += part.parts if isinstance(part, _All) else (part,)
    unique = tuple(dict.fromkeys(flat))
    return unique[0] if len(unique) == 1 else _All(unique)


def _any(parts: Sequence[_Formula]) -> _Formula:
    flat: list[_Formula] = []
    for part in parts:
        if part == _TRUE:
            return _TRUE
        flat += part.parts if isinstance(part, _Any) else (part,)
    unique = tuple(dict.fromkeys(flat))
    return unique[0] if len(unique) == 1 else _Any(unique)


class _Translation:
    """Patterns as formulas, with the conditions that a model fixes already replaced by constants."""

    def __init__(self, domains: Mapping[Path, Domain], fragments: Sequence[str]) -> None:
        self.domains = domains
        self.fragments = fragments

    def pattern(self, pattern: Pattern, polarity: bool) -> _Formula:
        match pattern:
            case JsonPattern():
                return self.condition(pattern.condition, polarity)
            case TermPattern():
                return self.terms(pattern, polarity)
            case SpaceDelimitedPattern():
                return _Literal(_Opaque(pattern), polarity)

    def condition(self, condition: Condition, polarity: bool) -> _Formula:
        if isinstance(condition, (And, Or)):
            parts = [self.condition(term, polarity) for term in condition.terms]
            return _all(parts) if isinstance(condition, And) is polarity else _any(parts)
        constant = self.constant(condition)
        if constant is not None:
            return _TRUE if constant is polarity else _FALSE
        return _Literal(condition, polarity)

    def constant(self, leaf: Leaf) -> bool | None:
        """The answer that every value of the field's domain gives, when that is few values and one answer."""
        domain = self.domains.get(leaf.selector.steps)
        if domain is None or domain.kinds != (Kind.STRING,) or domain.strings is None:
            return None
        answers = {judge(leaf, text) for text in domain.strings}
        if len(answers) != 1 or Answer.UNKNOWN in answers:
            return None
        return answers.pop() is Answer.MATCH

    def terms(self, pattern: TermPattern, polarity: bool) -> _Formula:
        if pattern.optional and not pattern.required and not pattern.excluded:
            parts = [self.term(term, polarity) for term in pattern.optional]
            return _any(parts) if polarity else _all(parts)
        parts = [self.term(term, polarity) for term in pattern.required]
        parts += [self.term(term, not polarity) for term in pattern.excluded]
        return _all(parts) if polarity else _any(parts)

    def term(self, term: Term, polarity: bool) -> _Formula:
        text = _text_of(term)
        if text is not None and (not text.strip() or any(text in fragment for fragment in self.fragments)):
            return _TRUE if polarity else _FALSE
        return _Literal(term, polarity)


# --------------------------------------------------------------------------- the search


class _Search:
    """Looks for a conjunction of a formula's literals that has a record.

    Its skeleton is put to the propositional solver; the literals that make the formula true are put to the solver of
    records; where those contradict each other, the reason is learned as a clause.
    """

    def __init__(self, domains: Mapping[Path, Domain], base: JsonValue, strength: Strength, work: Work) -> None:
        self.strength = strength
        self.solver = Solver(domains, base, strength, work)
        self.clauses = Clauses(work)
        self.variables: dict[_Atom, int] = {}
        self.doubted = False

    def models(self, formula: _Formula) -> Iterator[dict[_Atom, bool]]:
        """Conjunctions that may have a record, lazily. Raises `TooMuchWork`."""
        self.clauses.add([self.encoded(formula)])
        self.relate_terms()
        while (solution := self.clauses.solve()) is not None:
            known: dict[_Atom, bool] = {}
            self.choose(formula, solution, known)
            found = self.record(known)
            if found is Outcome.NONE:
                self.exclude(self.solver.core(_leaves_of(known)))
                continue
            self.doubted |= found is Outcome.DOUBT
            yield known
            self.exclude(known)

    def encoded(self, formula: _Formula) -> int:
        """A literal that implies the formula."""
        if isinstance(formula, _Literal):
            if self.strength is Strength.STRONG and isinstance(formula.atom, _Opaque):
                return self.encoded(_FALSE)
            return self.variable(formula.atom) if formula.polarity else -self.variable(formula.atom)
        literal = self.clauses.variable()
        parts = [self.encoded(part) for part in formula.parts]
        if isinstance(formula, _Any):
            self.clauses.add([-literal, *parts])
        else:
            for part in parts:
                self.clauses.add([-literal, part])
        return literal

    def variable(self, atom: _Atom) -> int:
        if atom not in self.variables:
            self.variables[atom] = self.clauses.variable()
        return self.variables[atom]

    def relate_terms(self) -> None:
        """A message that contains a text contains every part of it."""
        terms = [(variable, _text_of(atom)) for atom, variable in self.variables.items()]
        texts = [(variable, text) for variable, text in terms if text is not None]
        for whole, text in texts:
            self.clauses.work.spend(len(texts))
            for part, inner in texts:
                if part != whole and inner in text:
                    self.clauses.add([-whole, part])

    def choose(self, formula: _Formula, solution: frozenset[int], known: dict[_Atom, bool]) -> None:
        """Adds literals that are true in the solution and make the formula true."""
        match formula:
            case _Literal(atom, polarity):
                known[atom] = polarity
            case _All(parts):
                for part in parts:
                    self.choose(part, solution, known)
            case _Any(parts):
                self.choose(next(part for part in parts if self.true(part, solution)), solution, known)

    def true(self, formula: _Formula, solution: frozenset[int]) -> bool:
        match formula:
            case _Literal(atom, polarity):
                return atom in self.variables and (self.variables[atom] in solution) is polarity
            case _All(parts):
                return all(self.true(part, solution) for part in parts)
            case _Any(parts):
                return any(self.true(part, solution) for part in parts)

    def exclude(self, known: Mapping[_Atom, bool] | Mapping[Leaf, bool]) -> None:
        """Never chooses all of these together again."""
        self.clauses.add(self.variables[atom] * (-1 if polarity else 1) for atom, polarity in known.items())

    def record(self, known: Mapping[_Atom, bool]) -> dict[str, JsonValue] | Outcome:
        return self.solver.record(_leaves_of(known))


def _leaves_of(known: Mapping[_Atom, bool]) -> dict[Leaf, bool]:
    return {atom: polarity for atom, polarity in known.items() if not isinstance(atom, (Term, _Opaque))}


def _text_of(atom: _Atom) -> str | None:
    """The text that a term looks for, if it is a text of which AWS says how it is read."""
    if isinstance(atom, Term) and isinstance(atom.content, Text) and atom.content.documented:
        return atom.content.value
    return None


def covers(
    required: Pattern, deployed: Sequence[Pattern], record_model: RecordModel = ANY_RECORD
) -> Covered | Missed | Undecided:
    """Whether the deployed patterns together match every record of the model that `required` matches."""
    return _Question(required, deployed, record_model).answer()


def never_matches(required: Pattern, deployed: Pattern, record_model: RecordModel) -> bool:
    """Whether no record of the model that `required` matches is matched by `deployed`: proved, not sampled."""
    question = _Question(required, (), record_model)
    formula = _all((question.formula, question.translation.pattern(deployed, True)))
    try:
        return next(question.search(Strength.WEAK).models(formula), None) is None
    except TooMuchWork:
        return False


class _Question:
    """One question to `covers`."""

    def __init__(self, required: Pattern, deployed: Sequence[Pattern], model: RecordModel) -> None:
        self.required = required
        self.deployed = tuple(dict.fromkeys(deployed))
        self.model = model
        self.work = Work(MAX_WORK)
        self.fixed = _fixed_by(required)
        self.domains = {**model.domains, **_meet(self.fixed, model.domains)}
        certain = [text for each in self.fixed.values() for text in each.strings or () if _plain(text)]
        fragments = [*model.fragments, *certain]
        self.translation = _Translation(self.domains, fragments)
        self.formula = self.translation.pattern(required, True)

    def base(self, message: str) -> JsonValue:
        """One of the model's records, with the strings that the required pattern demands."""
        record = read(message)
        for steps, domain in self.fixed.items():
            if domain.strings and isinstance(record, dict) and not any(isinstance(step, Index) for step in steps):
                _set(record, [step.key for step in steps if isinstance(step, Name)], min(domain.strings))
        return record

    def search(self, strength: Strength, message: str | None = None) -> _Search:
        return _Search(self.domains, self.base(message or self.model.bases[0]), strength, self.work)

    def answer(self) -> Covered | Missed | Undecided:
        query = _all([self.formula, *(self.translation.pattern(each, False) for each in self.deployed)])
        if query == _FALSE:
            return Covered()
        for message in self.model.bases:
            if self.escapes(message):
                return Missed(message)
        doubtful: dict[str, None] = {}
        try:
            for strength in (Strength.WEAK, Strength.STRONG):
                found = self.attempt(query, strength, doubtful)
                if found is not None:
                    return found
        except TooMuchWork:
            return Undecided("the question exceeds the bound on the work", self.in_doubt(doubtful))
        return Undecided("AWS does not document how a condition of the pattern behaves", self.in_doubt(doubtful))

    def attempt(self, query: _Formula, strength: Strength, doubtful: dict[str, None]) -> Covered | Missed | None:
        """Looks for a record that escapes; adds those of which that is not certain to `doubtful`."""
        search = self.search(strength)
        certain = strength is Strength.WEAK
        for number, known in enumerate(search.models(query)):
            for message in self.messages(known, strength):
                if self.escapes(message):
                    return Missed(message)
                doubtful[message] = None
            if number >= MAX_DOUBTFUL:
                break
            certain = False
        return Covered() if certain and not search.doubted else None

    def in_doubt(self, messages: Mapping[str, None]) -> tuple[str, ...]:
        """The records that may escape, for AWS to be asked about."""
        return tuple(message for message in messages if self.matters(message))[:50]

    def escapes(self, message: str) -> bool:
        return matches(self.required, message) is Answer.MATCH and all(
            matches(each, message) is Answer.NO_MATCH for each in self.deployed
        )

    def matters(self, message: str) -> bool:
        return matches(self.required, message) is not Answer.NO_MATCH and not any(
            matches(each, message) is Answer.MATCH for each in self.deployed
        )

    def messages(self, known: Mapping[_Atom, bool], strength: Strength) -> Iterator[str]:
        """Records for a conjunction, made from each of the model's bases, with the texts that terms ask for."""
        for base in self.model.bases:
            record = self.search(strength, base).record(known)
            if isinstance(record, Outcome):
                continue
            texts = (_text_of(atom) for atom, polarity in known.items() if polarity)
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


def _fixed_by(required: Pattern) -> dict[Path, Domain]:
    """The fields that a pattern demands to be one certain string."""
    if not isinstance(required, JsonPattern):
        return {}
    condition = required.condition
    fixed: dict[Path, Domain] = {}
    for term in condition.terms if isinstance(condition, And) else (condition,):
        text = _plain_text(term)
        if text is not None and isinstance(term, Comparison):
            steps = term.selector.steps
            known = fixed.get(steps)
            strings = frozenset((text,)) if known is None else (known.strings or frozenset()) & {text}
            fixed[steps] = Domain((Kind.STRING,), strings=strings)
    return fixed


def _meet(fixed: Mapping[Path, Domain], domains: Mapping[Path, Domain]) -> dict[Path, Domain]:
    met: dict[Path, Domain] = {}
    for steps, domain in fixed.items():
        known = domains.get(steps)
        strings = domain.strings or frozenset()
        if known is not None:
            strings = frozenset(text for text in strings if Kind.STRING in known.kinds and known.admits(text))
        met[steps] = Domain((Kind.STRING,), strings=strings)
    return met


def _plain_text(condition: Condition) -> str | None:
    """The string of `selector = word`, when only that string, and no number, boolean or null, can match it."""
    if not (isinstance(condition, Comparison) and condition.operator is Operator.EQ and not is_wild(condition)):
        return None
    operand = condition.operand
    if not isinstance(operand, Text) or not operand.documented:
        return None
    text = operand.value
    letters = text.strip("0123456789.+-eE")
    if not letters or text.startswith("*") or text.endswith("*") or text.lower() in ("true", "false", "null"):
        return None
    return text


# --------------------------------------------------------------------------- which events a pattern asks for


_EVENT_NAME = Selector((Name("eventName"),))
_EVENT_SOURCE = Selector((Name("eventSource"),))


def _leaves(condition: Condition) -> Iterator[Leaf]:
    if isinstance(condition, (And, Or)):
        for term in condition.terms:
            yield from _leaves(term)
    else:
        yield condition


def _possible(pattern: Pattern) -> bool:
    return not isinstance(covers(pattern, ()), Covered)


def _and(pattern: Pattern, *conditions: Condition) -> JsonPattern:
    """The pattern with more conditions, flattened so that what they fix is seen."""
    assert isinstance(pattern, JsonPattern)
    own = pattern.condition.terms if isinstance(pattern.condition, And) else (pattern.condition,)
    terms = (*own, *conditions)
    return JsonPattern(terms[0] if len(terms) == 1 else And(terms))


def _words(pattern: JsonPattern, selector: Selector) -> tuple[str, ...]:
    found = [
        text
        for leaf in _leaves(pattern.condition)
        if isinstance(leaf, Comparison) and leaf.selector == selector and (text := _plain_text(leaf)) is not None
    ]
    return tuple(dict.fromkeys(found))


def required_events(required: Pattern) -> tuple[RequiredEvent, ...]:
    """The events by name, in the pattern's order; last `any other event` where the pattern admits more than those."""
    if not isinstance(required, JsonPattern):
        return (RequiredEvent(OTHER_EVENTS),) if _possible(required) else ()
    names = _words(required, _EVENT_NAME)
    sources = _words(required, _EVENT_SOURCE)
    events: list[RequiredEvent] = []
    for name in names:
        event = narrow(required, RequiredEvent(name))
        if not _possible(event):
            continue
        source = next((each for each in sources if _possible(_and(event, _equal(_EVENT_SOURCE, each)))), None)
        events.append(RequiredEvent(name, source))
    others = _and(required, *(Comparison(_EVENT_NAME, Operator.NE, Text(name)) for name in names))
    if _possible(others):
        events.append(RequiredEvent(OTHER_EVENTS))
    return tuple(events)


def _equal(selector: Selector, text: str) -> Comparison:
    return Comparison(selector, Operator.EQ, Text(text))


def narrow(required: Pattern, event: RequiredEvent) -> Pattern:
    """The pattern for one of its events alone."""
    if not isinstance(required, JsonPattern):
        return required
    if event.name == OTHER_EVENTS:
        return _and(
            required,
            *(Comparison(_EVENT_NAME, Operator.NE, Text(name)) for name in _words(required, _EVENT_NAME)),
        )
    return _and(required, _equal(_EVENT_NAME, event.name))
