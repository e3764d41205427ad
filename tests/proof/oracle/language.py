r"""The oracle's own tree of JSON filter patterns, read from text by a reader of its own.

Left out are the atoms of which AWS documents nothing at all: selectors with `*`, bare words with `-`, `/` or `:`, and
quoted words with an escape other than `\"` and `\\`. `read` raises ValueError for them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

__all__ = ["Atom", "Both", "Either", "Expression", "Formula", "Path", "Quantity", "Relation", "Word", "atoms", "read"]

Path: TypeAlias = tuple[str | int, ...]


class Relation(Enum):
    """How an atom judges what its path finds."""

    EQ = "="
    NE = "!="
    LT = "<"
    LE = "<="
    GT = ">"
    GE = ">="
    NULL = "IS NULL"
    TRUE = "IS TRUE"
    FALSE = "IS FALSE"
    ABSENT = "NOT EXISTS"


@dataclass(frozen=True, slots=True)
class Word:
    text: str


@dataclass(frozen=True, slots=True)
class Quantity:
    text: str


@dataclass(frozen=True, slots=True)
class Expression:
    source: str


Operand: TypeAlias = Word | Quantity | Expression


@dataclass(frozen=True, slots=True)
class Atom:
    path: Path
    relation: Relation
    operand: Operand | None = None


@dataclass(frozen=True, slots=True)
class Both:
    """All of the parts."""

    parts: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """At least one of the parts."""

    parts: tuple[Formula, ...]


Formula: TypeAlias = Atom | Both | Either


def atoms(formula: Formula) -> Iterator[Atom]:
    if isinstance(formula, Atom):
        yield formula
    else:
        for part in formula.parts:
            yield from atoms(part)


# --------------------------------------------------------------------------- reading

_TOKEN = re.compile(
    r"""\s*(?:(?P<mark>\(|\)|&&|\|\||!=|<=|>=|=|<|>)
        |(?P<path>\$(?:\.\['[^']+'\]|\.[A-Za-z0-9_-]+|\[\d+\])+)
        |"(?P<quoted>(?:[^"\\]|\\["\\])*)"
        |%(?P<expression>[^%]+)%
        |(?P<bare>[A-Za-z0-9_.*+-]+))""",
    re.VERBOSE,
)
_STEP = re.compile(r"\.\['([^']+)'\]|\.([A-Za-z0-9_-]+)|\[(\d+)\]")
_QUANTITY = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


def read(source: str) -> Formula:
    """The formula of a `{...}` pattern, by operator precedence on two stacks. Raises ValueError."""
    body = source.strip()
    if not (body.startswith("{") and body.endswith("}")):
        raise ValueError("not a JSON pattern")
    tokens = list(_tokens(body[1:-1].rstrip()))
    values: list[Formula] = []
    marks: list[str] = []
    position = 0
    while position < len(tokens):
        kind, text = tokens[position]
        if text == "(" and kind == "mark":
            marks.append(text)
            position += 1
        elif text == ")" and kind == "mark":
            while marks[-1] != "(":
                _reduce(values, marks.pop())
            marks.pop()
            position += 1
        elif kind == "mark":
            while marks and marks[-1] != "(" and (marks[-1] == "&&" or text == "||"):
                _reduce(values, marks.pop())
            marks.append(text)
            position += 1
        else:
            atom, position = _atom(tokens, position)
            values.append(atom)
    while marks:
        _reduce(values, marks.pop())
    if len(values) != 1:
        raise ValueError("not one formula")
    return values[0]


def _tokens(body: str) -> Iterator[tuple[str, str]]:
    position = 0
    while position < len(body):
        found = _TOKEN.match(body, position)
        if found is None or found.lastgroup is None:
            raise ValueError(f"the oracle does not read {body[position:]!r}")
        yield found.lastgroup, found[found.lastgroup]
        position = found.end()


def _reduce(values: list[Formula], mark: str) -> None:
    right, left = values.pop(), values.pop()
    kind = Both if mark == "&&" else Either
    parts: list[Formula] = []
    for each in (left, right):
        parts += each.parts if isinstance(each, kind) else (each,)
    values.append(kind(tuple(parts)))


def _atom(tokens: list[tuple[str, str]], position: int) -> tuple[Atom, int]:
    kind, text = tokens[position]
    if kind != "path":
        raise ValueError(f"{text!r} is no selector")
    path: Path = tuple(
        int(step[3]) if step[3] is not None else step[1] if step[1] is not None else step[2]
        for step in _STEP.finditer(text)
    )
    relation = tokens[position + 1][1]
    operand = tokens[position + 2]
    if relation.upper() in ("IS", "NOT"):
        return Atom(path, Relation(f"{relation} {operand[1]}".upper())), position + 3
    return Atom(path, Relation(relation), _operand(*operand)), position + 3


def _operand(kind: str, text: str) -> Operand:
    if kind == "quoted":
        return Word(re.sub(r'\\(["\\])', r"\1", text))
    if kind == "expression":
        return Expression(text)
    if kind != "bare":
        raise ValueError(f"{text!r} is no operand")
    if _QUANTITY.fullmatch(text):
        return Quantity(text)
    if not re.fullmatch(r"[A-Za-z0-9_.*]+", text):
        raise ValueError(f"whether {text!r} needs quotes is not documented")
    return Word(text)
