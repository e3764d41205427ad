"""`covers` against dense universes of concrete records, judged by semantics written anew.

    Covered    no record of the universe is required and escapes, however the open answers turn out
    Missed     the record is required and escapes for certain
    Undecided  counted; never a disagreement

20,000 fixed questions, with DEEP=1 a million; `make test` prints the shares in its summary.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable

import pytest
from config_changes_alarm.filter_pattern import Name, Pattern, PatternSyntaxError, parse
from config_changes_alarm.proof import ANY_RECORD, Covered, Domain, Kind, Missed, RecordModel, Undecided, covers

from tests.filter_pattern.service.answers import answer
from tests.filter_pattern.service.patterns import Formula, Refused, read

from .oracle.dense_questions import STRINGS, DenseQuestion, dense_question
from .oracle.universe import ABSENT, Universe

DEEP = bool(os.environ.get("DEEP"))
CHUNK = 1_000
CHUNKS = range(1_000 if DEEP else 20)
STRING_OR_MISSING = RecordModel({(Name("a"),): Domain((Kind.STRING, Kind.MISSING))})
KNOWN = (ABSENT, *('"' + text.replace('"', '\\"') + '"' for text in STRINGS))


def disagreement(asked: DenseQuestion) -> tuple[str, str | None]:
    """What the product answers in a word, and what the universe says against it."""
    try:
        required, *deployed = (parse(text) for text in (asked.required, *asked.deployed))
    except PatternSyntaxError:
        for text in (asked.required, *asked.deployed):
            if not refused(text):
                return "refused", f"the product alone refuses {text}" if not read_by_product(text) else None
        return "refused", None
    found = covers(required, deployed, STRING_OR_MISSING if asked.strings else ANY_RECORD)
    universe = asked.universe
    formulas: list[Formula] = [read(text) for text in (asked.required, *asked.deployed)]  # type: ignore[misc]
    within = universe.where("a", KNOWN) if asked.strings else universe.all
    match found:
        case Covered():
            escaping = universe.escaping(formulas[0], formulas[1:], within)
            return "covered", f"escapes: {universe.first(escaping)}" if escaping else None
        case Missed(message):
            said = [answer(formula, message, {}) for formula in formulas]
            right = said[0] is True and not any(one is not False for one in said[1:])
            return "missed", None if right else f"is no counterexample: {message}"
        case Undecided():
            missed = universe.missed(formulas[0], formulas[1:]) & within
            return "undecided, though a record is missed" if missed else "undecided", None


def refused(text: str) -> bool:
    try:
        read(text)
    except Refused:
        return True
    return False


def read_by_product(text: str) -> Pattern | None:
    try:
        return parse(text)
    except PatternSyntaxError:
        return None


@pytest.mark.parametrize("chunk", CHUNKS)
def test_covers_and_a_dense_universe_never_disagree(chunk: int, record_property: Callable[[str, object], None]) -> None:
    shares: Counter[str] = Counter()
    against = []
    for seed in range(chunk * CHUNK, chunk * CHUNK + CHUNK):
        asked = dense_question(seed)
        word, objection = disagreement(asked)
        shares[word] += 1
        if objection is not None:
            against.append(f"question {seed}: {word}, {objection}\n{asked}")
    for word, count in shares.items():
        record_property(f"dense universes: {word}", count)
    record_property("dense universes: disagreements", len(against))
    assert shares["covered"] > CHUNK / 5
    assert shares["missed"] > CHUNK / 20
    assert not against, f"{len(against)} disagreements\n" + "\n".join(against[:5])


SMALL = Universe({"a": (ABSENT, "12", "12.0", "13", "null", '"ab"', '"abab"', '{"d":12}'), "b": (ABSENT,)})


@pytest.mark.parametrize(
    ("required", "deployed", "record"),
    [
        ("$.a = 12 && $.a > 2", '$.a = "12"', '{"a":12.0}'),
        ("$.a > 2", "$.a = 12", '{"a":13}'),
        ('$.a = "*"', '$.a = "*ab"', '{"a":12}'),
        ('$.a = "*ab"', '$.a = "ab"', '{"a":"abab"}'),
        ("$.b NOT EXISTS", '$.a != "x"', "{}"),
        ('$.a = "abab"', '$.a = "*ab"', '{"a":"abab"}'),
        ("$.a.* = 12", "$.a[*] = 12", '{"a":{"d":12}}'),
    ],
)
def test_the_universe_finds_what_escapes_under_one_reading(required: str, deployed: str, record: str) -> None:
    formulas: list[Formula] = [read(f"{{ {text} }}") for text in (required, deployed)]  # type: ignore[misc]
    assert SMALL.first(SMALL.escaping(formulas[0], formulas[1:], SMALL.all)) == record


@pytest.mark.parametrize(
    ("required", "deployed"),
    [
        ('$.a != "ab"', '$.a != "ab"'),
        ('$.a = "*ab" || $.a = 12', '$.a = "*ab" || $.a > 11'),
        ("$.a.d = 12", "$.a.* = 12"),
        ("$.a.* = 12", "$.a.* > 11"),
        ("$.b = 1", "$.b = 2"),
    ],
)
def test_the_universe_finds_nothing_where_nothing_escapes(required: str, deployed: str) -> None:
    formulas: list[Formula] = [read(f"{{ {text} }}") for text in (required, deployed)]  # type: ignore[misc]
    assert SMALL.escaping(formulas[0], formulas[1:], SMALL.all) == 0
