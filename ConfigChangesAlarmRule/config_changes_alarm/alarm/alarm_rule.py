"""The rules of composite alarms: their grammar, and a parser for it.

    rule     := operand (('AND' | 'OR') operand)*
    operand  := 'NOT' operand | '(' rule ')' | 'TRUE' | 'FALSE' | STATE '(' alarm ')'
              | 'AT_LEAST' '(' (INT | INT '%') ',' ['NOT'] STATE ',' '(' alarm (',' alarm)* ')' ')'
    STATE    := 'ALARM' | 'OK' | 'INSUFFICIENT_DATA'
    alarm    := '"' text '"', with backslash-quote for a quote, or text without space, bracket or comma

(CloudWatch user guide, "Composite alarms"; API reference, PutCompositeAlarm, AlarmRule.) How AND and OR side by side
are grouped is left open: AWS does not say it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias, assert_never

from .alarm_state import State

__all__ = [
    "AlarmRule",
    "AlarmRuleSyntaxError",
    "AtLeast",
    "Connective",
    "Constant",
    "InState",
    "Joined",
    "Not",
    "parse_rule",
    "references",
]

MAX_NESTING = 100
"""Brackets and NOT inside each other. AWS takes 500 elements in all, so that nobody writes as many."""


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


def references(rule: AlarmRule) -> Iterator[tuple[State, str]]:
    """Every alarm that a rule names, with the state it asks for, in the rule's order."""
    match rule:
        case InState():
            yield rule.state, rule.alarm
        case AtLeast():
            yield from ((rule.state, alarm) for alarm in rule.alarms)
        case Constant():
            return
        case Not():
            yield from references(rule.operand)
        case Joined():
            for operand in rule.operands:
                yield from references(operand)
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
        end = len(source.rstrip())
        while position < end:
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
