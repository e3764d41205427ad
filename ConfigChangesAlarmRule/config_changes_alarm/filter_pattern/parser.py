"""Parses filter patterns as CloudWatch Logs does (CloudWatch Logs guide, FilterAndPatternSyntax).

    pattern   = json | delimited | terms            told apart by the first character
    json      = "{" or "}"
    or        = and ("||" and)*
    and       = primary ("&&" primary)*
    primary   = "(" or ")" | condition
    condition = selector comparison operand | selector "IS" ("NULL" | "TRUE" | "FALSE") | selector "NOT" "EXISTS"
    selector  = "$" (".name" | ".*" | "[0]" | "[*]" | ".['any text']")+
    operand   = '"' text '"' | "%" regex "%" | number | word
    delimited = "[" [field ("," field)*] "]"
    terms     = (["?" | "-"] (word | '"' phrase '"' | "%" regex "%"))*

Limits: 1,024 characters; two regular expressions and three selector wildcards a pattern, one a selector.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NoReturn

from .regular_expression import RegexSyntaxError, check
from .syntax import (
    And,
    AnyElement,
    AnyField,
    AnyFields,
    Comparison,
    Condition,
    Constant,
    Field,
    FieldCondition,
    Index,
    Is,
    JsonPattern,
    Name,
    NotExists,
    Number,
    Operand,
    Operator,
    Or,
    Pattern,
    PatternSyntaxError,
    Regex,
    Selector,
    SpaceDelimitedPattern,
    Span,
    Step,
    Term,
    TermPattern,
    Text,
)

__all__ = ["MAX_LENGTH", "parse"]

MAX_LENGTH = 1024
"""Characters in a filter pattern (PutMetricFilter, filterPattern)."""

MAX_REGEXES = 2
MAX_SELECTOR_WILDCARDS = 3

_SPACE = " \t\r\n"
_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,9})?")
_DOCUMENTED_WORD = re.compile(r"[A-Za-z0-9_.*]+")
_WORD = re.compile(r"""[^\s"'()\[\]{}&|=<>!%,$\\]+""")
_ORDERINGS = (Operator.LT, Operator.LE, Operator.GT, Operator.GE)
_OPERATORS = (Operator.NE, Operator.LE, Operator.GE, Operator.EQ, Operator.LT, Operator.GT)


def parse(source: str) -> Pattern:
    """The pattern's tree. Raises `PatternSyntaxError` for a text that CloudWatch Logs would not take."""
    if len(source) > MAX_LENGTH:
        message = f"a filter pattern has at most {MAX_LENGTH} characters, this one has {len(source)}"
        raise PatternSyntaxError(message, source, (MAX_LENGTH, len(source)))
    parser = _Parser(source)
    parser.skip_space()
    if parser.peek("{"):
        return parser.json_pattern()
    if parser.peek("["):
        return parser.space_delimited_pattern()
    return parser.term_pattern()


class _Parser:
    """A cursor over the source, with one method for each production."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.position = 0
        self.regexes = 0
        self.selector_wildcards = 0

    # ------------------------------------------------------------------- the cursor

    def skip_space(self) -> None:
        while self.position < len(self.source) and self.source[self.position] in _SPACE:
            self.position += 1

    def at_end(self) -> bool:
        return self.position >= len(self.source)

    def peek(self, text: str) -> bool:
        return self.source.startswith(text, self.position)

    def take(self, text: str) -> bool:
        if not self.peek(text):
            return False
        self.position += len(text)
        return True

    def expect(self, text: str, wanted: str | None = None) -> None:
        if not self.take(text):
            self.fail(f"expected {wanted or repr(text)}")

    def take_word(self, word: str) -> bool:
        """A keyword: not the beginning of a longer word."""
        end = self.position + len(word)
        found = self.source[self.position : end]
        if not found.isascii() or found.upper() != word or re.match(r"\w", self.source[end : end + 1]):
            return False
        self.position = end
        return True

    def fail(self, message: str, span: Span | None = None) -> NoReturn:
        raise PatternSyntaxError(message, self.source, span or (self.position, self.position + 1))

    # ------------------------------------------------------------------- JSON patterns

    def json_pattern(self) -> JsonPattern:
        """json = "{" or "}" """
        if not self.source.rstrip(_SPACE).endswith("}"):
            end = len(self.source.rstrip(_SPACE))
            self.fail("a pattern that starts with '{' must end with '}'", (end, end + 1))
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

    def operator(self, or_else: str = "") -> Operator:
        """comparison = "=" | "!=" | "<" | "<=" | ">" | ">="; `or_else` is what else might have stood there."""
        for operator in _OPERATORS:
            if self.take(operator.value):
                if operator is Operator.EQ and self.peek("="):
                    self.fail("the operator is '=', not '=='", (self.position - 1, self.position + 1))
                return operator
        self.fail(f"expected one of = != < <= > >={or_else}")

    def selector(self) -> Selector:
        """selector = "$" step+"""
        start = self.position
        self.expect("$", "a selector such as $.eventName, or '('")
        steps: list[Step] = []
        while (step := self.step()) is not None:
            steps.append(step)
        if not steps:
            self.fail("expected '.name' or '[index]' after '$'")
        wildcards = sum(isinstance(step, (AnyField, AnyElement)) for step in steps)
        if wildcards > 1:
            self.fail("a selector has at most one wildcard", (start, self.position))
        self.selector_wildcards += wildcards
        if self.selector_wildcards > MAX_SELECTOR_WILDCARDS:
            self.fail(f"a pattern has at most {MAX_SELECTOR_WILDCARDS} selector wildcards", (start, self.position))
        return Selector(tuple(steps))

    def step(self) -> Step | None:
        if self.take("["):
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
        name = re.compile(r"[A-Za-z0-9_-]+").match(self.source, self.position)
        if name is None:
            self.fail("expected a field's name after '.'")
        self.position = name.end()
        return Name(name[0])

    # ------------------------------------------------------------------- operands

    def operand(self) -> Operand:
        """operand = quoted | regex | number | word"""
        if self.peek('"'):
            return self.quoted()
        if self.peek("%"):
            return self.regex()
        if self.peek("'"):
            self.fail("a value is quoted with \", not with '")
        word = _WORD.match(self.source, self.position)
        if word is None:
            self.fail("expected a value")
        self.position = word.end()
        text = word[0]
        if _NUMBER.fullmatch(text):
            return Number(text)
        return Text(text, documented=_DOCUMENTED_WORD.fullmatch(text) is not None)

    def quoted(self) -> Text:
        r"""A text in quotes; `\"` and `\\` are escapes. What another backslash means is not documented: it is kept."""
        start = self.position
        self.expect('"')
        chars: list[str] = []
        documented = True
        while not self.at_end():
            char = self.source[self.position]
            self.position += 1
            if char == '"':
                return Text("".join(chars), documented)
            if char == "\\" and not self.at_end():
                if self.source[self.position] in '"\\':
                    char = self.source[self.position]
                    self.position += 1
                else:
                    documented = False
            chars.append(char)
        self.fail("the quotation is not closed", (start, len(self.source)))

    def regex(self, limit: int = MAX_REGEXES) -> Regex:
        """A regular expression between per cent signs; `limit` is how many of them the pattern may have."""
        start = self.position
        self.expect("%")
        end = self.source.find("%", self.position)
        if end <= self.position:
            self.fail("expected a regular expression and a closing '%'", (start, len(self.source)))
        source = self.source[self.position : end]
        try:
            check(source)
        except RegexSyntaxError as error:
            place = self.position + error.position
            self.fail(error.message, (place, place + 1))
        self.position = end + 1
        self.regexes += 1
        if self.regexes > limit:
            self.fail(f"a pattern has at most {limit} regular expressions", (start, self.position))
        return Regex(source)

    # ------------------------------------------------------------------- term patterns

    def term_pattern(self) -> TermPattern:
        """terms = (["?" | "-"] (word | quoted | regex))*"""
        required: list[Term] = []
        optional: list[Term] = []
        excluded: list[Term] = []
        while True:
            self.skip_space()
            if self.at_end():
                return TermPattern(tuple(required), tuple(optional), tuple(excluded))
            into = required
            if self.take("?"):
                into = optional
            elif self.take("-"):
                into = excluded
                self.skip_space()
            into.append(self.term())
            if not self.at_end() and self.source[self.position] not in _SPACE:
                self.fail("expected white space between terms")

    def term(self) -> Term:
        start = self.position
        if self.peek('"'):
            content: Text | Regex = self.quoted()
        elif self.peek("%"):
            content = self.regex(limit=MAX_LENGTH)
        else:
            word = re.compile(r'[^\s"%?]+').match(self.source, self.position)
            if word is None:
                self.fail("expected a term")
            if not re.fullmatch(r"\w+", word[0], re.ASCII):
                odd = next(index for index, char in enumerate(word[0]) if not re.match(r"\w", char, re.ASCII))
                place = self.position + odd
                self.fail("a term with anything but letters, digits and '_' must be quoted", (place, place + 1))
            self.position = word.end()
            content = Text(word[0])
        return Term(content, (start, self.position))

    # ------------------------------------------------------------------- space-delimited patterns

    def space_delimited_pattern(self) -> SpaceDelimitedPattern:
        """delimited = "[" [field ("," field)*] "]" """
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
                continue
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
            operator = self.operator()
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
