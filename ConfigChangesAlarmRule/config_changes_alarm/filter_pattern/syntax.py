"""The syntax tree of CloudWatch Logs filter patterns.

A pattern is one of three languages, told apart by its first character (spec: "FilterAndPatternSyntax" in the
CloudWatch Logs user guide):

    JsonPattern            { $.eventSource = "config.amazonaws.com" && ($.a = 1 || $.b NOT EXISTS) }
    SpaceDelimitedPattern  [ip, user, status = 4*, ...]
    TermPattern            ERROR "a phrase" -excluded      or      ?this ?or ?that

Nodes are frozen and compare by meaning: `span`, the place in the source text (start, end), takes no part in equality.
`str(node)` is source text that parses to an equal tree.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias

__all__ = [
    "And",
    "AnyElement",
    "AnyField",
    "AnyFields",
    "Comparison",
    "Condition",
    "Constant",
    "Field",
    "FieldCondition",
    "Index",
    "Is",
    "JsonPattern",
    "Leaf",
    "Name",
    "NotExists",
    "Number",
    "Operand",
    "Operator",
    "Or",
    "Pattern",
    "PatternSyntaxError",
    "Regex",
    "Selector",
    "SpaceDelimitedPattern",
    "Span",
    "Step",
    "Term",
    "TermPattern",
    "Text",
]

Span: TypeAlias = tuple[int, int]
_NO_SPAN: Span = (0, 0)


class PatternSyntaxError(Exception):
    """A text that CloudWatch Logs would not take as a filter pattern.

    `message` says what was expected or which limit is exceeded, `span` where. `str()` draws it under the source.
    """

    def __init__(self, message: str, source: str, span: Span) -> None:
        super().__init__(message, source, span)
        self.message = message
        self.source = source
        self.span = span

    def __str__(self) -> str:
        start, end = self.span
        line_start = self.source.rfind("\n", 0, start) + 1
        line_end = self.source.find("\n", start)
        line = self.source[line_start : line_end if line_end >= 0 else len(self.source)]
        column = start - line_start
        width = max(1, min(end - start, len(line) - column))
        pointer = "".join("\t" if char == "\t" else " " for char in line[:column]) + "^" * width
        return f"{self.message}, at character {start + 1}\n  {line}\n  {pointer}"


class Operator(Enum):
    """A comparison; the value is how it is written."""

    __hash__ = object.__hash__  # members are single: hashing their names took a tenth of a question's time

    EQ = "="
    NE = "!="
    LT = "<"
    LE = "<="
    GT = ">"
    GE = ">="


class Constant(Enum):
    """What `IS` compares with."""

    NULL = "NULL"
    TRUE = "TRUE"
    FALSE = "FALSE"


# --------------------------------------------------------------------------- selectors and operands


@dataclass(frozen=True, slots=True)
class Name:
    """`.name`, or `.['any text']` for a key that is not made of letters, digits, `_` and `-`."""

    key: str

    def __str__(self) -> str:
        if re.fullmatch(r"[A-Za-z0-9_-]+", self.key):
            return f".{self.key}"
        return f".['{self.key}']"


@dataclass(frozen=True, slots=True)
class Index:
    """`[0]`"""

    number: int

    def __str__(self) -> str:
        return f"[{self.number}]"


@dataclass(frozen=True, slots=True)
class AnyField:
    """`.*`: any field of an object."""

    def __str__(self) -> str:
        return ".*"


@dataclass(frozen=True, slots=True)
class AnyElement:
    """`[*]`: any element of an array."""

    def __str__(self) -> str:
        return "[*]"


Step: TypeAlias = Name | Index | AnyField | AnyElement


@dataclass(frozen=True, slots=True)
class Selector:
    """`$` and at least one step."""

    steps: tuple[Step, ...]

    def __str__(self) -> str:
        return "$" + "".join(str(step) for step in self.steps)


@dataclass(frozen=True, slots=True)
class Text:
    r"""A string operand, quoted or bare. `value` is unescaped; a `*` at its start or end is a wildcard.

    `documented` is False for a bare word with characters of which AWS does not say whether they need quotes
    (`-`, `/`, `:` ...), and for a quoted text with a backslash before anything but `"` and `\`: it parses, and every
    comparison with it is unknown.
    """

    value: str
    documented: bool = True

    def __str__(self) -> str:
        if self.documented:
            return '"' + re.sub(r'(["\\])', r"\\\1", self.value) + '"'
        if "\\" not in self.value:
            return self.value
        return '"' + re.sub(r'"|\\(?=["\\]|\Z)', r"\\\g<0>", self.value) + '"'


@dataclass(frozen=True, slots=True)
class Number:
    """An unquoted number, as written: sign, decimals and exponent allowed."""

    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Regex:
    """`%...%`: an unanchored search. `source` is what stands between the per cent signs."""

    source: str

    def __str__(self) -> str:
        return f"%{self.source}%"


Operand: TypeAlias = Text | Number | Regex


# --------------------------------------------------------------------------- JSON patterns


@dataclass(frozen=True, slots=True)
class Comparison:
    """`selector operator operand`"""

    selector: Selector
    operator: Operator
    operand: Operand
    span: Span = field(default=_NO_SPAN, compare=False, repr=False)

    def __str__(self) -> str:
        return f"{self.selector} {self.operator.value} {self.operand}"


@dataclass(frozen=True, slots=True)
class Is:
    """`selector IS NULL | TRUE | FALSE`"""

    selector: Selector
    constant: Constant
    span: Span = field(default=_NO_SPAN, compare=False, repr=False)

    def __str__(self) -> str:
        return f"{self.selector} IS {self.constant.value}"


@dataclass(frozen=True, slots=True)
class NotExists:
    """`selector NOT EXISTS`"""

    selector: Selector
    span: Span = field(default=_NO_SPAN, compare=False, repr=False)

    def __str__(self) -> str:
        return f"{self.selector} NOT EXISTS"


@dataclass(frozen=True, slots=True)
class And:
    """Two or more conditions, none of them an `And` itself."""

    terms: tuple[Condition, ...]

    def __str__(self) -> str:
        return " && ".join(f"({term})" if isinstance(term, Or) else str(term) for term in self.terms)


@dataclass(frozen=True, slots=True)
class Or:
    """Two or more conditions, none of them an `Or` itself."""

    terms: tuple[Condition, ...]

    def __str__(self) -> str:
        return " || ".join(f"({term})" if isinstance(term, And) else str(term) for term in self.terms)


Leaf: TypeAlias = Comparison | Is | NotExists
Condition: TypeAlias = Leaf | And | Or


@dataclass(frozen=True, slots=True)
class JsonPattern:
    """`{ condition }`"""

    condition: Condition

    def __str__(self) -> str:
        return "{ " + str(self.condition) + " }"


# --------------------------------------------------------------------------- term and space-delimited patterns


@dataclass(frozen=True, slots=True)
class Term:
    """A word, a quoted phrase or a regular expression to be found anywhere in the message."""

    content: Text | Regex
    span: Span = field(default=_NO_SPAN, compare=False, repr=False)

    def __str__(self) -> str:
        return str(self.content)


@dataclass(frozen=True, slots=True)
class TermPattern:
    """`required` and `excluded` (`-term`) all hold; `optional` (`?term`) counts only when nothing else is given.

    With all three empty the pattern matches every message.
    """

    required: tuple[Term, ...] = ()
    optional: tuple[Term, ...] = ()
    excluded: tuple[Term, ...] = ()

    def __str__(self) -> str:
        parts = [str(term) for term in self.required]
        parts += [f"?{term}" for term in self.optional]
        parts += [f"-{term}" for term in self.excluded]
        return " ".join(parts)


@dataclass(frozen=True, slots=True)
class FieldCondition:
    """One comparison inside a space-delimited field."""

    operator: Operator
    operand: Operand

    def __str__(self) -> str:
        return f"{self.operator.value} {self.operand}"


@dataclass(frozen=True, slots=True)
class Field:
    """A named field: an `||` of `&&` of conditions; empty when the field is only named."""

    name: str
    alternatives: tuple[tuple[FieldCondition, ...], ...] = ()

    def __str__(self) -> str:
        if not self.alternatives:
            return self.name
        return " || ".join(
            " && ".join(f"{self.name} {condition}" for condition in conjunction) for conjunction in self.alternatives
        )


@dataclass(frozen=True, slots=True)
class AnyFields:
    """`...`: any number of fields."""

    def __str__(self) -> str:
        return "..."


@dataclass(frozen=True, slots=True)
class SpaceDelimitedPattern:
    """`[a, b = 1, ...]`"""

    fields: tuple[Field | AnyFields, ...]

    def __str__(self) -> str:
        return "[" + ", ".join(str(each) for each in self.fields) + "]"


Pattern: TypeAlias = JsonPattern | TermPattern | SpaceDelimitedPattern
