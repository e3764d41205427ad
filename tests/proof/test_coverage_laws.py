"""The laws of coverage, on random patterns of the whole language, what AWS does not document included.

`A -> B` reads: every record that A matches is matched by B. DEEP=1 tries each law on many more patterns.
What a single pattern answers, and how it is parsed and printed, has laws in tests/filter_pattern.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from typing import Any

from config_changes_alarm.control import RequiredEvent, narrow, record_model, required_events
from config_changes_alarm.control.required_events import OTHER_EVENTS
from config_changes_alarm.filter_pattern import And, Answer, Condition, JsonPattern, Or, Pattern, matches, parse
from config_changes_alarm.proof import ANY_RECORD, Covered, Missed, RecordModel, Undecided, covers, never_matches
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from tests.filter_pattern.sources import condition

law = settings(
    max_examples=3_000 if os.environ.get("DEEP") else 60,
    deadline=None,
    derandomize=not os.environ.get("DEEP"),
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)

# --------------------------------------------------------------------------- patterns and records that meet

SELECTORS = st.sampled_from(["$.a", "$.a", "$.a", "$.b", "$.c.d", "$.c", "$.l[0]", "$.l[1]", "$.l[*]", "$.c.*", "$.*"])
WORDS = st.sampled_from(
    ["a", "ab", "aab", "b", "1", "12.5", "", "*", "a*", "ab*", "*b", "*ab", "*a*", "*1", "a*b", "true", "null"]
)
NUMBERS = st.sampled_from(["0", "1", "1.0", "12", "12.5", "-1", "1e1"])
REGEXES = st.sampled_from(["a", "^a", "b$", "^a*b$", "[^a]", r"^\d+$", "a|^$", "^.{2}$", "1"])
UNDOCUMENTED = st.sampled_from(["us-east-1", '"a\\d"', "a:b"])
EQUALITIES = st.sampled_from(["=", "=", "!="])
CONDITIONS_ON_ONE = st.one_of(
    st.builds('{} {} "{}"'.format, SELECTORS, EQUALITIES, WORDS),
    st.builds('{} {} "{}"'.format, SELECTORS, EQUALITIES, WORDS),
    st.builds("{} {} {}".format, SELECTORS, st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), NUMBERS),
    st.builds("{} {} %{}%".format, SELECTORS, EQUALITIES, REGEXES),
    st.builds("{} {}".format, SELECTORS, st.sampled_from(["IS NULL", "IS TRUE", "NOT EXISTS", "NOT EXISTS"])),
    st.builds("{} {} {}".format, SELECTORS, EQUALITIES, UNDOCUMENTED),
)


def joined(kind: type[And] | type[Or], terms: Sequence[Condition]) -> Condition:
    """The node without needless ones: neither kind ever holds one of its own."""
    flat: list[Condition] = []
    for term in terms:
        flat += term.terms if isinstance(term, (And, Or)) and isinstance(term, kind) else (term,)
    return kind(tuple(flat))


CONDITIONS: st.SearchStrategy[Condition] = st.recursive(
    CONDITIONS_ON_ONE.map(condition),
    lambda inner: st.builds(joined, st.sampled_from([And, Or]), st.lists(inner, min_size=2, max_size=3)),
    max_leaves=5,
)
TERMS = st.sampled_from(["", "ab", "?ab ?12", "ab -12", '"a" b', "%^.a%"])
PATTERNS: st.SearchStrategy[Pattern] = st.one_of(
    CONDITIONS.map(JsonPattern), CONDITIONS.map(JsonPattern), CONDITIONS.map(JsonPattern), TERMS.map(parse)
)

SCALARS = st.sampled_from([None, True, "a", "ab", "aab", "abab", "b", "", "1", "12.5", "x", 0, 1, 12, 12.5, -1, 10, 7])
VALUES: st.SearchStrategy[Any] = st.one_of(
    SCALARS,
    SCALARS,
    st.lists(SCALARS, max_size=2),
    st.dictionaries(st.sampled_from(["d", "e"]), SCALARS, max_size=2),
)
RECORDS = st.dictionaries(st.sampled_from("abcl"), VALUES, max_size=4).map(json.dumps)

EVENT = RequiredEvent("StopConfigurationRecorder", "config.amazonaws.com")
EVENT_MODEL = record_model(EVENT, include_failed_calls=False, account_id="111122223333")
EVENT_FIELDS = [
    '$.eventName = "Stop*"',
    "$.eventName = PutDeliveryChannel",
    "$.eventSource != config.amazonaws.com",
    "$.errorCode NOT EXISTS",
    "$.errorCode = *",
    '$.userIdentity.type != "Root"',
    "$.userIdentity.invokedBy NOT EXISTS",
    '$.awsRegion = "us-*"',
    "$.readOnly IS FALSE",
    "$.managementEvent IS TRUE",
    "$.requestParameters.configurationRecorderName = default",
    "$.responseElements IS NULL",
]
EVENT_CONDITIONS: st.SearchStrategy[Condition] = st.recursive(
    st.sampled_from(EVENT_FIELDS).map(condition),
    lambda inner: st.builds(joined, st.sampled_from([And, Or]), st.lists(inner, min_size=2, max_size=3)),
    max_leaves=5,
)


def both(*patterns: Pattern) -> JsonPattern:
    return JsonPattern(joined(And, [one.condition for one in patterns if isinstance(one, JsonPattern)]))


def either(*patterns: Pattern) -> JsonPattern:
    return JsonPattern(joined(Or, [one.condition for one in patterns if isinstance(one, JsonPattern)]))


JSON_PATTERNS = CONDITIONS.map(JsonPattern)
DEPLOYED = st.lists(PATTERNS, max_size=3)


def verdict(required: Pattern, deployed: Sequence[Pattern], model: RecordModel = ANY_RECORD) -> type:
    return type(covers(required, deployed, model))


def like(found: type, expected: type, *patterns: Pattern) -> bool:
    """Whether an answer is as expected, or, where a selector has a wildcard, at least does not contradict it."""
    wild = any("*]" in str(each) or ".*" in str(each) for each in patterns)
    return found is expected or (wild and Undecided in (found, expected))


def escapes(message: str, required: Pattern, deployed: Sequence[Pattern]) -> bool:
    rejected = all(matches(each, message) is Answer.NO_MATCH for each in deployed)
    return matches(required, message) is Answer.MATCH and rejected


# --------------------------------------------------------------------------- what an answer claims


@law
@given(JSON_PATTERNS, st.lists(JSON_PATTERNS, min_size=1, max_size=2), st.lists(RECORDS, min_size=5, max_size=20))
def test_covered_means_that_no_required_record_is_rejected(
    one: Pattern, more: list[Pattern], records: list[str]
) -> None:
    for required, deployed in ((one, more), (both(one, *more), more), (one, [either(one, *more)])):
        answer = covers(required, deployed)
        event(type(answer).__name__)
        if isinstance(answer, Covered):
            assert not [message for message in records if escapes(message, required, deployed)]


@law
@given(PATTERNS, DEPLOYED)
def test_missed_shows_a_record_that_is_required_and_rejected(required: Pattern, deployed: list[Pattern]) -> None:
    answer = covers(required, deployed)
    event(type(answer).__name__)
    if isinstance(answer, Missed):
        assert escapes(answer.message, required, deployed)


@law
@given(PATTERNS, DEPLOYED)
def test_undecided_gives_a_reason(required: Pattern, deployed: list[Pattern]) -> None:
    answer = covers(required, deployed)
    if isinstance(answer, Undecided):
        assert answer.reason


@law
@given(JSON_PATTERNS, JSON_PATTERNS, st.lists(RECORDS, min_size=5, max_size=20))
def test_never_matches_means_that_no_record_is_matched_by_both(
    required: Pattern, deployed: Pattern, records: list[str]
) -> None:
    if never_matches(required, deployed, ANY_RECORD):
        event("never")
        assert verdict(both(required, deployed), []) is Covered
        for message in records:
            assert Answer.NO_MATCH in (matches(required, message), matches(deployed, message))


# --------------------------------------------------------------------------- the order of patterns


@law
@given(PATTERNS, DEPLOYED)
def test_a_pattern_covers_itself(pattern: Pattern, others: list[Pattern]) -> None:
    assert verdict(pattern, [pattern]) is Covered
    assert verdict(pattern, [*others, pattern]) is Covered


@law
@given(JSON_PATTERNS, JSON_PATTERNS, JSON_PATTERNS)
def test_covering_is_transitive(one: Pattern, two: Pattern, three: Pattern) -> None:
    chains = ((one, two, three), (both(one, two, three), both(two, three), three), (one, either(one, two), three))
    for first, second, third in chains:
        if verdict(first, [second]) is Covered and verdict(second, [third]) is Covered:
            event("a chain")
            assert like(verdict(first, [third]), Covered, first, second, third)


@law
@given(JSON_PATTERNS, JSON_PATTERNS, st.lists(JSON_PATTERNS, min_size=1, max_size=2))
def test_a_condition_more_can_only_narrow(one: Pattern, two: Pattern, deployed: list[Pattern]) -> None:
    everything = (one, two, *deployed)
    assert like(verdict(both(one, two), [one]), Covered, *everything)
    if verdict(one, deployed) is Covered:
        event("covered")
        assert like(verdict(both(one, two), deployed), Covered, *everything)
    if verdict(one, [both(deployed[0], two)]) is Covered:
        assert like(verdict(one, deployed), Covered, *everything)


@law
@given(JSON_PATTERNS, JSON_PATTERNS, st.lists(JSON_PATTERNS, min_size=1, max_size=2))
def test_an_alternative_more_can_only_widen(one: Pattern, two: Pattern, deployed: list[Pattern]) -> None:
    everything = (one, two, *deployed)
    assert like(verdict(one, [either(one, two)]), Covered, *everything)
    if verdict(one, deployed) is Covered:
        event("covered")
        assert verdict(one, [*deployed, two]) is Covered
        assert like(verdict(one, [either(deployed[0], two), *deployed[1:]]), Covered, *everything)
    if verdict(one, deployed) is Missed:
        event("missed")
        assert like(verdict(either(one, two), deployed), Missed, *everything)


# --------------------------------------------------------------------------- what makes no difference


@law
@given(JSON_PATTERNS, st.lists(JSON_PATTERNS, min_size=2, max_size=3))
def test_several_patterns_are_their_disjunction(required: Pattern, deployed: list[Pattern]) -> None:
    assert like(verdict(required, deployed), verdict(required, [either(*deployed)]), required, *deployed)


@law
@given(JSON_PATTERNS, JSON_PATTERNS, JSON_PATTERNS)
def test_a_disjunction_is_covered_when_each_of_its_parts_is(one: Pattern, two: Pattern, deployed: Pattern) -> None:
    parts = (verdict(one, [deployed]), verdict(two, [deployed]))
    whole = verdict(either(one, two), [deployed])
    expected = Missed if Missed in parts else Undecided if Undecided in parts else Covered
    assert like(whole, expected, one, two, deployed)


@law
@given(CONDITIONS, st.lists(CONDITIONS, min_size=2, max_size=3), st.randoms(use_true_random=False))
def test_order_repetition_and_parentheses_make_no_difference(
    required: Condition, terms: list[Condition], lots: Any
) -> None:
    shuffled = [*terms, lots.choice(terms)]
    lots.shuffle(shuffled)
    other = JsonPattern(required)
    for kind, mark in ((And, "&&"), (Or, "||")):
        plain = JsonPattern(joined(kind, terms))
        forms = [JsonPattern(joined(kind, shuffled))]
        if few(terms):
            forms.append(JsonPattern(condition(f" {mark} ".join(f"(({term}))" for term in terms))))
        for form in forms:
            assert like(verdict(other, [form]), verdict(other, [plain]), other, plain)
            assert like(verdict(form, [other]), verdict(plain, [other]), other, plain)


def few(terms: Sequence[Condition]) -> bool:
    """Whether AWS would take so many regular expressions and wildcards in one pattern."""
    texts = " ".join(map(str, terms))
    return texts.count("%") <= 4 and texts.count("[*]") + texts.count(".*") <= 3


@law
@given(PATTERNS, DEPLOYED)
def test_printing_makes_no_difference(required: Pattern, deployed: list[Pattern]) -> None:
    assume(all(few([each.condition]) for each in (required, *deployed) if isinstance(each, JsonPattern)))
    printed = [parse(str(each)) for each in deployed]
    assert covers(parse(str(required)), printed) == covers(required, deployed)


# --------------------------------------------------------------------------- what is known of records


@law
@given(EVENT_CONDITIONS, st.lists(EVENT_CONDITIONS, min_size=1, max_size=2))
def test_knowing_more_of_the_records_can_only_cover_more(required: Condition, deployed: list[Condition]) -> None:
    one, more = JsonPattern(required), [JsonPattern(each) for each in deployed]
    known, unknown = covers(one, more, EVENT_MODEL), covers(one, more)
    event(f"{type(known).__name__}, {type(unknown).__name__} of any record")
    if isinstance(unknown, Covered):
        assert isinstance(known, Covered)
    if isinstance(known, Missed):
        assert escapes(known.message, one, more)
        assert not isinstance(unknown, Covered)


@law
@given(st.lists(st.sampled_from(["Stop", "Put", "Delete"]), min_size=1, max_size=3, unique=True), CONDITIONS)
def test_the_events_of_a_pattern_together_are_the_pattern(names: list[str], other: Condition) -> None:
    named = " || ".join(f"$.eventName = {name}" for name in names)
    required = JsonPattern(joined(And, [condition(named), other]))
    events = required_events(required)
    assert verdict(required, [narrow(required, each) for each in events]) is Covered
    for each in events:
        assert each.name in (*names, OTHER_EVENTS)
        assert verdict(narrow(required, each), [required]) is Covered
