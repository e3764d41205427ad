"""The grammar of filter patterns: what parses and to what, what does not and where."""

from __future__ import annotations

from typing import Any

import pytest
from config_changes_alarm.filter_pattern import (
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
    Operator,
    Or,
    Pattern,
    PatternSyntaxError,
    Regex,
    Selector,
    SpaceDelimitedPattern,
    Term,
    TermPattern,
    Text,
    parse,
)
from config_changes_alarm.filter_pattern.parser import MAX_LENGTH

from .sources import condition, parsed
from .vectors import vectors


def a_comparison(operand: Text | Number | Regex, operator: Operator = Operator.EQ) -> Comparison:
    return Comparison(Selector((Name("a"),)), operator, operand)


# --------------------------------------------------------------------------- JSON patterns


@pytest.mark.parametrize(
    ("source", "operand"),
    [
        ('$.a = "x"', Text("x")),
        ("$.a = x", Text("x")),
        ("$.a=x", Text("x")),
        ("$.a = config.amazonaws.com", Text("config.amazonaws.com")),
        ("$.a = 123.123.*", Text("123.123.*")),
        ("$.a = 111.111.111.111", Text("111.111.111.111")),
        ("$.a = 123*", Text("123*")),
        ("$.a = *", Text("*")),
        ("$.a = true", Text("true")),
        ("$.a = us-east-1", Text("us-east-1", documented=False)),
        ("$.a = 10.0.0.0/8", Text("10.0.0.0/8", documented=False)),
        ("$.a = arn:aws:iam::1:root", Text("arn:aws:iam::1:root", documented=False)),
        ("$.a = é", Text("é", documented=False)),
        ('$.a = ""', Text("")),
        ('$.a = "1"', Text("1")),
        ('$.a = "%x%"', Text("%x%")),
        (r'$.a = "say \"x\" \\ y"', Text(r'say "x" \ y')),
        (r'$.a = "a\nb"', Text(r"a\nb", documented=False)),
        (r'$.a = "\\\d\""', Text(r"\\d" + '"', documented=False)),
        ("$.a = 1", Number("1")),
        ("$.a = -1.50", Number("-1.50")),
        ("$.a = +2", Number("+2")),
        ("$.a = 1e-3", Number("1e-3")),
        ("$.a = 1.5E10", Number("1.5E10")),
        ("$.a = ٣", Text("٣", documented=False)),
        ("$.a = %^Up.*l$%", Regex("^Up.*l$")),
        ("$.a = %[0-9]{1,3}%", Regex("[0-9]{1,3}")),
    ],
)
def test_operand(source: str, operand: Text | Number | Regex) -> None:
    assert condition(source) == a_comparison(operand)
    assert condition(str(a_comparison(operand))) == a_comparison(operand)


@pytest.mark.parametrize("operator", list(Operator))
def test_every_operator_takes_a_number_with_and_without_white_space(operator: Operator) -> None:
    expected = a_comparison(Number("1"), operator)
    assert condition(f"$.a {operator.value} 1") == expected
    assert condition(f"$.a{operator.value}1") == expected


@pytest.mark.parametrize(
    ("source", "steps"),
    [
        ("$.a", (Name("a"),)),
        ("$.a.b-c.d_1", (Name("a"), Name("b-c"), Name("d_1"))),
        ("$.a[0]", (Name("a"), Index(0))),
        ("$.a[12].b", (Name("a"), Index(12), Name("b"))),
        ("$[3]", (Index(3),)),
        ("$.a[*].b", (Name("a"), AnyElement(), Name("b"))),
        ("$.*", (AnyField(),)),
        ("$.a.*.b", (Name("a"), AnyField(), Name("b"))),
        ("$.['cluster.name']", (Name("cluster.name"),)),
        ("$.a.['it is'].b", (Name("a"), Name("it is"), Name("b"))),
        ("$.['a']", (Name("a"),)),
    ],
)
def test_selector(source: str, steps: tuple[Any, ...]) -> None:
    assert condition(f"{source} NOT EXISTS") == NotExists(Selector(steps))
    assert condition(f"{Selector(steps)} NOT EXISTS") == NotExists(Selector(steps))


@pytest.mark.parametrize("constant", list(Constant))
def test_is_with_keywords_in_any_case(constant: Constant) -> None:
    expected = Is(Selector((Name("a"),)), constant)
    assert condition(f"$.a IS {constant.value}") == expected
    assert condition(f"$.a is {constant.value.lower()}") == expected


ONE, TWO, THREE = (Comparison(Selector((Name(name),)), Operator.EQ, Number("1")) for name in "abc")


@pytest.mark.parametrize(
    ("source", "tree"),
    [
        ("$.a=1 && $.b=1 || $.c=1", Or((And((ONE, TWO)), THREE))),
        ("$.a=1 || $.b=1 && $.c=1", Or((ONE, And((TWO, THREE))))),
        ("($.a=1 || $.b=1) && $.c=1", And((Or((ONE, TWO)), THREE))),
        ("$.a=1 && ($.b=1 && $.c=1)", And((ONE, TWO, THREE))),
        ("(($.a=1)||($.b=1))||($.c=1)", Or((ONE, TWO, THREE))),
        ("((($.a=1)))", ONE),
        ("\t$.a=1\r\n&&\n$.b=1 ", And((ONE, TWO))),
    ],
)
def test_precedence_and_parentheses(source: str, tree: Condition) -> None:
    assert condition(source) == tree


def test_a_condition_knows_its_place_in_the_source() -> None:
    source = '{ ($.a = 1) && $.b.c != "two" && $.d NOT EXISTS && $.e IS NULL }'
    pattern = parse(source)
    assert isinstance(pattern, JsonPattern)
    assert isinstance(pattern.condition, And)
    spans = [term.span for term in pattern.condition.terms if not isinstance(term, (And, Or))]
    assert [source[start:end] for start, end in spans] == ["$.a = 1", '$.b.c != "two"', "$.d NOT EXISTS", "$.e IS NULL"]


def test_stored_patterns_may_begin_and_end_with_white_space() -> None:
    assert parse("\n  { $.a = 1 }\n ") == parse("{$.a=1}")


# --------------------------------------------------------------------------- term and space-delimited patterns


def word(text: str) -> Term:
    return Term(Text(text))


@pytest.mark.parametrize(
    ("source", "pattern"),
    [
        ("", TermPattern()),
        (" ", TermPattern()),
        ("ERROR", TermPattern((word("ERROR"),))),
        ("ERROR Exiting", TermPattern((word("ERROR"), word("Exiting")))),
        ('"INTERNAL SERVER ERROR"', TermPattern((word("INTERNAL SERVER ERROR"),))),
        ("ERROR -Exiting", TermPattern((word("ERROR"),), (), (word("Exiting"),))),
        ('"ERROR" - "Exiting"', TermPattern((word("ERROR"),), (), (word("Exiting"),))),
        ("?ERROR ?WARN", TermPattern((), (word("ERROR"), word("WARN")))),
        ("?ERROR ?WARN -x", TermPattern((), (word("ERROR"), word("WARN")), (word("x"),))),
        ("%AUTHORIZED%", TermPattern((Term(Regex("AUTHORIZED")),))),
        ("%a% %b% %c%", TermPattern(tuple(Term(Regex(each)) for each in "abc"))),
        (r'"\"eventName\":\"StopLogging\""', TermPattern((word('"eventName":"StopLogging"'),))),
    ],
)
def test_term_pattern(source: str, pattern: Pattern) -> None:
    assert parse(source) == pattern


def equal(operand: Text | Number | Regex) -> FieldCondition:
    return FieldCondition(Operator.EQ, operand)


@pytest.mark.parametrize(
    ("source", "fields"),
    [
        ("[]", ()),
        ("[ip, user]", (Field("ip"), Field("user"))),
        ("[..., bytes]", (AnyFields(), Field("bytes"))),
        ("[ip, ..., bytes]", (Field("ip"), AnyFields(), Field("bytes"))),
        ("[request =*.html*]", (Field("request", ((equal(Text("*.html*")),),)),)),
        ("[status_code = 4*, bytes]", (Field("status_code", ((equal(Text("4*")),),)), Field("bytes"))),
        ("[bytes > 1000]", (Field("bytes", ((FieldCondition(Operator.GT, Number("1000")),),)),)),
        (
            "[status_code = 404 || status_code = 410]",
            (Field("status_code", ((equal(Number("404")),), (equal(Number("410")),))),),
        ),
        (
            "[w1!=ERROR&&w1!=%WARN%, w2]",
            (
                Field(
                    "w1", ((FieldCondition(Operator.NE, Text("ERROR")), FieldCondition(Operator.NE, Regex("WARN"))),)
                ),
                Field("w2"),
            ),
        ),
    ],
)
def test_space_delimited_pattern(source: str, fields: tuple[Field | AnyFields, ...]) -> None:
    assert parse(source) == SpaceDelimitedPattern(fields)


# --------------------------------------------------------------------------- what is not a pattern

ERRORS = [
    ("{ $.a == 1 }", 7, "the operator is '=', not '=='"),
    ("{ !($.a = 1) }", 3, "expected a selector such as $.eventName, or '('"),
    ("{ NOT $.a = 1 }", 3, "expected a selector such as $.eventName, or '('"),
    ("{ $.a IS NOT NULL }", 10, "expected NULL, TRUE or FALSE after IS"),
    ("{ $.a EXISTS }", 7, "expected one of = != < <= > >=, IS or NOT EXISTS"),
    ("{ $.a NOT NULL }", 11, "expected EXISTS after NOT"),
    ("{ $.a ISNULL }", 7, "expected one of = != < <= > >=, IS or NOT EXISTS"),
    ("{ $.a = 'x' }", 9, "a value is quoted with \", not with '"),
    ('{ $.["a"] = 1 }', 5, "expected a field's name after '.'"),
    ("{ $.[''] = 1 }", 7, 'expected a key and "\']"'),
    ("{ $.a[x] = 1 }", 7, "expected an index or '*'"),
    ("{ $.a[-1] = 1 }", 7, "expected an index or '*'"),
    ("{ $ = 1 }", 4, "expected '.name' or '[index]' after '$'"),
    ("{ a = 1 }", 3, "expected a selector such as $.eventName, or '('"),
    ("{ }", 3, "expected a selector such as $.eventName, or '('"),
    ("{ $.a = }", 9, "expected a value"),
    ('{ $.a = "x }', 9, "the quotation is not closed"),
    ("{ $.a = %x }", 9, "expected a regular expression and a closing '%'"),
    ("{ $.a = %% }", 9, "expected a regular expression and a closing '%'"),
    ("{ $.a = %(x)% }", 10, "'(' is not allowed in a regular expression"),
    ("{ $.a = 1", 10, "a pattern that starts with '{' must end with '}'"),
    ("{ $.a = 1 } x", 14, "a pattern that starts with '{' must end with '}'"),
    ("{ $.a = 1 } {}", 13, "expected nothing after the closing '}'"),
    ("{ $.a = 1 $.b = 1 }", 11, "expected '&&', '||' or '}'"),
    ("{ $.a = 1 & $.b = 1 }", 11, "expected '&&', '||' or '}'"),
    (r"{ $.a = 1 \|\| $.b = 1 }", 11, "expected '&&', '||' or '}'"),
    ("{ ($.a = 1 }", 12, "expected '&&', '||' or ')'"),
    ("{ $.a = 1) }", 10, "expected '&&', '||' or '}'"),
    ("{ $.a = 1 && }", 14, "expected a selector such as $.eventName, or '('"),
    ('{ $.a < "1" }', 9, "expected a number after <"),
    ("{ $.a >= x }", 10, "expected a number after >="),
    ("{ $.a > 1* }", 9, "expected a number after >"),
    ("{ $.a <= %1% }", 10, "expected a number after <="),
    ("{ $.*.b[*] = 1 }", 3, "a selector has at most one wildcard"),
    (
        "{ $.*=1 || $.a.*=1 || $.b.*=1 || $.c[*]=1 }",
        34,
        "a pattern has at most 3 selector wildcards",
    ),
    ("{ $.a=%a% || $.a=%b% || $.a=%c% }", 29, "a pattern has at most 2 regular expressions"),
    ("[a", 3, "expected one of = != < <= > >="),
    ("[a = 1 = 2]", 8, "expected ',' or ']'"),
    ("[a = 1 || a]", 12, "expected one of = != < <= > >="),
    ("[a = 1 || b = 2]", 11, "expected another condition on 'a'"),
    ("[a] b", 5, "expected nothing after the closing ']'"),
    ("[a = %a%, b = %b%, c = %c%]", 24, "a pattern has at most 2 regular expressions"),
    ("'{ $.a = 1 }'", 1, "a term with anything but letters, digits and '_' must be quoted"),
    ("config.amazonaws.com", 7, "a term with anything but letters, digits and '_' must be quoted"),
    ("-", 2, "expected a term"),
    ("? a", 2, "expected a term"),
    ('a"b"', 2, "expected white space between terms"),
]


@pytest.mark.parametrize(("source", "column", "message"), ERRORS, ids=[source for source, _, _ in ERRORS])
def test_error(source: str, column: int, message: str) -> None:
    with pytest.raises(PatternSyntaxError) as caught:
        parse(source)
    assert (caught.value.span[0] + 1, caught.value.message) == (column, message)


def test_an_error_is_drawn_under_the_line_it_is_in() -> None:
    with pytest.raises(PatternSyntaxError) as caught:
        parse("{ $.a = 1 &&\n  $.b > x1 }")
    assert str(caught.value) == "expected a number after >, at character 22\n    $.b > x1 }\n          ^^"


def test_a_pattern_has_at_most_1024_characters() -> None:
    longest = "{ $.a = " + "x" * (MAX_LENGTH - 10) + " }"
    assert isinstance(parse(longest), JsonPattern)
    with pytest.raises(PatternSyntaxError, match="at most 1024 characters, this one has 1025"):
        parse(longest + " ")


@pytest.mark.parametrize(
    "source",
    [
        "{" + "(" * 508 + "$.a=1" + ")" * 508 + "}",
        "{" + "($.a=1&&($.b=1||" * 60 + "$.c=1" + "))" * 29 + "}",
        "{" + "(" * 1023,
        "{" + "(" * 1022 + "}",
        "[" * 1024,
        '"' * 1023,
        "%" * 1024,
        "-" * 1024,
    ],
)
def test_nesting_is_bounded_by_the_length_alone(source: str) -> None:
    result = parsed(source)
    if not isinstance(result, PatternSyntaxError):
        assert parse(str(result)) == result


# --------------------------------------------------------------------------- patterns in use


@pytest.mark.parametrize("row", vectors("monitoring_controls"), ids=lambda row: f"{row['control']} ({row['source']})")
def test_every_published_monitoring_pattern_parses_and_prints(row: dict[str, Any]) -> None:
    pattern = parse(row["pattern"])
    assert isinstance(pattern, JsonPattern)
    assert parse(str(pattern)) == pattern


@pytest.mark.parametrize("row", vectors("config_patterns"), ids=lambda row: row["pattern"][:60])
def test_patterns_found_in_use_are_valid_or_not_as_the_service_says(row: dict[str, Any]) -> None:
    result = parsed(row["pattern"])
    assert isinstance(result, PatternSyntaxError) is not row["valid"]
    if not isinstance(result, PatternSyntaxError):
        assert parse(str(result)) == result
