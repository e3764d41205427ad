"""Numbers in every spelling: what words see of them and what their values are have to agree."""

from __future__ import annotations

import pytest
from config_changes_alarm.filter_pattern import Answer, matches, parse
from config_changes_alarm.proof import ANY_RECORD, Covered, Missed, Undecided, covers, never_matches, plain_text

from tests.filter_pattern.sources import leaf

SPELLINGS = (
    *("12", "12.0", "12.00", "1.2e1", "1.2E1", "1.2E+1", "120e-1", "353.0", "1.688992107857E9", "1688992107857e-3"),
    *("-0", "0.0", "1E+999", "1e-999", "1234567890123456", "1234567890123456.0", "0.1", "1e-1", "1e15"),
)


def answer(required: str, *deployed: str) -> Covered | Missed | Undecided:
    return covers(parse(required), [parse(each) for each in deployed])


@pytest.mark.parametrize(
    ("required", "deployed", "verdict"),
    [
        ("{ $.x = 12 && $.x > 2 }", '{ $.x = "12" }', Missed),
        ("{ $.x >= 12 && $.x <= 12 }", '{ $.x = "12" }', Missed),
        ("{ $.x >= 353 && $.x <= 353.0 }", "{ $.x = *3 }", Missed),
        ("{ $.x > 11 && $.x < 13 && $.x != 11.5 }", '{ $.x = "12" }', Missed),
        ("{ $.x = 12 && $.x > 2 }", '{ $.x = "12" || $.x = "12.0" }', Undecided),
        ("{ $.x > 12 && $.x < 13 }", "{ $.x = 12.* }", Undecided),
        ("{ $.x > 1e15 && $.x > 5 }", "{ $.y = 1 }", Missed),
        ("{ $.x > 1688992107 && $.x < 1688992108 }", "{ $.x > 1e9 }", Covered),
        ("{ $.x > 1e15 }", "{ $.x > 5 }", Covered),
        ("{ $.x < -1e15 }", "{ $.x < 5 }", Covered),
        ("{ $.x > 1e-5 && $.x < 1e-4 }", "{ $.y = 1 }", Missed),
        ("{ $.x > 1234567890123456 }", "{ $.x > 5 }", Covered),
        ("{ $.x = 1234567890123456 && $.x > 2 }", "{ $.x > 5 }", Covered),
        ("{ $.x = 12345678901234567890 && $.x > 2 }", "{ $.x = 12345678901234567891 }", Undecided),
        ("{ $.x = 1234567890123456 && $.x > 1234567890123457 }", "{ $.y = 1 }", Covered),
        ('{ $.x = "5" && $.x > 7 }', "{ $.y = 1 }", Covered),
        ("{ $.x = 12* }", "{ $.x = 1* }", Covered),
        ("{ $.x = 1e5* }", "{ $.x = 1* }", Covered),
        ("{ $.x = %^12$% }", "{ $.x = %2% }", Covered),
        ("{ $.x = 5 }", "{ $.x >= 5 }", Covered),
        ("{ $.x = 1 }", "{ $.x >= 1 }", Covered),
        ("{ $.x = 0 }", "{ $.x <= 0 }", Covered),
        ("{ $.x > 5 }", "{ $.x >= 5 }", Covered),
        ("{ $.x > 5 }", "{ $.x > 4 }", Covered),
        ("{ $.x > 0 }", "{ $.x >= 0 }", Covered),
        ("{ $.x >= 5 && $.x <= 5 }", "{ $.x >= 5 }", Covered),
        ("{ $.x = 5 }", "{ $.x != 7 }", Covered),
        ("{ $.x >= 5 }", "{ $.x = 5 || $.x > 5 }", Undecided),
        ("{ $.x = 5 }", "{ $.x >= 4 }", Undecided),
        ("{ $.x = 5 }", '{ $.x = "5" }', Missed),
        ("{ $.x = true }", "{ $.x = tr* }", Covered),
        ("{ $.x = null }", "{ $.x = %null% || $.x = n* }", Covered),
        ("{ $.x = 1*2 }", "{ $.x = 1* }", Covered),
        ("{ $.x = 1*2 }", '{ $.x = "1*2" }', Covered),
    ],
)
def test_words_and_values_agree(required: str, deployed: str, verdict: type) -> None:
    found = answer(required, deployed)
    assert isinstance(found, verdict), found


def test_never_means_never_for_all_spellings_of_a_number() -> None:
    """12.0 is 12, and no word `12`: there is a record that the one matches and the other does not reject."""
    required = parse("{ $.x = 12 && $.x > 2 }")
    assert not never_matches(required, parse('{ $.x = "12.0" }'), ANY_RECORD)
    assert not never_matches(required, parse('{ $.x != "12" }'), ANY_RECORD)
    assert not never_matches(parse("{ $.x > 1e15 }"), parse("{ $.x > 5 }"), ANY_RECORD)
    assert never_matches(required, parse("{ $.x > 13 }"), ANY_RECORD)
    assert never_matches(required, parse('{ $.x = "13" }'), ANY_RECORD)


CONDITIONS = (
    *("$.x = 12", "$.x != 12", "$.x > 2", "$.x < 13", "$.x >= 12", "$.x <= 12", "$.x > 1e15", "$.x < 0.5", "$.x = 353"),
    *('$.x = "12"', '$.x != "12"', '$.x = "12.0"', "$.x = 12*", "$.x = *0", '$.x = "1*2"', "$.x = *E9", "$.x = *"),
    *("$.x = %2%", "$.x != %^12%", "$.x = 1234567890123456", "$.x > 1234567890123455", "$.x = 1e400"),
)


@pytest.mark.parametrize("required", CONDITIONS)
def test_what_is_covered_is_covered_in_every_spelling(required: str) -> None:
    """No record with one of the spellings is required for certain and rejected for certain."""
    messages = [f'{{"x":{number}}}' for number in SPELLINGS]
    for also in CONDITIONS:
        pattern = parse(f"{{ {required} && {also} }}")
        wanted = [message for message in messages if matches(pattern, message) is Answer.MATCH]
        for deployed in CONDITIONS:
            other = parse(f"{{ {deployed} }}")
            rejected = [message for message in wanted if matches(other, message) is Answer.NO_MATCH]
            if rejected:
                assert not isinstance(covers(pattern, [other]), Covered), (also, deployed, rejected)
            if any(matches(other, message) is Answer.MATCH for message in wanted):
                assert not never_matches(pattern, other, ANY_RECORD), (also, deployed)


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        ('$.a = "1*2"', None),
        ("$.a = 1*2", None),
        ('$.a = "1e*5"', None),
        ('$.a = "t*e"', None),
        ('$.a = "n*l"', None),
        ('$.a = "12"', None),
        ('$.a = "Ev*ent"', "Ev*ent"),
        ("$.a = config.amazonaws.com", "config.amazonaws.com"),
        ("$.a = i-12", None),
        ('$.a = "i-12"', "i-12"),
    ],
)
def test_a_fixed_string_is_one_that_nothing_but_that_string_can_be(condition: str, text: str | None) -> None:
    assert plain_text(leaf(condition)) == text


def test_a_star_within_a_number_is_no_fixed_string() -> None:
    """On the number 142 it may be a wildcard, so the string alone is not all that is required."""
    assert isinstance(answer('{ $.a = "1*2" }', "{ $.a = %[*]% }"), Undecided)
    assert isinstance(answer('{ $.a = "Ev*ent" }', "{ $.a = %[*]% }"), Covered)
