"""Finds a JSON record that satisfies a conjunction of conditions, or proves that there is none.

A conjunction is a mapping from conditions to the polarity they must have. A record is a tree, so the conditions are
laid out as one: below a value that is missing, or is neither object nor array, everything is missing. For each node
the kinds of JSON value are tried in turn; on strings and numbers a condition is a set of texts, and `languages` decides
whether the sets meet.

Two strengths. WEAK asks for a record on which no condition has, for certain, the other answer: what AWS does not
document may turn out either way. STRONG asks for a record on which every answer is certain. Each condition therefore is
two sets, the texts on which it holds for certain and those on which it may hold.

`$.a[*]` and `$.a.*` select a set of values, the same for every condition with that selector, and a comparison holds
when it does for one of them. So each positive condition needs a value that satisfies it and no negative one. What `!=`
and NOT EXISTS mean there is not documented: they restrict nothing; a record found despite them is checked elsewhere.

Numbers are those in plain decimal notation of at most 15 digits (`languages.PlainNumber`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from typing import TypeAlias

from ..filter_pattern import (
    Answer,
    AnyElement,
    AnyField,
    Comparison,
    Constant,
    Index,
    Is,
    Leaf,
    Name,
    NotExists,
    Number,
    Operator,
    Regex,
    Selector,
    Step,
    Text,
)
from ..filter_pattern.automaton import automaton
from ..filter_pattern.json_pattern_matching import judge
from ..filter_pattern.json_value import MISSING, JsonNumber, JsonValue, Missing
from .languages import (
    NUMERALS,
    Automaton,
    Demand,
    EitherCase,
    EndsFirst,
    EndsWith,
    Exactly,
    Holds,
    Ordered,
    PlainNumber,
    StartsWith,
    TooMuchWork,
    Work,
    find,
)

__all__ = ["ANYTHING", "Domain", "Kind", "Outcome", "Solver", "Strength", "is_wild"]

Path: TypeAlias = tuple[Step, ...]
Literals: TypeAlias = Mapping[Leaf, bool]
MAX_INDEX = 1_000
MAX_DEPTH = 64
"""The steps of a selector and the indexes that are followed; beyond them a question exceeds the bound on the work."""


class Kind(Enum):
    """What a selector can find."""

    MISSING = "missing"
    STRING = "string"
    BOOLEAN = "boolean"
    NUMBER = "number"
    NULL = "null"
    OBJECT = "object"
    ARRAY = "array"


class Strength(Enum):
    """How certain a condition's answer has to be."""

    WEAK = "weak"
    STRONG = "strong"


class Outcome(Enum):
    """Why no record was found: there is none, or the search could not tell."""

    NONE = "none"
    DOUBT = "doubt"


@dataclass(frozen=True, slots=True)
class Domain:
    """What a field may hold: kinds; for strings a closed set, or a language (a regular expression for all of it).

    `examples` are realistic strings, tried first.
    """

    kinds: tuple[Kind, ...] = tuple(Kind)
    strings: frozenset[str] | None = None
    language: str | None = None
    booleans: tuple[bool, ...] = (True, False)
    examples: tuple[str, ...] = ()

    def admits(self, text: str) -> bool:
        if self.strings is not None:
            return text in self.strings
        if self.language is None:
            return True
        machine = automaton(self.language, whole=True)
        state = machine.start
        for char in text:
            state = machine.step(state, char)
        return machine.accepts(state)


ANYTHING = Domain()
_PRESENT = Domain(tuple(kind for kind in Kind if kind is not Kind.MISSING))


@dataclass(slots=True)
class _Node:
    """The conditions on one place of the record, and the places below it."""

    literals: dict[Leaf, bool] = field(default_factory=dict)
    children: dict[Step, _Node] = field(default_factory=dict)
    wild: dict[Step, list[tuple[Leaf, Path, bool]]] = field(default_factory=dict)
    """For `[*]` and `.*`: conditions, the steps behind the wildcard, and the polarity."""

    def below(self, steps: Path) -> _Node:
        node = self
        for step in steps:
            node = node.children.setdefault(step, _Node())
        return node

    @property
    def leads_on(self) -> bool:
        return bool(self.children or self.wild)


def is_wild(leaf: Leaf) -> bool:
    """Whether its selector has a wildcard."""
    return any(isinstance(step, (AnyField, AnyElement)) for step in leaf.selector.steps)


def _holds(leaf: Leaf, polarity: bool, value: JsonValue | Missing, strength: Strength) -> bool:
    """Whether the condition has the polarity on this value, for certain or possibly."""
    answer = judge(leaf, value)
    if answer is Answer.UNKNOWN:
        return strength is Strength.WEAK
    return (answer is Answer.MATCH) is polarity


def _tree(literals: Literals) -> _Node:
    root = _Node()
    for leaf, polarity in literals.items():
        steps = leaf.selector.steps
        wild = next((index for index, step in enumerate(steps) if isinstance(step, (AnyField, AnyElement))), None)
        if wild is None:
            root.below(steps).literals[leaf] = polarity
        elif not isinstance(leaf, NotExists) and not (isinstance(leaf, Comparison) and leaf.operator is Operator.NE):
            root.below(steps[:wild]).wild.setdefault(steps[wild], []).append((leaf, steps[wild + 1 :], polarity))
    return root


def _by_field(literals: Literals) -> dict[Name, dict[Leaf, bool]]:
    """The conditions by top-level field."""
    fields: dict[Name, dict[Leaf, bool]] = {}
    for leaf, polarity in literals.items():
        step = leaf.selector.steps[0]
        assert isinstance(step, Name)
        fields.setdefault(step, {})[leaf] = polarity
    return fields


class Solver:
    """Solves conjunctions over one model: what fields may hold, and a record that solutions shall be near to."""

    def __init__(self, domains: Mapping[Path, Domain], base: JsonValue, strength: Strength, work: Work) -> None:
        self._domains = domains
        self._base: dict[str, JsonValue] = base if isinstance(base, dict) else {}
        self._strength = strength
        self._work = work
        self._solved: dict[tuple[Name, frozenset[tuple[Leaf, bool]]], JsonValue | Missing | Outcome] = {}
        self._closed: dict[Path, list[Step]] = {}
        for path, domain in domains.items():
            if Kind.MISSING not in domain.kinds:
                self._closed.setdefault(path[:-1], []).append(path[-1])

    def record(self, literals: Literals) -> dict[str, JsonValue] | Outcome:
        """A record that satisfies the conditions. Raises `TooMuchWork`.

        Top-level fields have nothing to do with each other, so each is solved alone and remembered.
        """
        self._work.spend(1 + len(literals))
        if any(len(leaf.selector.steps) > MAX_DEPTH for leaf in literals):
            raise TooMuchWork
        if any(not isinstance(leaf.selector.steps[0], Name) for leaf in literals):
            return self._object(_tree(literals), (), self._base)
        result = dict(self._base)
        doubt = False
        for step, group in _by_field(literals).items():
            found = self._field(step, group)
            if found is Outcome.NONE:
                return Outcome.NONE
            if isinstance(found, Outcome):
                doubt = True
            elif isinstance(found, Missing):
                result.pop(step.key, None)
            else:
                result[step.key] = found
        return Outcome.DOUBT if doubt else result

    def cores(self, literals: Literals) -> Iterator[Literals]:
        """Of conditions that no record satisfies, smallest selections of which that is true too: one for each field."""
        if not all(isinstance(leaf.selector.steps[0], Name) for leaf in literals):
            yield self._core(literals)
            return
        for step, group in _by_field(literals).items():
            if self._field(step, group) is Outcome.NONE:
                yield self._core(group)

    def _core(self, group: Literals) -> Literals:
        core = dict(group)
        for leaf in group if len(group) > 2 else ():
            without = {other: polarity for other, polarity in core.items() if other != leaf}
            if self.record(without) is Outcome.NONE:
                core = without
        return core

    def _field(self, step: Name, group: Literals) -> JsonValue | Missing | Outcome:
        key = (step, frozenset(group.items()))
        if key not in self._solved:
            self._solved[key] = self._value(_tree(group).below((step,)), (step,), self._base.get(step.key, MISSING))
        return self._solved[key]

    # ------------------------------------------------------------------- places

    def _satisfies(self, node: _Node, value: JsonValue | Missing) -> bool:
        return all(_holds(leaf, polarity, value, self._strength) for leaf, polarity in node.literals.items())

    def _empty(self, node: _Node) -> bool:
        """Whether everything below may be missing."""
        if any(polarity for group in node.wild.values() for _, _, polarity in group):
            return False
        return all(self._satisfies(child, MISSING) and self._empty(child) for child in node.children.values())

    def _value(self, node: _Node, path: Path, base: JsonValue | Missing) -> JsonValue | Missing | Outcome:
        """A value for a place: the base's own if it will do."""
        if _both(node.literals, True):
            return Outcome.NONE
        domain = self._domains.get(path, ANYTHING)
        if not node.leads_on and self._satisfies(node, base) and (base is not MISSING or Kind.MISSING in domain.kinds):
            return base
        outcome = Outcome.NONE
        empty_below = self._empty(node)
        for kind in _kinds(domain, base):
            found: JsonValue | Missing | Outcome
            if kind in (Kind.OBJECT, Kind.ARRAY):
                found = self._container(kind, node, path, base)
            elif not empty_below:
                continue
            else:
                found = self._scalar(kind, node, domain)
            if not isinstance(found, Outcome):
                return found
            if found is Outcome.DOUBT:
                outcome = found
        return outcome

    def _container(self, kind: Kind, node: _Node, path: Path, base: JsonValue | Missing) -> JsonValue | Outcome:
        empty: JsonValue = {} if kind is Kind.OBJECT else []
        if not self._satisfies(node, empty):
            return Outcome.NONE
        return self._object(node, path, base) if kind is Kind.OBJECT else self._array(node, path)

    def _object(self, node: _Node, path: Path, base: JsonValue | Missing) -> dict[str, JsonValue] | Outcome:
        result: dict[str, JsonValue] = dict(base) if isinstance(base, dict) else {}
        extra = self._extra(node, AnyField(), path)
        if isinstance(extra, Outcome):
            return extra
        refused = [(leaf, rest) for leaf, rest, polarity in node.wild.get(AnyField(), ()) if not polarity]
        if refused:
            for key in result:
                node.below((Name(key),))
            for step in self._closed.get(path, ()):
                node.below((step,))
        doubt = False
        for step, child in node.children.items():
            if not isinstance(step, Name):
                if not (self._satisfies(child, MISSING) and self._empty(child)):
                    return Outcome.NONE
                continue
            found = self._value(_refusing(child, step, refused), (*path, step), result.get(step.key, MISSING))
            if found is Outcome.NONE:
                return Outcome.NONE
            if isinstance(found, Outcome):
                doubt = True
            elif isinstance(found, Missing):
                result.pop(step.key, None)
            else:
                result[step.key] = found
        for value in extra:
            names = (f"field{number}" for number in range(len(result) + len(extra) + len(node.children) + 1))
            result[next(name for name in names if name not in result and Name(name) not in node.children)] = value
        return Outcome.DOUBT if doubt else result

    def _extra(self, node: _Node, fitting: Step, path: Path) -> list[JsonValue] | Outcome:
        """A value for each positive condition under the wildcard: it satisfies the condition and no negative one."""
        extra: list[JsonValue] = []
        for step, group in node.wild.items():
            refused = [(leaf, rest) for leaf, rest, polarity in group if not polarity]
            for leaf, rest, polarity in group:
                if not polarity:
                    continue
                wanted = _Node()
                wanted.below(rest).literals[leaf] = True
                place = (*path, step)
                unmodelled = Solver({**self._domains, place: _PRESENT}, None, self._strength, self._work)
                found = unmodelled._value(_refusing(wanted, step, refused), place, MISSING)
                if isinstance(found, Outcome):
                    return found
                if step != fitting:  # `[*]` on an object, `.*` on an array: not documented
                    return Outcome.DOUBT
                assert not isinstance(found, Missing)
                extra.append(found)
        return extra

    def _array(self, node: _Node, path: Path) -> list[JsonValue] | Outcome:
        """The shortest array that will do: an index within it is present, one beyond it is missing."""
        indexes = {step.number: child for step, child in node.children.items() if isinstance(step, Index)}
        names = [child for step, child in node.children.items() if isinstance(step, Name)]
        if not all(self._satisfies(child, MISSING) and self._empty(child) for child in names):
            return Outcome.NONE
        extra = self._extra(node, AnyElement(), path)
        if isinstance(extra, Outcome):
            return extra
        if max(indexes, default=0) > MAX_INDEX:
            raise TooMuchWork
        refused = [(leaf, rest) for leaf, rest, polarity in node.wild.get(AnyElement(), ()) if not polarity]
        outcome = Outcome.NONE
        for length in sorted({0, *indexes, *(number + 1 for number in indexes)}):
            self._work.spend(1 + length)
            found = self._array_of(length, indexes, path, refused)
            if not isinstance(found, Outcome):
                if not extra or length > max(indexes, default=-1):
                    return found + extra
                found = Outcome.DOUBT
            if found is Outcome.DOUBT:
                outcome = found
        return outcome

    def _array_of(
        self, length: int, indexes: Mapping[int, _Node], path: Path, refused: Sequence[tuple[Leaf, Path]]
    ) -> list[JsonValue] | Outcome:
        for number, child in indexes.items():
            if number >= length and not (self._satisfies(child, MISSING) and self._empty(child)):
                return Outcome.NONE
        result: list[JsonValue] = []
        for number in range(length):
            place = (*path, Index(number))
            present = Solver({**self._domains, place: _PRESENT}, None, self._strength, self._work)
            child = _refusing(indexes.get(number, _Node()), Index(number), refused)
            found = present._value(child, place, None)
            if isinstance(found, Outcome):
                return found
            assert not isinstance(found, Missing)
            result.append(found)
        return result

    # ------------------------------------------------------------------- scalars

    def _scalar(self, kind: Kind, node: _Node, domain: Domain) -> JsonValue | Missing | Outcome:
        if kind is Kind.STRING and domain.strings is None:
            return self._string(node, domain)
        if kind is Kind.NUMBER:
            return self._number(node)
        candidates: Sequence[JsonValue | Missing] = ()
        match kind:
            case Kind.MISSING:
                candidates = (MISSING,)
            case Kind.NULL:
                candidates = (None,)
            case Kind.BOOLEAN:
                candidates = domain.booleans
            case Kind.STRING:
                candidates = sorted(domain.strings or ())
            case _:
                raise AssertionError(kind)
        return next((each for each in candidates if self._satisfies(node, each)), Outcome.NONE)

    def _string(self, node: _Node, domain: Domain) -> str | Outcome:
        if _both(node.literals, False) or len(_numbers_read(node.literals)) > 1:
            return Outcome.NONE
        for text in (*domain.examples, *_numerals(node.literals)):
            if domain.admits(text) and self._satisfies(node, text):
                return text
        demands = [] if domain.language is None else [Demand(automaton(domain.language, whole=True))]
        for leaf, polarity in node.literals.items():
            demand = self._demand(_on_strings(leaf), polarity)
            if demand is False:
                return Outcome.NONE
            demands += [demand] if isinstance(demand, Demand) else []
        found = find(demands, self._work)
        if found is None:
            return Outcome.NONE
        return found if self._satisfies(node, found) else Outcome.DOUBT

    def _number(self, node: _Node) -> JsonNumber | Outcome:
        if _both(node.literals, False):
            return Outcome.NONE
        demands = [Demand(_PLAIN_NUMBER)]
        for leaf, polarity in node.literals.items():
            demand = self._demand(_on_numbers(leaf), polarity)
            if demand is False:
                return Outcome.NONE
            demands += [demand] if isinstance(demand, Demand) else []
        found = find(demands, self._work, NUMERALS)
        if found is None:
            return Outcome.NONE
        return JsonNumber(found) if self._satisfies(node, JsonNumber(found)) else Outcome.DOUBT

    def _demand(self, texts: _Texts, polarity: bool) -> Demand | bool:
        """What a condition with a polarity demands of a text; True is nothing, False cannot be met."""
        certain = self._strength is Strength.STRONG
        texts_of = texts.surely if certain is polarity else texts.possibly
        if isinstance(texts_of, bool):
            return texts_of is polarity
        return Demand(texts_of.automaton, texts_of.inside is polarity)


_PLAIN_NUMBER = PlainNumber()


def _both(literals: Literals, polarity: bool) -> bool:
    """Whether `=` and `!=` with one operand are both to have this answer."""
    alike = {
        (leaf.operator, leaf.operand)
        for leaf, wanted in literals.items()
        if isinstance(leaf, Comparison) and wanted is polarity
    }
    return any((Operator.NE, operand) in alike for operator, operand in alike if operator is Operator.EQ)


def _kinds(domain: Domain, base: JsonValue | Missing) -> tuple[Kind, ...]:
    """The kinds to try: an object stays one if it can."""
    if isinstance(base, dict) and Kind.OBJECT in domain.kinds:
        return (Kind.OBJECT, *(kind for kind in domain.kinds if kind is not Kind.OBJECT))
    return domain.kinds


def _refusing(node: _Node, step: Step, refused: Sequence[tuple[Leaf, Path]]) -> _Node:
    """The node with the negative conditions of a wildcard, which hold for each value that the wildcard selects."""
    if not refused:
        return node
    result = _copy(node)
    for leaf, rest in refused:
        result.below(rest).literals[_instance(leaf, step, rest)] = False
    return result


def _copy(node: _Node) -> _Node:
    children = {step: _copy(child) for step, child in node.children.items()}
    return _Node(dict(node.literals), children, {step: list(group) for step, group in node.wild.items()})


def _instance(leaf: Leaf, step: Step, rest: Path) -> Leaf:
    """The condition with the wildcard replaced, so that it is not mistaken for the one on another value."""
    steps = leaf.selector.steps
    selector = Selector((*steps[: len(steps) - len(rest) - 1], step, *rest))
    match leaf:
        case Comparison():
            return Comparison(selector, leaf.operator, leaf.operand)
        case Is():
            return Is(selector, leaf.constant)
        case NotExists():
            return NotExists(selector)


# --------------------------------------------------------------------------- conditions as sets of texts


@dataclass(frozen=True, slots=True)
class _Texts:
    """The texts on which a condition holds for certain, and those on which it may: all (True), none, or a language."""

    surely: Demand | bool
    possibly: Demand | bool

    def __invert__(self) -> _Texts:
        return _Texts(_complement(self.possibly), _complement(self.surely))


def _complement(texts: Demand | bool) -> Demand | bool:
    return not texts if isinstance(texts, bool) else Demand(texts.automaton, not texts.inside)


def _exactly(language: Automaton) -> _Texts:
    return _Texts(Demand(language), Demand(language))


_NO_TEXT = _Texts(False, False)
_EVERY_TEXT = _Texts(True, True)
_UNKNOWN = _Texts(False, True)

_WHITE = r"[\x09-\x0d\x20]*"
_WITH_EXPONENT = _WHITE + r"[\+-]?[\d.]+[eE][\+-]?\d{1,9}" + _WHITE


def _reading_as(text: str) -> Demand:
    """Strings that read as the number of a literal; of those with an exponent all, for they are too many forms."""
    whole, _, fraction = format(abs(Decimal(text)), "f").partition(".")
    whole, fraction = whole.lstrip("0"), fraction.rstrip("0")
    sign = r"-" if Decimal(text) < 0 else r"\+?" if whole or fraction else r"[\+-]?"
    if fraction:
        forms = [rf"0*{whole}\.{fraction}0*"]
    elif whole:
        forms = [rf"0*{whole}", rf"0*{whole}\.0*"]
    else:
        forms = ["0+", r"0+\.0*", r"\.0+"]
    plain = [_WHITE + sign + form + _WHITE for form in forms]
    return Demand(automaton("|".join([*plain, _WITH_EXPONENT]), whole=True))


def _like(word: str) -> _Texts:
    """A word with a `*` at its start or end, on a string: `comparison.like`."""
    if word in ("*", "**"):
        return _EVERY_TEXT
    leading, trailing = word.startswith("*"), word.endswith("*")
    core = word[leading : len(word) - trailing]
    if leading and trailing:
        return _exactly(Holds(core))
    if trailing:
        return _exactly(StartsWith(core))
    if not leading:
        return _exactly(Exactly(core))
    return _Texts(Demand(EndsFirst(core)), Demand(EndsWith(core)))


def _on_strings(leaf: Leaf) -> _Texts:
    """`json_pattern_matching.judge` for all strings at once."""
    match leaf:
        case NotExists() | Is(constant=Constant.NULL):
            return _NO_TEXT
        case Is():
            return _Texts(False, Demand(EitherCase(leaf.constant.value.lower())))
        case Comparison(operand=Number(text)):
            texts = _Texts(False, _reading_as(text) if _writable(text) else True)
        case Comparison(operand=Regex(source)):
            texts = _exactly(automaton(source))
        case Comparison(operand=Text(word, documented)):
            texts = _like(word) if documented else _UNKNOWN
    return ~texts if leaf.operator is Operator.NE else texts


def _writable(text: str) -> bool:
    """Whether a double holds the number without loss."""
    number = Decimal(text)
    return len(number.as_tuple().digits) <= 15 and number.adjusted() in range(-300, 300)


_SIGNS = {
    Operator.EQ: (0,),
    Operator.NE: (0,),
    Operator.LT: (-1,),
    Operator.LE: (-1, 0),
    Operator.GT: (1,),
    Operator.GE: (0, 1),
}


def _on_numbers(leaf: Leaf) -> _Texts:
    """`json_pattern_matching.judge` for all plain numbers at once."""
    match leaf:
        case NotExists() | Is():
            return _NO_TEXT
        case Comparison(operand=Regex(source)):
            texts = _Texts(False, Demand(automaton(source)))
        case Comparison(operand=Number(text)):
            if not _writable(text):
                return _UNKNOWN
            texts = _exactly(Ordered(Decimal(text), frozenset(_SIGNS[leaf.operator])))
        case Comparison(operand=Text(word, documented)):
            texts = _like_number(word) if documented else _UNKNOWN
    return ~texts if leaf.operator is Operator.NE else texts


def _like_number(word: str) -> _Texts:
    """A word on a number's text, where a `*` in the middle is literal or not."""
    if word == "*":
        return _EVERY_TEXT
    if set(word) == {"*"}:
        return _UNKNOWN
    if "*" not in word.strip("*") and not (word.startswith("**") or word.endswith("**")):
        return _like(word)
    if re.search(r"[^0-9.*-]", word):
        return _NO_TEXT
    digits = re.sub(r"\*+", "[0-9.-]*", word.replace(".", r"\."))
    return _Texts(False, Demand(automaton(digits, whole=True)))


def _numbers_read(literals: Literals) -> set[Decimal]:
    """The numbers that a string would have to read as for the conditions to hold."""
    return {
        Decimal(leaf.operand.text)
        for leaf, polarity in literals.items()
        if isinstance(leaf, Comparison) and isinstance(leaf.operand, Number) and _writable(leaf.operand.text)
        if polarity is not (leaf.operator is Operator.NE)
    }


def _numerals(literals: Literals) -> Iterator[str]:
    """The numbers that strings are compared with, for they may equal them."""
    for leaf in literals:
        if isinstance(leaf, Comparison) and isinstance(leaf.operand, Number):
            yield leaf.operand.text
