"""JSON patterns, `{ ... }`.

    json      = "{" or "}"
    or        = and ("||" and)*
    and       = primary ("&&" primary)*
    primary   = "(" or ")" | condition
    condition = selector comparison operand | selector "IS" ("NULL" | "TRUE" | "FALSE") | selector "NOT" "EXISTS"
    selector  = "$" (".name" | ".*" | ".['any text']") (".name" | ".*" | ".['any text']" | "[0]" | "[*]")*

Limits: three selector wildcards a pattern, one a selector.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from .cursor import SPACE
from .operand_parser import OperandParser
from .selector import AnyElement, AnyField, Index, Name, Selector, Step
from .syntax import And, Comparison, Condition, Constant, Is, JsonPattern, NotExists, Number, Operator, Or
from .syntax_error import foreign

__all__ = ["JsonPatternParser"]

MAX_SELECTOR_WILDCARDS = 3

_ORDERINGS = (Operator.LT, Operator.LE, Operator.GT, Operator.GE)


class JsonPatternParser(OperandParser):
    """A cursor over a JSON pattern, with one method for each production."""

    def __init__(self, source: str) -> None:
        super().__init__(source)
        self.selector_wildcards = 0

    def json_pattern(self) -> JsonPattern:
        """json = "{" or "}" """
        if not self.source.rstrip(SPACE).endswith("}"):
            end = len(self.source.rstrip(SPACE))
            at = end - 1 if foreign(self.source[end - 1]) else end
            self.fail("a pattern that starts with '{' must end with '}'", (at, at + 1))
        self.skip_space()
        self.expect("{")
        condition = self.disjunction()
        self.skip_space()
        self.expect("}", "'&&', '||' or '}'")
        self.skip_space()
        if not self.at_end():
            self.fail("expected nothing after the closing '}'")
        return JsonPattern(condition)

    def disjunction(self) -> Condition:
        """or = and ("||" and)*, with an explicit stack so that nesting is bounded by the source's length alone."""
        frames: list[list[list[Condition]]] = [[[]]]
        while True:
            self.skip_space()
            if self.take("("):
                frames.append([[]])
                continue
            frames[-1][-1].append(self.condition())
            while True:
                self.skip_space()
                if self.take("&&"):
                    break
                if self.take("||"):
                    frames[-1].append([])
                    break
                if self.peek(")") and len(frames) > 1:
                    self.position += 1
                    inner = _joined(frames.pop())
                    frames[-1][-1].append(inner)
                    continue
                if len(frames) > 1:
                    self.fail("expected '&&', '||' or ')'")
                return _joined(frames[0])

    def condition(self) -> Condition:
        """condition = selector (comparison operand | "IS" constant | "NOT" "EXISTS")"""
        start = self.position
        selector = self.selector()
        self.skip_space()
        if self.take_word("IS"):
            self.skip_space()
            for constant in Constant:
                if self.take_word(constant.value):
                    return Is(selector, constant, (start, self.position))
            self.fail("expected NULL, TRUE or FALSE after IS")
        if self.take_word("NOT"):
            self.skip_space()
            if not self.take_word("EXISTS"):
                self.fail("expected EXISTS after NOT")
            return NotExists(selector, (start, self.position))
        operator = self.operator(", IS or NOT EXISTS")
        self.skip_space()
        operand_at = self.position
        operand = self.operand()
        if operator in _ORDERINGS and not isinstance(operand, Number):
            self.fail(f"expected a number after {operator.value}", (operand_at, self.position))
        return Comparison(selector, operator, operand, (start, self.position))

    def selector(self) -> Selector:
        """selector = "$" step+"""
        start = self.position
        self.expect("$", "a selector such as $.eventName, or '('")
        steps: list[Step] = []
        while (step := self.step(after_property=bool(steps))) is not None:
            steps.append(step)
        if not steps:
            self.fail("expected '.name' after '$'")
        wildcards = sum(isinstance(step, (AnyField, AnyElement)) for step in steps)
        if wildcards > 1:
            self.fail("a selector has at most one wildcard", (start, self.position))
        self.selector_wildcards += wildcards
        if self.selector_wildcards > MAX_SELECTOR_WILDCARDS:
            self.fail(f"a pattern has at most {MAX_SELECTOR_WILDCARDS} selector wildcards", (start, self.position))
        return Selector(tuple(steps))

    def step(self, after_property: bool) -> Step | None:
        """ ".name" | ".*" | ".['any text']" | "[0]" | "[*]", the last two not at the root (guide before 2022)."""
        if self.peek("["):
            if not after_property:
                self.fail("an index must follow a property")
            self.position += 1
            if self.take("*]"):
                return AnyElement()
            number = re.compile(r"[0-9]{1,9}").match(self.source, self.position)
            if number is None:
                self.fail("expected an index or '*'")
            self.position = number.end()
            self.expect("]")
            return Index(int(number[0]))
        if not self.take("."):
            return None
        if self.take("['"):
            end = self.source.find("']", self.position)
            if end <= self.position:
                self.fail('expected a key and "\']"')
            key = self.source[self.position : end]
            self.position = end + 2
            return Name(key)
        if self.take("*"):
            return AnyField()
        if self.take("["):
            self.fail("expected a key between ' and '")
        name = re.compile(r"[A-Za-z0-9_-]+").match(self.source, self.position)
        if name is None:
            self.fail("expected a field's name after '.'")
        self.position = name.end()
        return Name(name[0])


def _joined(alternatives: list[list[Condition]]) -> Condition:
    """The `Or` of `And`s, without needless nodes: nested conditions of the same kind become one."""
    return _flat(Or, tuple(_flat(And, tuple(terms)) for terms in alternatives))


def _flat(kind: Callable[[tuple[Condition, ...]], And | Or], terms: tuple[Condition, ...]) -> Condition:
    flat: list[Condition] = []
    for term in terms:
        if (kind is And and isinstance(term, And)) or (kind is Or and isinstance(term, Or)):
            flat += term.terms
        else:
            flat.append(term)
    return flat[0] if len(flat) == 1 else kind(tuple(flat))
