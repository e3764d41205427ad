"""Conditions laid out as the tree that a record is: for each place those on it, and the places below it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ..filter_pattern import AnyElement, AnyField, Comparison, Is, Leaf, Name, NotExists, Operator, Selector, Step
from .certainty import Literals
from .record_model import Path

__all__ = ["Node", "by_field", "is_wild", "refusing", "tree"]


@dataclass(slots=True)
class Node:
    """The conditions on one place of the record, and the places below it."""

    literals: dict[Leaf, bool] = field(default_factory=dict)
    children: dict[Step, Node] = field(default_factory=dict)
    wild: dict[Step, list[tuple[Leaf, Path, bool]]] = field(default_factory=dict)
    """For `[*]` and `.*`: conditions, the steps behind the wildcard, and the polarity."""

    def below(self, steps: Path) -> Node:
        node = self
        for step in steps:
            node = node.children.setdefault(step, Node())
        return node

    @property
    def leads_on(self) -> bool:
        return bool(self.children or self.wild)


def is_wild(leaf: Leaf) -> bool:
    """Whether its selector has a wildcard."""
    return any(isinstance(step, (AnyField, AnyElement)) for step in leaf.selector.steps)


def tree(literals: Literals) -> Node:
    """The tree of a conjunction. `!=` and NOT EXISTS under a wildcard are left out: not documented."""
    root = Node()
    for leaf, polarity in literals.items():
        steps = leaf.selector.steps
        wild = next((index for index, step in enumerate(steps) if isinstance(step, (AnyField, AnyElement))), None)
        if wild is None:
            root.below(steps).literals[leaf] = polarity
        elif not isinstance(leaf, NotExists) and not (isinstance(leaf, Comparison) and leaf.operator is Operator.NE):
            root.below(steps[:wild]).wild.setdefault(steps[wild], []).append((leaf, steps[wild + 1 :], polarity))
    return root


def by_field(literals: Literals) -> dict[Name, dict[Leaf, bool]]:
    """The conditions by top-level field."""
    fields: dict[Name, dict[Leaf, bool]] = {}
    for leaf, polarity in literals.items():
        step = leaf.selector.steps[0]
        assert isinstance(step, Name)
        fields.setdefault(step, {})[leaf] = polarity
    return fields


def refusing(node: Node, step: Step, refused: Sequence[tuple[Leaf, Path]]) -> Node | None:
    """The node with the negative conditions of a wildcard, which hold for each value that the wildcard selects.

    None where one of them is asked for: it has one answer on one value, whichever selector has found it.
    """
    if not refused:
        return node
    result = _copy(node)
    for leaf, rest in refused:
        if result.below(rest).literals.setdefault(_instance(leaf, step, rest), False):
            return None
    return result


def _copy(node: Node) -> Node:
    children = {step: _copy(child) for step, child in node.children.items()}
    return Node(dict(node.literals), children, {step: list(group) for step, group in node.wild.items()})


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
