"""The rules of composite alarms: does a composite alarm go to ALARM when one of its children does?

    rule     := operand (('AND' | 'OR') operand)*
    operand  := 'NOT' operand | '(' rule ')' | 'TRUE' | 'FALSE' | STATE '(' alarm ')'
              | 'AT_LEAST' '(' (INT | INT '%') ',' ['NOT'] STATE ',' '(' alarm (',' alarm)* ')' ')'
    STATE    := 'ALARM' | 'OK' | 'INSUFFICIENT_DATA'
    alarm    := '"' text '"', with backslash-quote for a quote, or text without space, bracket or comma

(CloudWatch user guide, "Composite alarms"; API reference, PutCompositeAlarm, AlarmRule.) AWS does not say whether AND
binds tighter than OR: where they stand side by side without parentheses, a rule holds only if it does either way.

A child takes its composite to ALARM if the rule is true with the child in ALARM, whatever state the others are in, and
false with the child at rest and the others as they are now: actions run only when the state changes. Both are decided
by cases, within a bound; what exceeds it is not known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias, assert_never

from ..findings import FindingId, Reason
from ..resources import AlarmListing, Arn, CompositeAlarm, MalformedArn, MetricAlarm
from ..truth import Truth, every, negated, some, truth
from .metric_alarm import Silent, stuck

__all__ = [
    "AlarmRule",
    "AlarmRuleSyntaxError",
    "AtLeast",
    "Connective",
    "Constant",
    "InState",
    "Joined",
    "Not",
    "Propagates",
    "State",
    "carriers",
    "outcome",
    "parse_rule",
    "propagates",
]

MAX_CASES = 1_000
"""Combinations of states looked at before a question about a rule is given up."""

MAX_NESTING = 100
"""Brackets and NOT inside each other. AWS takes 500 elements in all, so that nobody writes as many."""

MAX_DEPTH, MAX_CARRIERS = 5, 50
"""How far composite alarms over composite alarms are followed, and how many ways up."""


class State(StrEnum):
    """The states of an alarm."""

    ALARM = "ALARM"
    OK = "OK"
    INSUFFICIENT_DATA = "INSUFFICIENT_DATA"


class Connective(StrEnum):
    """What joins the operands of a rule."""

    AND = "AND"
    OR = "OR"


# --------------------------------------------------------------------------- syntax tree


@dataclass(frozen=True, slots=True)
class InState:
    """`ALARM("name")`: the alarm, by name or ARN as written, is in the state."""

    state: State
    alarm: str


@dataclass(frozen=True, slots=True)
class AtLeast:
    """So many of the alarms, or so many in a hundred, are in the state; or, `inverted`, are not."""

    number: int
    percent: bool
    state: State
    inverted: bool
    alarms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Constant:
    """`TRUE` or `FALSE`."""

    value: bool


@dataclass(frozen=True, slots=True)
class Not:
    """`NOT operand`."""

    operand: AlarmRule


@dataclass(frozen=True, slots=True)
class Joined:
    """Two or more operands, with a connective between each and the next."""

    operands: tuple[AlarmRule, ...]
    connectives: tuple[Connective, ...]


AlarmRule: TypeAlias = InState | AtLeast | Constant | Not | Joined


def _references(rule: AlarmRule) -> Iterator[tuple[State, str]]:
    """Every alarm that a rule names, with the state it asks for, in the rule's order."""
    match rule:
        case InState():
            yield rule.state, rule.alarm
        case AtLeast():
            yield from ((rule.state, alarm) for alarm in rule.alarms)
        case Constant():
            return
        case Not():
            yield from _references(rule.operand)
        case Joined():
            for operand in rule.operands:
                yield from _references(operand)
        case _:
            assert_never(rule)


# --------------------------------------------------------------------------- parser


class AlarmRuleSyntaxError(Exception):
    """A rule is not what CloudWatch documents. `position` counts characters from 0."""

    def __init__(self, message: str, position: int) -> None:
        self.message = message
        self.position = position
        super().__init__(f"{message} at character {position + 1}")


_TOKEN = re.compile(r'\s*(?:(?P<quoted>"(?:[^"\\]|\\.)*")|(?P<mark>[(),])|(?P<word>[^\s(),"]+))')
_END = ""


class _Tokens:
    """The rule's tokens: a mark, a quoted name with its quotes, or a word; at last the empty text."""

    def __init__(self, source: str) -> None:
        self.found: list[tuple[str, int]] = []
        position = 0
        while source[position:].strip():
            match = _TOKEN.match(source, position)
            if match is None:
                start = len(source) - len(source[position:].lstrip())
                raise AlarmRuleSyntaxError("a quoted alarm name has no end", start)
            self.found.append((match.group(match.lastgroup or 0), match.start(match.lastgroup or 0)))
            position = match.end()
        self.found.append((_END, len(source)))
        self.next = 0
        self.depth = 0

    def peek(self) -> str:
        return self.found[self.next][0]

    def take(self) -> str:
        self.next += 1
        return self.found[self.next - 1][0]

    def expect(self, mark: str) -> None:
        if self.peek() != mark:
            raise self.error(f"expected {mark!r}" if mark else "expected AND, OR or the end")
        self.take()

    def error(self, message: str) -> AlarmRuleSyntaxError:
        found = self.peek()
        return AlarmRuleSyntaxError(f"{message}, found {found or 'the end'}", self.found[self.next][1])


def parse_rule(source: str) -> AlarmRule:
    """Raises `AlarmRuleSyntaxError`."""
    tokens = _Tokens(source)
    rule = _parse_rule(tokens)
    tokens.expect(_END)
    return rule


def _parse_rule(tokens: _Tokens) -> AlarmRule:
    operands, connectives = [_parse_operand(tokens)], []
    while tokens.peek() in tuple(Connective):
        connectives.append(Connective(tokens.take()))
        operands.append(_parse_operand(tokens))
    return Joined(tuple(operands), tuple(connectives)) if connectives else operands[0]


def _parse_operand(tokens: _Tokens) -> AlarmRule:
    """One level deeper than its caller: every function over a rule descends as far."""
    tokens.depth += 1
    if tokens.depth > MAX_NESTING:
        raise tokens.error(f"more than {MAX_NESTING} brackets and NOT inside each other")
    operand = _parse_innermost(tokens)
    tokens.depth -= 1
    return operand


def _parse_innermost(tokens: _Tokens) -> AlarmRule:
    match tokens.peek():
        case "NOT":
            tokens.take()
            return Not(_parse_operand(tokens))
        case "(":
            tokens.take()
            rule = _parse_rule(tokens)
            tokens.expect(")")
            return rule
        case "TRUE" | "FALSE":
            return Constant(tokens.take() == "TRUE")
        case "AT_LEAST":
            return _parse_at_least(tokens)
        case _:
            state = _parse_state(tokens)
            tokens.expect("(")
            alarm = _parse_alarm(tokens)
            tokens.expect(")")
            return InState(state, alarm)


def _parse_state(tokens: _Tokens) -> State:
    if tokens.peek() not in tuple(State):
        raise tokens.error("expected ALARM, OK, INSUFFICIENT_DATA, AT_LEAST, NOT, TRUE, FALSE or '('")
    return State(tokens.take())


def _parse_alarm(tokens: _Tokens) -> str:
    word = tokens.peek()
    if not word or word in "(),":
        raise tokens.error("expected an alarm's name or ARN")
    tokens.take()
    return re.sub(r"\\(.)", r"\1", word[1:-1]) if word.startswith('"') else word


def _parse_at_least(tokens: _Tokens) -> AtLeast:
    """`AT_LEAST(2, ALARM, (a, b, c))`, `AT_LEAST(50%, NOT OK, (a, b))`."""
    tokens.take()
    tokens.expect("(")
    amount = re.fullmatch(r'"?(\d{1,3})(%?)"?', tokens.peek(), re.ASCII)
    if amount is None:
        raise tokens.error("expected a number or a percentage")
    tokens.take()
    tokens.expect(",")
    inverted = tokens.peek() == "NOT"
    if inverted:
        tokens.take()
    state = _parse_state(tokens)
    tokens.expect(",")
    tokens.expect("(")
    alarms = [_parse_alarm(tokens)]
    while tokens.peek() == ",":
        tokens.take()
        alarms.append(_parse_alarm(tokens))
    tokens.expect(")")
    tokens.expect(")")
    return AtLeast(int(amount[1]), amount[2] == "%", state, inverted, tuple(alarms))


# --------------------------------------------------------------------------- semantics

States: TypeAlias = Mapping[str, tuple[State, ...]]
"""The states that each alarm may be in; one that is not among them may be in any."""

_ANY_STATE = tuple(State)


def _holds(rule: AlarmRule, states: States) -> Truth:
    """Whether the rule is true, as far as each operand by itself tells."""
    match rule:
        case InState():
            return _in_state(rule.state, states.get(rule.alarm, _ANY_STATE))
        case AtLeast():
            return _at_least(rule, states)
        case Constant():
            return truth(rule.value)
        case Not():
            return negated(_holds(rule.operand, states))
        case Joined():
            return _joined(rule, [_holds(operand, states) for operand in rule.operands])
        case _:
            assert_never(rule)


def _in_state(state: State, possible: tuple[State, ...]) -> Truth:
    return Truth.UNKNOWN if state in possible and len(possible) > 1 else truth(state in possible)


def _at_least(rule: AtLeast, states: States) -> Truth:
    answers = [_in_state(rule.state, states.get(alarm, _ANY_STATE)) for alarm in rule.alarms]
    if rule.inverted:
        answers = [negated(answer) for answer in answers]
    needed = rule.number * len(answers) if rule.percent else rule.number * 100
    surely = answers.count(Truth.YES) * 100
    possibly = surely + answers.count(Truth.UNKNOWN) * 100
    return Truth.YES if surely >= needed else Truth.NO if possibly < needed else Truth.UNKNOWN


def _joined(rule: Joined, answers: Sequence[Truth]) -> Truth:
    """With one kind of connective there is one reading, else AND binding tighter, OR binding tighter, left to right."""
    readings = {
        _grouped(answers, rule.connectives, Connective.AND),
        _grouped(answers, rule.connectives, Connective.OR),
        _left_to_right(answers, rule.connectives),
    }
    return readings.pop() if len(readings) == 1 else Truth.UNKNOWN


def _grouped(answers: Sequence[Truth], connectives: Sequence[Connective], tighter: Connective) -> Truth:
    groups = [[answers[0]]]
    for connective, answer in zip(connectives, answers[1:], strict=True):
        if connective is tighter:
            groups[-1].append(answer)
        else:
            groups.append([answer])
    inner, outer = (every, some) if tighter is Connective.AND else (some, every)
    return outer(inner(group) for group in groups)


def _left_to_right(answers: Sequence[Truth], connectives: Sequence[Connective]) -> Truth:
    held = answers[0]
    for connective, answer in zip(connectives, answers[1:], strict=True):
        held = (every if connective is Connective.AND else some)((held, answer))
    return held


def outcome(rule: AlarmRule, states: States) -> Truth:
    """Whether the rule is true in every case that the states leave open, or in none; else, or past the bound, UNKNOWN.

    Exact by cases: an alarm is in one state at a time, so `ALARM(a) OR NOT ALARM(a)` is true.
    """
    names = tuple(dict.fromkeys(alarm for _, alarm in _references(rule)))
    seen: set[Truth] = set()
    cases = [dict(states)]
    for _ in range(MAX_CASES):
        if not cases:
            return seen.pop() if len(seen) == 1 else Truth.UNKNOWN
        case = cases.pop()
        answer = _holds(rule, case)
        open_name = next((name for name in names if len(case.get(name, _ANY_STATE)) > 1), None)
        if answer is not Truth.UNKNOWN or open_name is None:
            seen.add(answer)
        else:
            cases += [{**case, open_name: (state,)} for state in case.get(open_name, _ANY_STATE)]
        if len(seen) > 1 or Truth.UNKNOWN in seen:
            break
    return Truth.UNKNOWN


# --------------------------------------------------------------------------- composites over an alarm


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


def _rule(composite: CompositeAlarm) -> AlarmRule:
    return _by_name(parse_rule(composite.alarm_rule), composite)


def _refers(composite: CompositeAlarm, name: str) -> bool:
    """Whether its rule names the alarm; a rule that cannot be read does where the name occurs in it."""
    if name not in composite.alarm_rule and name.replace('"', '\\"') not in composite.alarm_rule:
        return False
    try:
        return any(alarm == name for _, alarm in _references(_rule(composite)))
    except AlarmRuleSyntaxError:
        return True


def carriers(child: MetricAlarm, listing: AlarmListing) -> tuple[tuple[CompositeAlarm, ...], ...]:
    """The ways up from an alarm over composite alarms to one with an action, the shortest first."""
    found: list[tuple[CompositeAlarm, ...]] = []
    level: list[tuple[CompositeAlarm, ...]] = [()]
    for _ in range(MAX_DEPTH):
        level = [
            (*way, composite)
            for way in level
            for composite in listing.composite_alarms
            if composite not in way and _refers(composite, way[-1].alarm_name if way else child.alarm_name)
        ][:MAX_CARRIERS]
        found += [way for way in level if way[-1].alarm_actions]
    return tuple(found[:MAX_CARRIERS])


def propagates(
    child: MetricAlarm, way: Sequence[CompositeAlarm], listing: AlarmListing, now: datetime, max_rearm_seconds: int
) -> Propagates | Silent:
    """Whether the child in ALARM takes each composite of the way to ALARM, the last of which has the action.

    A suppressor holds back the actions of its own composite only, not its state.
    """
    last = way[-1]
    if last.actions_suppressor is not None:
        return _silent(FindingId.COMPOSITE_SUPPRESSED, last, last.actions_suppressor)
    if (circle := _circle(last, listing)) is not None:
        return circle
    names = (child.alarm_name, *(composite.alarm_name for composite in way))
    for number, composite in enumerate(way, 1):
        below = names[:number]
        broken = _unmoved(composite, below, listing) or stuck(composite, max_rearm_seconds, now)
        if broken is not None:
            return broken
    return Propagates()


def _silent(id: FindingId, composite: CompositeAlarm, detail: str) -> Silent:  # noqa: A002
    """What the remedy needs is the topic: it gives the metric alarm, whose name the chain knows, the same action."""
    facts = [("region", composite.place.region)]
    facts += [("topic_arn", arn) for arn in composite.alarm_actions if arn.split(":")[2:3] == ["sns"]][:1]
    return Silent((Reason(id, composite.alarm_name, detail, tuple(facts)),))


def _unmoved(composite: CompositeAlarm, below: Sequence[str], listing: AlarmListing) -> Silent | None:
    """What keeps a composite from going to ALARM when the alarms below it on the way do."""
    rule = _rule(composite)
    if outcome(rule, dict.fromkeys(below, (State.ALARM,))) is not Truth.YES:
        return _silent(FindingId.COMPOSITE_UNPROVABLE, composite, f"its rule is {composite.alarm_rule}")
    rest = dict.fromkeys(below, (State.OK, State.INSUFFICIENT_DATA))
    alarms: tuple[MetricAlarm | CompositeAlarm, ...] = (*listing.metric_alarms, *listing.composite_alarms)
    now = {each.alarm_name: (State(each.state_value),) for each in alarms if each.state_value in tuple(State)}
    match outcome(rule, {**now, **rest}):
        case Truth.NO:
            return None
        case Truth.YES | Truth.UNKNOWN:
            others = [(state, name) for state, name in _references(rule) if name not in below]
            held = [(state, name) for state, name in others if now.get(name) in ((state,), None)]
            detail = f"{held[0][0]}({held[0][1]})" if held else f"its rule is {composite.alarm_rule}"
            return _silent(FindingId.COMPOSITE_HELD, composite, detail)


def _circle(top: CompositeAlarm, listing: AlarmListing) -> Silent | None:
    """CloudWatch stops evaluating a composite whose rule leads back to where it came from."""
    composites = {composite.alarm_name: composite for composite in listing.composite_alarms}
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
            children = dict.fromkeys(child for _, child in _references(_rule(composites[name])))
        except AlarmRuleSyntaxError as error:
            return _silent(FindingId.COMPOSITE_UNPROVABLE, composites[name], f"its rule cannot be read: {error}")
        back = next((child for child in children if child in way), None)
        if back is not None:
            circle = " -> ".join((*way[way.index(back) :], back))
            return _silent(FindingId.COMPOSITE_UNPROVABLE, top, f"its rule leads to a circle: {circle}")
        pending += children
    return None
