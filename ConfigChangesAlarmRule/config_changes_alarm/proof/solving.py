"""Finds a JSON record that satisfies a conjunction of conditions, or proves that there is none.

A conjunction is a mapping from conditions to the polarity they must have. A record is a tree, so the conditions are
laid out as one: below a value that is missing, or is neither object nor array, everything is missing. For each node
the kinds of JSON value are tried in turn; `scalars` decides on those without parts.

`$.a[*]` and `$.a.*` select a set of values, the same for every condition with that selector, and a comparison holds
when it does for one of them. So each positive condition needs a value that satisfies it and no negative one. What `!=`
and NOT EXISTS mean there is not documented: they restrict nothing; a record found despite them is checked elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import count
from typing import TYPE_CHECKING

from ..filter_pattern import AnyElement, AnyField, Index, Leaf, Name, Step
from ..filter_pattern.json_value import MISSING, JsonValue, Missing
from .certainty import Literals, Outcome, Strength, satisfies
from .condition_tree import Node, by_field, refusing, tree
from .record_model import ANYTHING, PRESENT, Domain, Kind, Path
from .work import TooMuchWork, Work

if TYPE_CHECKING:
    from .scalars import ScalarSolver

__all__ = ["Solver"]

MAX_INDEX = 1_000
MAX_DEPTH = 64
"""The steps of a selector and the indexes that are followed; beyond them a question exceeds the bound on the work."""


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

    @cached_property
    def _scalars(self) -> ScalarSolver:
        """Most conjunctions fall to pieces before a value without parts is looked for."""
        from .scalars import ScalarSolver

        return ScalarSolver(self._strength, self._work)

    def record(self, literals: Literals) -> dict[str, JsonValue] | Outcome:
        """A record that satisfies the conditions. Raises `TooMuchWork`.

        Top-level fields have nothing to do with each other, so each is solved alone and remembered.
        """
        self._work.spend(1 + len(literals))
        if any(len(leaf.selector.steps) > MAX_DEPTH for leaf in literals):
            raise TooMuchWork
        if any(not isinstance(leaf.selector.steps[0], Name) for leaf in literals):
            return self._object(tree(literals), (), self._base)
        result = dict(self._base)
        doubt = False
        for step, group in by_field(literals).items():
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
        for step, group in by_field(literals).items():
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
            self._solved[key] = self._value(tree(group).below((step,)), (step,), self._base.get(step.key, MISSING))
        return self._solved[key]

    # ------------------------------------------------------------------- places

    def _satisfies(self, node: Node, value: JsonValue | Missing) -> bool:
        return satisfies(node.literals, value, self._strength)

    def _empty(self, node: Node) -> bool:
        """Whether everything below may be missing."""
        if any(polarity for group in node.wild.values() for _, _, polarity in group):
            return False
        return all(self._may_lack(child) for child in node.children.values())

    def _value(
        self, node: Node | None, path: Path, base: JsonValue | Missing, domain: Domain | None = None
    ) -> JsonValue | Missing | Outcome:
        """A value for a place: the base's own if it will do. No node is a contradiction."""
        if node is None:
            return Outcome.NONE
        self._work.spend(6 + len(node.literals) // 4)
        domain = domain or self._domains.get(path, ANYTHING)
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
                found = self._scalars.value(kind, node.literals, domain)
            if not isinstance(found, Outcome):
                return found
            if found is Outcome.DOUBT:
                outcome = found
        return outcome

    def _container(self, kind: Kind, node: Node, path: Path, base: JsonValue | Missing) -> JsonValue | Outcome:
        empty: JsonValue = {} if kind is Kind.OBJECT else []
        if not self._satisfies(node, empty):
            return Outcome.NONE
        return self._object(node, path, base) if kind is Kind.OBJECT else self._array(node, path)

    def _object(self, node: Node, path: Path, base: JsonValue | Missing) -> dict[str, JsonValue] | Outcome:
        result: dict[str, JsonValue] = dict(base) if isinstance(base, dict) else {}
        refused = _refused(node, AnyField())
        if refused:
            for key in result:
                node.below((Name(key),))
            for step in self._closed.get(path, ()):
                node.below((step,))
        doubt = False
        for step, child in node.children.items():
            if not isinstance(step, Name):
                if not self._may_lack(child):
                    return Outcome.NONE
                continue
            self._work.spend(2 + 2 * len(refused))
            found = self._value(refusing(child, step, refused), (*path, step), result.get(step.key, MISSING))
            if found is Outcome.NONE:
                return Outcome.NONE
            if isinstance(found, Outcome):
                doubt = True
            elif isinstance(found, Missing):
                result.pop(step.key, None)
            else:
                result[step.key] = found
        extra = self._extra(node, AnyField(), path)
        if isinstance(extra, Outcome):
            return extra
        names = (f"field{number}" for number in count())
        for value in extra:
            result[next(name for name in names if name not in result and Name(name) not in node.children)] = value
        return Outcome.DOUBT if doubt else result

    def _extra(self, node: Node, fitting: Step, path: Path) -> list[JsonValue] | Outcome:
        """A value for each positive condition under the wildcard: it satisfies the condition and no negative one."""
        extra: list[JsonValue] = []
        doubt = False
        for step, group in node.wild.items():
            refused = _refused(node, step)
            for leaf, rest, polarity in group:
                if not polarity:
                    continue
                self._work.spend(1 + len(refused))
                wanted = Node()
                wanted.below(rest).literals[leaf] = True
                found = self._value(refusing(wanted, step, refused), (*path, step), MISSING, PRESENT)
                if found is Outcome.NONE:
                    return Outcome.NONE
                if isinstance(found, (Outcome, Missing)) or step != fitting:
                    doubt = True  # `[*]` on an object and `.*` on an array are not documented
                else:
                    extra.append(found)
        return Outcome.DOUBT if doubt else extra

    def _array(self, node: Node, path: Path) -> list[JsonValue] | Outcome:
        """The shortest array that will do: an index within it is present, one beyond it is missing."""
        indexes = {step.number: child for step, child in node.children.items() if isinstance(step, Index)}
        names = [child for step, child in node.children.items() if isinstance(step, Name)]
        if not all(self._may_lack(child) for child in names):
            return Outcome.NONE
        if max(indexes, default=0) > MAX_INDEX:
            raise TooMuchWork
        refused = _refused(node, AnyElement())
        outcome = Outcome.NONE
        found: list[JsonValue] | Outcome
        self._work.spend(1 + len(indexes))
        present = [number for number, child in indexes.items() if not self._may_lack(child)]
        least = max(present, default=-1) + 1
        for length in sorted({0, *indexes, *(number + 1 for number in indexes)}):
            if length < least:
                continue
            found = self._array_of(length, indexes, path, refused)
            if not isinstance(found, Outcome):
                extra = self._extra(node, AnyElement(), path)
                if isinstance(extra, Outcome):
                    return extra
                if not extra or length > max(indexes, default=-1):
                    return found + extra
                found = Outcome.DOUBT
            if found is Outcome.DOUBT:
                outcome = found
        return outcome

    def _array_of(
        self, length: int, indexes: Mapping[int, Node], path: Path, refused: Sequence[tuple[Leaf, Path]]
    ) -> list[JsonValue] | Outcome:
        """An array of this length, which the indexes beyond it allow; elements of which nothing is asked are alike."""
        self._work.spend(1 + length)
        filling = self._value(refusing(Node(), AnyElement(), refused), (*path, AnyElement()), None, PRESENT)
        result: list[JsonValue | Missing | Outcome] = [filling] * length
        for number, child in indexes.items():
            if number < length:
                self._work.spend(2 + 2 * len(refused))
                wanted = refusing(child, Index(number), refused)
                result[number] = self._value(wanted, (*path, Index(number)), None, PRESENT)
                if result[number] is Outcome.NONE:
                    return Outcome.NONE
        if Outcome.NONE in result:
            return Outcome.NONE
        if Outcome.DOUBT in result:
            return Outcome.DOUBT
        return [each for each in result if not isinstance(each, (Missing, Outcome))]

    def _may_lack(self, child: Node) -> bool:
        """Whether nothing need be at the place."""
        return self._satisfies(child, MISSING) and self._empty(child)


def _refused(node: Node, step: Step) -> list[tuple[Leaf, Path]]:
    """The negative conditions under a wildcard."""
    return [(leaf, rest) for leaf, rest, polarity in node.wild.get(step, ()) if not polarity]


def _kinds(domain: Domain, base: JsonValue | Missing) -> tuple[Kind, ...]:
    """The kinds to try: an object stays one if it can."""
    if isinstance(base, dict) and Kind.OBJECT in domain.kinds:
        return (Kind.OBJECT, *(kind for kind in domain.kinds if kind is not Kind.OBJECT))
    return domain.kinds
