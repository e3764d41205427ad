r"""Filter patterns, read from text into trees of the service's own.

    {...}  conditions with && and ||      [...]  space-delimited fields      else terms

`read` raises `Refused` for what the service does not take.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

__all__ = [
    "Atom", "Both", "Delimited", "Either", "Expression", "Figure", "Formula", "Pattern", "Refused", "Terms", "Wild",
    "Word", "atoms", "read",
]  # fmt: skip


class Refused(Exception):
    """InvalidParameterException."""


class Wild(Enum):
    """A step of a selector that finds several values."""

    FIELD = ".*"
    ELEMENT = "[*]"


Path: TypeAlias = tuple["str | int | Wild", ...]


@dataclass(frozen=True)
class Word:
    """A text, its backslashes resolved but for those before ordinary characters; `bare` has a - / : without quotes."""

    text: str
    bare: bool = False
    escapes: bool = False


@dataclass(frozen=True)
class Figure:
    """A number without quotes."""

    text: str


@dataclass(frozen=True)
class Expression:
    """A regular expression."""

    source: str


Operand: TypeAlias = Word | Figure | Expression


@dataclass(frozen=True)
class Atom:
    """One condition. The relation is an operator, NULL, TRUE, FALSE or MISSING."""

    path: Path
    relation: str
    operand: Operand | None = None


@dataclass(frozen=True)
class Both:
    """All hold."""

    parts: tuple[Formula, ...]


@dataclass(frozen=True)
class Either:
    """One holds."""

    parts: tuple[Formula, ...]


Formula: TypeAlias = Atom | Both | Either


@dataclass(frozen=True)
class Terms:
    """Sign (empty, ? or -) and what is looked for."""

    terms: tuple[tuple[str, Operand], ...]


@dataclass(frozen=True)
class Delimited:
    """None stands for `...`; else the conditions of a field, as an || of &&."""

    fields: tuple[tuple[tuple[tuple[str, Operand], ...], ...] | None, ...]


Pattern: TypeAlias = Formula | Terms | Delimited

_TOKEN = re.compile(
    r"""[ \t\r\n]*(?:
    (?P<quoted>"(?:\\.|[^"\\])*") | (?P<regex>%[^%]+%) | (?P<mark>&&|\|\||[(){}\[\],]|\.\.\.) |
    (?P<selector>\$(?:\.\['[^']+?'\]|\.\*|\[\*\]|\[[0-9]{1,9}\]|\.[A-Za-z0-9_-]+)+) |
    (?P<relation>=!|!=|<=|>=|=(?!=)|<|>) | (?P<word>[^\s"'()\[\]{}&|=<>!%,$\\]+) )""",
    re.VERBOSE | re.DOTALL,
)
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,9})?")
_EXPRESSION = re.compile(r"(?:[A-Za-z0-9:_#=@/;,\-^$?\[\]{}|\\*+. ])+")


def read(text: str) -> Pattern:
    """The pattern. Raises `Refused`."""
    if len(text) > 1024:
        raise Refused("too long")
    begin = text.strip(" \t\r\n")[:1]
    if begin == "{":
        return _Reader(text).conditions()
    return _Reader(text).delimited() if begin == "[" else _terms(text)


def atoms(formula: Formula) -> Iterator[Atom]:
    if isinstance(formula, Atom):
        yield formula
    else:
        for part in formula.parts:
            yield from atoms(part)


class _Reader:
    def __init__(self, text: str) -> None:
        self.tokens: list[tuple[str, str]] = []
        position, end = 0, len(text.rstrip(" \t\r\n"))
        while position < end:
            found = _TOKEN.match(text, position)
            if found is None or found.lastgroup is None:
                raise Refused(f"at {position}")
            self.tokens.append((found.lastgroup, found[found.lastgroup]))
            position = found.end()
        self.expressions = self.wilds = 0

    def take(self, *wanted: str) -> str | None:
        """The next token, if it is of such a kind or such a mark."""
        if self.tokens and (self.tokens[0][0] in wanted or self.tokens[0][1] in wanted):
            return self.tokens.pop(0)[1]
        return None

    def need(self, *wanted: str) -> str:
        found = self.take(*wanted)
        if found is None:
            raise Refused(f"expected {wanted}")
        return found

    def keyword(self, *words: str) -> str | None:
        if self.tokens and self.tokens[0][0] == "word" and self.tokens[0][1].upper() in words:
            return self.tokens.pop(0)[1].upper()
        return None

    def conditions(self) -> Formula:
        self.need("{")
        found = self.either()
        self.need("}")
        if self.tokens:
            raise Refused("something after the end")
        return found

    def either(self) -> Formula:
        parts = [self.both()]
        while self.take("||"):
            parts.append(self.both())
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def both(self) -> Formula:
        parts = [self.one()]
        while self.take("&&"):
            parts.append(self.one())
        return parts[0] if len(parts) == 1 else Both(tuple(parts))

    def one(self) -> Formula:
        if self.take("("):
            inner = self.either()
            self.need(")")
            return inner
        path = self.path(self.need("selector"))
        if self.keyword("IS"):
            constant = self.keyword("NULL", "TRUE", "FALSE")
            if constant is None:
                raise Refused("IS what?")
            return Atom(path, constant)
        if self.keyword("NOT"):
            if not self.keyword("EXISTS"):
                raise Refused("NOT what?")
            return Atom(path, "MISSING")
        relation = self.need("relation")
        operand = self.operand()
        if relation == "=!" or (relation in ("<", "<=", ">", ">=") and not isinstance(operand, Figure)):
            raise Refused("a wrong comparison")
        return Atom(path, relation, operand)

    def path(self, text: str) -> Path:
        steps: list[str | int | Wild] = []
        for key, index, name in re.findall(r"\.\['(.+?)'\]|\[([0-9]+|\*)\]|\.([A-Za-z0-9_-]+|\*)", text[1:]):
            if index and not steps:
                raise Refused("an index must follow a property")
            wild = Wild.ELEMENT if index == "*" else Wild.FIELD if name == "*" else None
            steps.append(wild or key or name or int(index))
        self.wilds += sum(isinstance(step, Wild) for step in steps)
        if sum(isinstance(step, Wild) for step in steps) > 1 or self.wilds > 3:
            raise Refused("too many wildcards")
        return tuple(steps)

    def operand(self) -> Operand:
        kind, text = self.tokens.pop(0) if self.tokens else ("", "")
        if kind == "quoted":
            return _quoted(text)
        if kind == "regex":
            self.expressions += 1
            if self.expressions > 2:
                raise Refused("too many regular expressions")
            return _expression(text)
        if kind != "word":
            raise Refused("a value is missing")
        if not all(char.isascii() or char.isalnum() for char in text):
            raise Refused("Invalid character(s)")
        if _NUMBER.fullmatch(text):
            return Figure(text)
        return Word(text, bare=not re.fullmatch(r"[A-Za-z0-9_.*]+", text))

    def delimited(self) -> Delimited:
        self.need("[")
        fields: list[tuple[tuple[tuple[str, Operand], ...], ...] | None] = []
        while not self.take("]"):
            if self.take("..."):
                fields.append(None)
            else:
                fields.append(self.field(self.need("word")))
            if self.take(","):
                if self.tokens[:1] == [("mark", "]")]:
                    fields.append(())
            elif self.tokens[:1] != [("mark", "]")]:
                raise Refused("expected , or ]")
        if self.tokens:
            raise Refused("something after the end")
        return Delimited(tuple(fields))

    def field(self, name: str) -> tuple[tuple[tuple[str, Operand], ...], ...]:
        if not re.fullmatch(r"[A-Za-z0-9_-]+", name):
            raise Refused("a field's name")
        if self.tokens[:1] in ([("mark", ",")], [("mark", "]")]):
            return ()
        alternatives: list[list[tuple[str, Operand]]] = [[]]
        while True:
            relation = self.need("relation").replace("=!", "!=")
            alternatives[-1].append((relation, self.operand()))
            if self.take("||"):
                alternatives.append([])
            elif not self.take("&&"):
                return tuple(tuple(each) for each in alternatives)
            if self.need("word") != name:
                raise Refused("another field")


def _quoted(text: str) -> Word:
    inner = text[1:-1]
    plain = re.sub(r'\\(["\\])', r"\1", inner)
    return Word(plain, escapes=re.search(r'\\[^"\\]', re.sub(r'\\["\\]', "", inner)) is not None)


def _expression(text: str) -> Expression:
    source = text[1:-1]
    try:
        re.compile(source)
    except re.error as error:
        raise Refused(str(error)) from None
    if not _EXPRESSION.fullmatch(source):
        raise Refused("Invalid character(s) in a regular expression")
    return Expression(source)


def _terms(text: str) -> Terms:
    found: list[tuple[str, Operand]] = []
    position = 0
    term = re.compile(
        r'[ \t\r\n]*(\?|-[ \t\r\n]*)?("(?:\\.|[^"\\])*"|%[^%]+%|[A-Za-z0-9_]+)(?=[ \t\r\n]|\Z)', re.DOTALL
    )
    while position < len(text.rstrip(" \t\r\n")):
        one = term.match(text, position)
        if one is None or one[2] == '""':
            raise Refused("Invalid character(s) in term")
        content: Operand = Word(one[2])
        if one[2].startswith('"'):
            content = _quoted(one[2])
        elif one[2].startswith("%"):
            content = _expression(one[2])
        found.append(((one[1] or "").strip(), content))
        position = one.end()
    return Terms(tuple(found))
