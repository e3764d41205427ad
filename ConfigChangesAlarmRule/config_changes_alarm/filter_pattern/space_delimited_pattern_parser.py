"""Space-delimited patterns, `[ ... ]`.

    delimited = "[" [field ("," field)* [","]] "]"
    field     = "..." | name | name comparison operand (("&&" | "||") name comparison operand)*

All conditions of a field have its name. A comma at the end stands before one more field, without a name (API reference
of TestMetricFilter, the example of 4XX codes). `=!` is another `!=` (guide before 2022).
"""

from __future__ import annotations

import re

from .operand_parser import OperandParser
from .syntax import AnyFields, Field, FieldCondition, Operator, SpaceDelimitedPattern

__all__ = ["SpaceDelimitedPatternParser"]


class SpaceDelimitedPatternParser(OperandParser):
    """A cursor over a space-delimited pattern, with one method for each production."""

    def space_delimited_pattern(self) -> SpaceDelimitedPattern:
        """delimited = "[" [field ("," field)* [","]] "]" """
        self.skip_space()
        self.expect("[")
        fields: list[Field | AnyFields] = []
        self.skip_space()
        if self.take("]"):
            return SpaceDelimitedPattern(())
        while True:
            self.skip_space()
            fields.append(AnyFields() if self.take("...") else self.field())
            self.skip_space()
            if self.take(","):
                self.skip_space()
                if not self.peek("]"):
                    continue
                fields.append(Field(""))
            self.expect("]", "',' or ']'")
            self.skip_space()
            if not self.at_end():
                self.fail("expected nothing after the closing ']'")
            return SpaceDelimitedPattern(tuple(fields))

    def field(self) -> Field:
        """field = name | name comparison operand (("&&" | "||") name comparison operand)*"""
        name = self.field_name()
        self.skip_space()
        if self.peek(",") or self.peek("]"):
            return Field(name)
        alternatives: list[list[FieldCondition]] = [[]]
        while True:
            self.skip_space()
            operator = Operator.NE if self.take("=!") else self.operator()
            self.skip_space()
            alternatives[-1].append(FieldCondition(operator, self.operand()))
            self.skip_space()
            if self.take("||"):
                alternatives.append([])
            elif not self.take("&&"):
                return Field(name, tuple(tuple(each) for each in alternatives))
            self.skip_space()
            start = self.position
            if self.field_name() != name:
                self.fail(f"expected another condition on {name!r}", (start, self.position))

    def field_name(self) -> str:
        name = re.compile(r"[A-Za-z0-9_-]+").match(self.source, self.position)
        if name is None:
            self.fail("expected a field's name or '...'")
        self.position = name.end()
        return name[0]
