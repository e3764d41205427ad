"""Does a composite alarm go to ALARM when one of its children does?

A child takes its composite to ALARM if the rule is true with the child in ALARM, whatever state the others are in, and
false with the child at rest and the others as they are now: actions run only when the state changes.

Source: CloudWatch user guide, "Composite alarms".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Self, assert_never

from ..findings import FindingId
from ..resources import AlarmListing, Arn, CompositeAlarm, MalformedArn, MetricAlarm
from ..truth import Truth
from .alarm_rule import (
    AlarmRule,
    AlarmRuleSyntaxError,
    AtLeast,
    Constant,
    InState,
    Joined,
    Not,
    parse_rule,
    references,
)
from .alarm_rule_outcome import States, outcome
from .alarm_state import State, stuck
from .silence import Silent, silent

__all__ = ["AlarmGraph", "Propagates", "carriers", "propagates"]

MAX_DEPTH, MAX_CARRIERS = 5, 50
"""How far composite alarms over composite alarms are followed, and how many ways up."""


@dataclass(frozen=True, slots=True)
class Propagates:
    """The child entering ALARM takes the composites there."""


def _named(alarm: str, composite: CompositeAlarm) -> str:
    """The name of an alarm that a rule refers to by name or ARN; an ARN of elsewhere stays one."""
    try:
        arn = Arn.parse(alarm)
    except MalformedArn:
        return alarm
    here = (arn.service, arn.account_id, arn.region) == (
        "cloudwatch",
        composite.place.account_id,
        composite.place.region,
    )
    return arn.resource.removeprefix("alarm:") if here else alarm


def _by_name(rule: AlarmRule, composite: CompositeAlarm) -> AlarmRule:
    """The rule with names for ARNs, so that one alarm is one variable."""
    match rule:
        case InState():
            return InState(rule.state, _named(rule.alarm, composite))
        case AtLeast():
            alarms = tuple(_named(alarm, composite) for alarm in rule.alarms)
            return AtLeast(rule.number, rule.percent, rule.state, rule.inverted, alarms)
        case Constant():
            return rule
        case Not():
            return Not(_by_name(rule.operand, composite))
        case Joined():
            return Joined(tuple(_by_name(operand, composite) for operand in rule.operands), rule.connectives)
        case _:
            assert_never(rule)


@dataclass(frozen=True, slots=True)
class AlarmGraph:
    """The alarms of a Region as their rules connect them, each rule read once.

    `parents` are, by the name of an alarm, the composites whose rules name it, in the listing's `order`. One whose rule
    is `unreadable` may be above any alarm whose name occurs in it. `states` are those that are known now.
    """

    composites: Mapping[str, CompositeAlarm]
    rules: Mapping[str, AlarmRule | AlarmRuleSyntaxError]
    parents: Mapping[str, tuple[CompositeAlarm, ...]]
    unreadable: tuple[CompositeAlarm, ...]
    order: Mapping[str, int]
    states: States

    @classmethod
    def of(cls, listing: AlarmListing) -> Self:
        composites = {each.alarm_name: each for each in listing.composite_alarms}
        rules = {name: _read(each) for name, each in composites.items()}
        parents: dict[str, list[CompositeAlarm]] = {}
        for name, rule in rules.items():
            for child in () if isinstance(rule, AlarmRuleSyntaxError) else _children(rule):
                parents.setdefault(child, []).append(composites[name])
        alarms: tuple[MetricAlarm | CompositeAlarm, ...] = (*listing.metric_alarms, *listing.composite_alarms)
        return cls(
            composites,
            rules,
            {child: tuple(above) for child, above in parents.items()},
            tuple(each for name, each in composites.items() if isinstance(rules[name], AlarmRuleSyntaxError)),
            {name: number for number, name in enumerate(composites)},
            {each.alarm_name: (State(each.state_value),) for each in alarms if each.state_value in tuple(State)},
        )

    def above(self, name: str) -> tuple[CompositeAlarm, ...]:
        """The composites whose rules name the alarm, or may, in the listing's order."""
        may = [
            each for each in self.unreadable if name in each.alarm_rule or name.replace('"', '\\"') in each.alarm_rule
        ]
        found = self.parents.get(name, ())
        return tuple(sorted((*found, *may), key=lambda each: self.order[each.alarm_name])) if may else found

    def rule(self, composite: CompositeAlarm) -> AlarmRule:
        """Raises `AlarmRuleSyntaxError`."""
        rule = self.rules[composite.alarm_name]
        if isinstance(rule, AlarmRuleSyntaxError):
            raise rule
        return rule


def _read(composite: CompositeAlarm) -> AlarmRule | AlarmRuleSyntaxError:
    try:
        return _by_name(parse_rule(composite.alarm_rule), composite)
    except AlarmRuleSyntaxError as error:
        return error


def _children(rule: AlarmRule) -> tuple[str, ...]:
    """The alarms that it names, each once."""
    return tuple(dict.fromkeys(name for _, name in references(rule)))


def carriers(child: MetricAlarm, graph: AlarmGraph) -> tuple[tuple[CompositeAlarm, ...], ...]:
    """The ways up from an alarm over composite alarms to one with an action, the shortest first."""
    found: list[tuple[CompositeAlarm, ...]] = []
    level: list[tuple[CompositeAlarm, ...]] = [()]
    for _ in range(MAX_DEPTH):
        longer = (
            (*way, composite)
            for way in level
            for composite in graph.above(way[-1].alarm_name if way else child.alarm_name)
            if composite not in way
        )
        level = list(islice(longer, MAX_CARRIERS))
        found += [way for way in level if way[-1].alarm_actions]
    return tuple(found[:MAX_CARRIERS])


def propagates(
    child: MetricAlarm, way: Sequence[CompositeAlarm], graph: AlarmGraph, now: datetime, returns_after: int
) -> Propagates | Silent:
    """Whether the child in ALARM takes each composite of the way to ALARM, the last of which has the action.

    `returns_after` is how many seconds one event keeps the child in ALARM. A suppressor holds back the actions of its
    own composite only, not its state.
    """
    last = way[-1]
    if last.actions_suppressor is not None:
        return silent(FindingId.COMPOSITE_SUPPRESSED, last, last.actions_suppressor)
    if (circle := _circle(last, graph)) is not None:
        return circle
    names = (child.alarm_name, *(composite.alarm_name for composite in way))
    for number, composite in enumerate(way, 1):
        below = names[:number]
        broken = _unmoved(composite, below, graph) or stuck(composite, returns_after, now)
        if broken is not None:
            return broken
    return Propagates()


def _unmoved(composite: CompositeAlarm, below: Sequence[str], graph: AlarmGraph) -> Silent | None:
    """What keeps a composite from going to ALARM when the alarms below it on the way do."""
    rule = graph.rule(composite)
    if outcome(rule, dict.fromkeys(below, (State.ALARM,))) is not Truth.YES:
        return silent(FindingId.COMPOSITE_UNPROVABLE, composite, f"its rule is {composite.alarm_rule}")
    rest = dict.fromkeys(below, (State.OK, State.INSUFFICIENT_DATA))
    now = {name: graph.states[name] for name in _children(rule) if name in graph.states}
    match outcome(rule, {**now, **rest}):
        case Truth.NO:
            return None
        case Truth.YES:
            return silent(FindingId.COMPOSITE_HELD, composite, _holder(composite, rule, now, rest))
        case Truth.UNKNOWN:
            others = (f"{state}({name})" for state, name in references(rule) if name not in {**now, **rest})
            if (other := next(others, None)) is not None:
                return silent(FindingId.COMPOSITE_UNPROVABLE, composite, f"whether {other} holds is not known")
            detail = f"its rule {composite.alarm_rule} may hold with {below[-1]} at rest"
            return silent(FindingId.COMPOSITE_UNPROVABLE, composite, detail)


def _holder(composite: CompositeAlarm, rule: AlarmRule, now: States, rest: States) -> str:
    """What holds the composite in ALARM: another alarm, without whose present state the rule would not hold."""
    case = {**now, **rest}
    for name in dict.fromkeys(name for _, name in references(rule) if name not in rest):
        (state,) = now.get(name, (None,))
        case[name] = tuple(other for other in State if other is not state)
        if state is not None and outcome(rule, case) is not Truth.YES:
            return f"{state}({name}) holds now"
    return f"its rule {composite.alarm_rule} holds with {' and '.join(rest)} at rest"


def _circle(top: CompositeAlarm, graph: AlarmGraph) -> Silent | None:
    """CloudWatch stops evaluating a composite whose rule leads back to where it came from."""
    composites = graph.composites
    way: list[str] = []
    done: set[str] = set()
    pending = [top.alarm_name]
    while pending:
        name = pending[-1]
        if name in done or name not in composites or (way and way[-1] == name):
            pending.pop()
            done.add(name)
            if way and way[-1] == name:
                way.pop()
            continue
        way.append(name)
        try:
            children = _children(graph.rule(composites[name]))
        except AlarmRuleSyntaxError as error:
            return silent(FindingId.COMPOSITE_UNPROVABLE, composites[name], f"its rule cannot be read: {error}")
        back = next((child for child in children if child in way), None)
        if back is not None:
            circle = " -> ".join((*way[way.index(back) :], back))
            return silent(FindingId.COMPOSITE_UNPROVABLE, top, f"its rule leads to a circle: {circle}")
        pending += children
    return None
