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

from .selector import Selector
from .syntax_error import Span

__all__ = [
    "MAX_LENGTH",
    "And",
    "AnyFields",
    "Comparison",
    "Condition",
    "Constant",
    "Field",
    "FieldCondition",
    "Is",
    "JsonPattern",
    "Leaf",
    "NotExists",
    "Number",
    "Operand",
    "Operator",
    "Or",
    "Pattern",
    "Regex",
    "SpaceDelimitedPattern",
    "Term",
    "TermPattern",
    "Text",
    "is_bare_word",
    "is_number",
]

MAX_LENGTH = 1024
"""Characters in a filter pattern (PutMetricFilter, filterPattern)."""

_NO_SPAN: Span = (0, 0)
_BARE_WORD = re.compile(r"[A-Za-z0-9_.*]+")
"""What AWS's own examples write without quotes."""
_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,9})?")


class _Written:
    """A part of a pattern that can be written in two ways."""

    __slots__ = ()

    def written(self, tight: bool) -> str:
        """As text to be read, or `tight`: with no more characters than any text that means the same."""
        raise NotImplementedError

    def __str__(self) -> str:
        return self.written(tight=False)


def _written(part: object, tight: bool) -> str:
    """The text of any part, also of one that has but one."""
    return part.written(tight) if isinstance(part, _Written) else str(part)


class _WholePattern(_Written):
    """A pattern of any kind, whose text has to keep to the limit: where that to be read does not, it is tight."""

    __slots__ = ()

    def __str__(self) -> str:
        text = self.written(tight=False)
        return text if len(text) <= MAX_LENGTH else self.written(tight=True)


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


# --------------------------------------------------------------------------- operands


@dataclass(frozen=True, slots=True)
class Text(_Written):
    r"""A string operand, quoted or bare. `value` is unescaped; a `*` at its start or end is a wildcard.

    `documented` is False for a bare word with characters of which AWS does not say whether they need quotes
    (`-`, `/`, `:` ...), and for a quoted text with a backslash before anything but `"` and `\`: it parses, and every
    comparison with it is unknown.
    """

    value: str
    documented: bool = True

    def written(self, tight: bool) -> str:
        if tight and is_bare_word(self.value) and not is_number(self.value):
            return self.value
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


def is_number(word: str) -> bool:
    """Whether a word without quotes is a number."""
    return _NUMBER.fullmatch(word) is not None


def is_bare_word(word: str) -> bool:
    """Whether a word is made of what AWS's own examples write without quotes."""
    return _BARE_WORD.fullmatch(word) is not None


# --------------------------------------------------------------------------- JSON patterns


@dataclass(frozen=True, slots=True)
class Comparison(_Written):
    """`selector operator operand`"""

    selector: Selector
    operator: Operator
    operand: Operand
    span: Span = field(default=_NO_SPAN, compare=False, repr=False)

    def written(self, tight: bool) -> str:
        space = "" if tight else " "
        return f"{self.selector}{space}{self.operator.value}{space}{_written(self.operand, tight)}"


@dataclass(frozen=True, slots=True)
class Is(_Written):
    """`selector IS NULL | TRUE | FALSE`"""

    selector: Selector
    constant: Constant
    span: Span = field(default=_NO_SPAN, compare=False, repr=False)

    def written(self, tight: bool) -> str:
        return f"{_before_a_word(self.selector, tight)}IS {self.constant.value}"


@dataclass(frozen=True, slots=True)
class NotExists(_Written):
    """`selector NOT EXISTS`"""

    selector: Selector
    span: Span = field(default=_NO_SPAN, compare=False, repr=False)

    def written(self, tight: bool) -> str:
        return f"{_before_a_word(self.selector, tight)}NOT EXISTS"


def _before_a_word(selector: Selector, tight: bool) -> str:
    """The selector, with a space where the word after it might else be taken for its end."""
    text = str(selector)
    return text if tight and text.endswith(("]", "*")) else f"{text} "


@dataclass(frozen=True, slots=True)
class And(_Written):
    """Two or more conditions, none of them an `And` itself."""

    terms: tuple[Condition, ...]

    def written(self, tight: bool) -> str:
        texts = (f"({term.written(tight)})" if isinstance(term, Or) else term.written(tight) for term in self.terms)
        return ("&&" if tight else " && ").join(texts)


@dataclass(frozen=True, slots=True)
class Or(_Written):
    """Two or more conditions, none of them an `Or` itself."""

    terms: tuple[Condition, ...]

    def written(self, tight: bool) -> str:
        if tight:
            return "||".join(term.written(tight) for term in self.terms)
        return " || ".join(f"({term})" if isinstance(term, And) else str(term) for term in self.terms)


Leaf: TypeAlias = Comparison | Is | NotExists
Condition: TypeAlias = Leaf | And | Or


@dataclass(frozen=True, slots=True)
class JsonPattern(_WholePattern):
    """`{ condition }`"""

    condition: Condition

    def written(self, tight: bool) -> str:
        text = self.condition.written(tight)
        return f"{{{text}}}" if tight else f"{{ {text} }}"


# --------------------------------------------------------------------------- term and space-delimited patterns


@dataclass(frozen=True, slots=True)
class Term(_Written):
    """A word, a quoted phrase or a regular expression to be found anywhere in the message."""

    content: Text | Regex
    span: Span = field(default=_NO_SPAN, compare=False, repr=False)

    def written(self, tight: bool) -> str:
        if tight and isinstance(self.content, Text) and re.fullmatch(r"\w+", self.content.value, re.ASCII):
            return self.content.value
        return str(self.content)


@dataclass(frozen=True, slots=True)
class TermPattern(_WholePattern):
    """`required` and `excluded` (`-term`) all hold; `optional` (`?term`) counts only when nothing else is given.

    With all three empty the pattern matches every message.
    """

    required: tuple[Term, ...] = ()
    optional: tuple[Term, ...] = ()
    excluded: tuple[Term, ...] = ()

    def written(self, tight: bool) -> str:
        parts = [term.written(tight) for term in self.required]
        parts += [f"?{term.written(tight)}" for term in self.optional]
        parts += [f"-{term.written(tight)}" for term in self.excluded]
        return " ".join(parts)


@dataclass(frozen=True, slots=True)
class FieldCondition(_Written):
    """One comparison inside a space-delimited field."""

    operator: Operator
    operand: Operand

    def written(self, tight: bool) -> str:
        return f"{self.operator.value}{'' if tight else ' '}{_written(self.operand, tight)}"


@dataclass(frozen=True, slots=True)
class Field(_Written):
    """A named field: an `||` of `&&` of conditions; empty when the field is only named.

    The last field may have no name: `[..., status_code = 4*,]`.
    """

    name: str
    alternatives: tuple[tuple[FieldCondition, ...], ...] = ()

    def written(self, tight: bool) -> str:
        space = "" if tight else " "
        texts = (
            f"{space}&&{space}".join(f"{self.name}{space}{condition.written(tight)}" for condition in conjunction)
            for conjunction in self.alternatives
        )
        return f"{space}||{space}".join(texts) or self.name


@dataclass(frozen=True, slots=True)
class AnyFields:
    """`...`: any number of fields."""

    def __str__(self) -> str:
        return "..."


@dataclass(frozen=True, slots=True)
class SpaceDelimitedPattern(_WholePattern):
    """`[a, b = 1, ...]`"""

    fields: tuple[Field | AnyFields, ...]

    def written(self, tight: bool) -> str:
        return "[" + ("," if tight else ", ").join(_written(each, tight) for each in self.fields) + "]"


Pattern: TypeAlias = JsonPattern | TermPattern | SpaceDelimitedPattern
