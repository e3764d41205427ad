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
        ("$.*[3]", (AnyField(), Index(3))),
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
        ("[ip, user,]", (Field("ip"), Field("user"), Field(""))),
        ("[..., status_code=4*, ]", (AnyFields(), Field("status_code", ((equal(Text("4*")),),)), Field(""))),
        ("[...,]", (AnyFields(), Field(""))),
        ("[code =! 404]", (Field("code", ((FieldCondition(Operator.NE, Number("404")),),)),)),
        (
            "[code=!4*&&code!=5*]",
            (Field("code", ((FieldCondition(Operator.NE, Text("4*")), FieldCondition(Operator.NE, Text("5*"))),)),),
        ),
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


# --------------------------------------------------------------------------- limits


def test_within_quotes_any_character_stands_for_itself() -> None:
    assert condition('$.a = "“x”\u00a0y"') == a_comparison(Text("“x”\u00a0y"))


def test_a_pattern_has_at_most_1024_characters() -> None:
    longest = "{ $.a = " + "x" * (MAX_LENGTH - 10) + " }"
    assert isinstance(parse(longest), JsonPattern)
    with pytest.raises(PatternSyntaxError, match="at most 1024 characters, this one has 1025"):
        parse(longest + " ")


def filled(head: str, part: str, tail: str) -> str:
    """A pattern of as many parts as there may be."""
    return head + part * ((MAX_LENGTH - len(head) - len(tail)) // len(part)) + tail


@pytest.mark.parametrize(
    "source",
    [
        filled("{", "$.a=b||", "$.c=1}"),
        filled("{", "$.a=b&&($.c=1||$.d=2)||", "$.c=1}"),
        filled("{", "$.a[0]IS NULL&&", "$.c=1}"),
        filled("{", "$.a[0]NOT EXISTS||", "$.*IS TRUE}"),
        filled("{", "$.a!=a-b||", "$.c<=1}"),
        filled("{", r'$.a="1"||$.b="a b"||$.c="\\"||', "$.c=%x%}"),
        filled("", "a ", "b"),
        filled("", '"a-b" ?c -d ', "b"),
        filled("[", "a=1||a!=b&&a=*.c,", "b=!1,]"),
        filled("[", "a,", "...]"),
    ],
)
def test_what_is_printed_keeps_to_the_limit_too(source: str) -> None:
    """White space, quotation marks and parentheses for the reader are left out where there is no room for them."""
    pattern = parse(source)
    assert MAX_LENGTH - 60 < len(source) <= MAX_LENGTH
    assert len(str(pattern)) <= MAX_LENGTH
    assert parse(str(pattern)) == pattern


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
