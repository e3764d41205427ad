"""What is not a filter pattern: where, what was expected, and what stands there instead."""

from __future__ import annotations

import pytest
from config_changes_alarm.filter_pattern import PatternSyntaxError, parse

ERRORS = [
    ("{ $.a == 1 }", 7, "the operator is '=', not '=='"),
    ("{ !($.a = 1) }", 3, "expected a selector such as $.eventName, or '('"),
    ("{ NOT $.a = 1 }", 3, "expected a selector such as $.eventName, or '('"),
    ("{ $.a IS NOT NULL }", 10, "expected NULL, TRUE or FALSE after IS"),
    ("{ $.a EXISTS }", 7, "expected one of = != < <= > >=, IS or NOT EXISTS"),
    ("{ $.a NOT NULL }", 11, "expected EXISTS after NOT"),
    ("{ $.a ISNULL }", 7, "expected one of = != < <= > >=, IS or NOT EXISTS"),
    ("{ $.a = 'x' }", 9, "a value is quoted with \", not with '"),
    ('{ $.["a"] = 1 }', 6, "expected a key between ' and '"),
    ("{ $.[''] = 1 }", 7, 'expected a key and "\']"'),
    ("{ $.a[x] = 1 }", 7, "expected an index or '*'"),
    ("{ $.a[-1] = 1 }", 7, "expected an index or '*'"),
    ("{ $ = 1 }", 4, "expected '.name' after '$'"),
    ("{ $[0] = 1 }", 4, "an index must follow a property"),
    ("{ $[*].a = 1 }", 4, "an index must follow a property"),
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
    ("[a,,b]", 4, "expected a field's name or '...'"),
    ("[,]", 2, "expected a field's name or '...'"),
    ("[a == 1]", 4, "the operator is '=', not '=='"),
    ("{ $.a =! 1 }", 8, "expected a value"),
    ('""', 1, "a term in quotes must not be empty"),
    ('ERROR ""', 7, "a term in quotes must not be empty"),
    ('?""', 2, "a term in quotes must not be empty"),
    ('ERROR -""', 8, "a term in quotes must not be empty"),
    ("'{ $.a = 1 }'", 1, "a term with anything but letters, digits and '_' must be quoted"),
    ("config.amazonaws.com", 7, "a term with anything but letters, digits and '_' must be quoted"),
    ("-", 2, "expected a term"),
    ("? a", 2, "expected a term"),
    ('a"b"', 2, "expected white space between terms"),
]


QUOTE, SPACE, MARK = "typographic quotation mark", "no-break space (U+00A0)", "byte order mark (U+FEFF)"
COPIED = [
    ("{ $.a = “x” }", 9, f"a {QUOTE} “ (U+201C)"),
    ("{ $.a = ‘x’ }", 9, f"a {QUOTE} ‘ (U+2018)"),
    ("{ $.a = „x“ }", 9, f"a {QUOTE} „ (U+201E)"),
    ("{ $.a = «x» }", 9, f"a {QUOTE} « (U+00AB)"),
    ("{ $.a = x” }", 10, f"a {QUOTE} ” (U+201D)"),
    ("{ $.a != “Root” && $.b = 1 }", 10, f"a {QUOTE} “ (U+201C)"),
    ("{ $.[‘a’] = 1 }", 6, f"a {QUOTE} ‘ (U+2018)"),
    ("“{ $.a = 1 }”", 1, f"a {QUOTE} “ (U+201C)"),
    ("{ $.a = 1 }”", 12, f"a {QUOTE} ” (U+201D)"),
    ("“ERROR”", 1, f"a {QUOTE} “ (U+201C)"),
    ("[a = “x”]", 6, f"a {QUOTE} “ (U+201C)"),
    ("{ $.a = %“x”% }", 10, f"a {QUOTE} “ (U+201C)"),
    ("{\u00a0$.a = 1 }", 2, f"a {SPACE}"),
    ("{ $.a\u00a0= 1 }", 6, f"a {SPACE}"),
    ("{ $.a =\u00a01 }", 8, f"a {SPACE}"),
    ("{ $.a = x\u00a0}", 10, f"a {SPACE}"),
    ("{ $.a = 1 &&\u00a0$.b = 1 }", 13, f"a {SPACE}"),
    ("{ $.a NOT\u00a0EXISTS }", 10, f"a {SPACE}"),
    ("{ $.a IS\u00a0NULL }", 9, f"a {SPACE}"),
    ("{ $.a = 1 }\u00a0", 12, f"a {SPACE}"),
    ("\u00a0{ $.a = 1 }", 1, f"a {SPACE}"),
    ("ERROR\u00a0WARN", 6, f"a {SPACE}"),
    ("[a,\u00a0b]", 4, f"a {SPACE}"),
    ("\ufeff{ $.a = 1 }", 1, f"a {MARK}"),
    ("{ $.a = 1 }\ufeff", 12, f"a {MARK}"),
    ("\ufeffERROR", 1, f"a {MARK}"),
    ("\ufeff[a]", 1, f"a {MARK}"),
    ("{ $.event\u200bName = x }", 10, "a zero width space (U+200B)"),
    ("{ $.a = x\u200b }", 10, "a zero width space (U+200B)"),
    ("{ $.a = 1 \u2003&& $.b = 1 }", 11, "an em space (U+2003)"),
    ("{ $.a – 1 }", 7, "an en dash (U+2013)"),
    ("{ $.a = –1 }", 9, "an en dash (U+2013)"),
    ("{ $.a ≠ 1 }", 7, "a not equal to (U+2260)"),
    ("[…, a]", 2, "a horizontal ellipsis (U+2026)"),
    ("{ $.a = x\x00 }", 10, "a control character (U+0000)"),
]


@pytest.mark.parametrize(("source", "column", "what"), COPIED, ids=[ascii(source) for source, _, _ in COPIED])
def test_a_character_that_is_not_what_it_looks_like_is_named_as_what_it_is(source: str, column: int, what: str) -> None:
    with pytest.raises(PatternSyntaxError) as caught:
        parse(source)
    assert (caught.value.span[0] + 1, caught.value.message.partition(", not ")[2]) == (column, what)


@pytest.mark.parametrize(("source", "column", "message"), ERRORS, ids=[source for source, _, _ in ERRORS])
def test_error(source: str, column: int, message: str) -> None:
    with pytest.raises(PatternSyntaxError) as caught:
        parse(source)
    assert (caught.value.span[0] + 1, caught.value.message) == (column, message)


def test_an_error_is_drawn_under_the_line_it_is_in() -> None:
    with pytest.raises(PatternSyntaxError) as caught:
        parse("{ $.a = 1 &&\n  $.b > x1 }")
    assert str(caught.value) == "expected a number after >, at character 22\n    $.b > x1 }\n          ^^"
