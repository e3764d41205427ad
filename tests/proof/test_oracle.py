"""`covers` against an independent oracle: z3, with semantics written anew, on random questions from fixed seeds.

    Covered    the oracle finds no record that is required and escapes, however the undocumented answers turn out
    Missed     the oracle confirms the record: it is one of the model, required and rejected, for certain
    Undecided  right where the oracle says that AWS documents too little; else it counts, and must stay rare

With DEEP=1 it is 10,000 questions and more; `make test` prints the shares in its summary.
"""

from __future__ import annotations

import json
import os
import random
from collections import Counter
from collections.abc import Callable

import pytest
from config_changes_alarm.control import RequiredEvent, record_model
from config_changes_alarm.filter_pattern import Index, Name, PatternSyntaxError, Step, parse
from config_changes_alarm.proof import Covered, Domain, Kind, Missed, RecordModel, Undecided, covers

from tests.filter_pattern.vectors import vectors

from .oracle.decision import Judgement, confirms, decide
from .oracle.generation import question
from .oracle.language import read
from .oracle.question import Question, printed
from .oracle.record_generation import EVENT, cloudtrail_question
from .oracle.records import CLOUDTRAIL, Facts

Record = Callable[[str, object], None]

DEEP = bool(os.environ.get("DEEP"))
CHUNK = 100
MAX_UNDECIDED = 0.02
"""Of one chunk; of all questions it is well under 1%."""
SAMPLE = range(85 if DEEP else 3)
CLOUDTRAIL_SAMPLE = range(25 if DEEP else 2)
ACCOUNT = "111122223333"
EVENT_MODEL = record_model(RequiredEvent(EVENT, "config.amazonaws.com"), False, ACCOUNT)


def model(facts: Facts) -> RecordModel:
    """The product's model of the same facts, with one record of it to start from."""
    if facts is CLOUDTRAIL:
        return EVENT_MODEL
    domains: dict[tuple[Step, ...], Domain] = {}
    base = {}
    for path, (kinds, _) in facts.items():
        booleans = tuple(kind == "true" for kind in kinds if kind in ("true", "false"))
        names = dict.fromkeys("boolean" if kind in ("true", "false") else kind for kind in kinds)
        steps: tuple[Step, ...] = tuple(Index(step) if isinstance(step, int) else Name(step) for step in path)
        domains[steps] = Domain(tuple(Kind(name) for name in names), booleans=booleans or (True, False))
        if "missing" not in kinds:
            base[path[0]] = {"string": "z", "number": 7, "true": True}[kinds[0]]
    return RecordModel(domains=domains, bases=(json.dumps(base),))


def product(asked: Question, seed: int = 0) -> Covered | Missed | Undecided:
    style = random.Random(seed)
    required, *deployed = (parse(printed(each, style)) for each in (asked.required, *asked.deployed))
    return covers(required, deployed, model(asked.facts))


def oracle(asked: Question, answer: Covered | Missed | Undecided) -> tuple[str, bool]:
    """What the two say in a word, and whether that is an agreement."""
    if isinstance(answer, Missed):
        if confirms(answer.message, asked.required, asked.deployed, asked.facts):
            return "missed", True
        return f"not a counterexample: {answer.message}", False
    judgement = decide(asked.required, asked.deployed, asked.facts)
    if judgement is Judgement.GAVE_UP:
        return judgement.value, True
    if isinstance(answer, Covered):
        return "covered" if judgement is Judgement.COVERED else "not covered", judgement is Judgement.COVERED
    return (judgement.value if judgement is Judgement.OPEN else f"undecided, is {judgement.value}"), True


def smallest(asked: Question, failing: Callable[[Question], bool]) -> Question:
    """The question without everything that the failure does not need."""
    while True:
        smaller = next((each for each in asked.smaller() if each.deployed and failing(each)), None)
        if smaller is None:
            return asked
        asked = smaller


def disagrees(asked: Question) -> bool:
    return not oracle(asked, product(asked))[1]


def compare(generate: Callable[[int], Question], seeds: range, record_property: Record) -> None:
    """Puts every question to both, and keeps the shares for the summary."""
    shares: Counter[str] = Counter()
    for seed in seeds:
        asked = generate(seed)
        outcome, agreed = oracle(asked, product(asked, seed))
        if not agreed:
            least = smallest(asked, disagrees) if disagrees(asked) else asked
            pytest.fail(f"question {seed}: {outcome}\n{least}\nproduct  {product(least)}")
        shares[outcome] += 1
    for outcome, count in shares.items():
        record_property(f"oracle: {outcome}", count)
    assert shares["covered"] > len(seeds) / 5
    assert shares["missed"] > len(seeds) / 20
    assert shares[Judgement.GAVE_UP.value] <= len(seeds) / 50
    undecided = sum(count for outcome, count in shares.items() if outcome.startswith("undecided"))
    assert undecided <= MAX_UNDECIDED * len(seeds)


@pytest.mark.parametrize("chunk", SAMPLE)
def test_random_patterns(chunk: int, record_property: Record) -> None:
    compare(question, range(chunk * CHUNK, chunk * CHUNK + CHUNK), record_property)


@pytest.mark.parametrize("chunk", CLOUDTRAIL_SAMPLE)
def test_random_patterns_on_the_records_of_an_event(chunk: int, record_property: Record) -> None:
    compare(cloudtrail_question, range(chunk * CHUNK, chunk * CHUNK + CHUNK), record_property)


# --------------------------------------------------------------------------- patterns in use

USED = vectors("config_patterns")
EVENTS = ("StopConfigurationRecorder", "DeleteDeliveryChannel", "PutDeliveryChannel", "PutConfigurationRecorder")


@pytest.mark.parametrize("source", [row["pattern"] for row in USED if row["valid"]], ids=lambda source: source[:60])
def test_a_pattern_in_use(source: str) -> None:
    """Each event of the control, against each pattern that somebody deployed."""
    for event in EVENTS:
        required = f'{{ $.eventSource = "config.amazonaws.com" && $.eventName = "{event}" }}'
        records = record_model(RequiredEvent(event, "config.amazonaws.com"), False, ACCOUNT)
        answer = covers(parse(required), [parse(source)], records)
        formulas = (read(required), read(source))
        if isinstance(answer, Missed):
            assert confirms(answer.message, formulas[0], formulas[1:], CLOUDTRAIL), answer.message
        else:
            assert isinstance(answer, Covered), answer
            assert decide(formulas[0], formulas[1:], CLOUDTRAIL) is Judgement.COVERED


# --------------------------------------------------------------------------- the oracle itself


@pytest.mark.parametrize(
    ("required", "deployed", "judgement"),
    [
        ("$.a = x", "$.a = x", Judgement.COVERED),
        ("$.a = x*", "$.a = x", Judgement.MISSED),
        ("$.a = x && $.a = y", "$.b = 1", Judgement.COVERED),
        ("$.a != x", "$.a != x || $.a NOT EXISTS", Judgement.COVERED),
        ("$.a NOT EXISTS", "$.a != x", Judgement.MISSED),
        ('$.a = "1" && $.a >= 1', "$.a = 1", Judgement.OPEN),
        ('$.a = "1.5*" && $.a >= 1.5', "$.a < 1.6", Judgement.OPEN),
        ("$.a > 12 && $.a < 13", "$.a = 12.*", Judgement.OPEN),
        ("$.a > 12 && $.a <= 13", "$.a = 12.*", Judgement.MISSED),
        ("$.a > -2 && $.a < -1", '$.a = "-1.*"', Judgement.OPEN),
        ("$.a > 0.9 && $.a < 1", '$.a = "0.9*"', Judgement.OPEN),
        ("$.a >= 0.9 && $.a < 1", '$.a = "0.9*"', Judgement.OPEN),
        ("$.a = %^a+$%", "$.a = %a%", Judgement.COVERED),
        ("$.a = %^[ab]{2}$%", "$.a = aa || $.a = ab || $.a = ba || $.a = bb", Judgement.COVERED),
        ("$.a = %^[ab]{2}$%", "$.a = aa || $.a = ab || $.a = bb", Judgement.MISSED),
        ("$.a.b = x", "$.a NOT EXISTS", Judgement.MISSED),
        ("$.a.b = x && $.a[0] = x", "$.c = x", Judgement.COVERED),
        ("$.a[1] = x && $.a[0] NOT EXISTS", "$.c = x", Judgement.COVERED),
        ("$.a != x && $.a IS NULL", "$.b = x", Judgement.OPEN),
        ("$.a = *bb", "$.b = x", Judgement.MISSED),
        ("$.a = bbb", "$.a = *bb", Judgement.OPEN),
        ("$.a = 1", "$.a < 2", Judgement.OPEN),
        ("$.a = 1", "$.a <= 1", Judgement.COVERED),
        ("$.a > 5", "$.a > 4", Judgement.COVERED),
        ("$.a = 12 && $.a > 2", '$.a = "12"', Judgement.MISSED),
        ("$.a = 12 && $.a > 2", '$.a = "12" || $.a = "12.0"', Judgement.OPEN),
    ],
)
def test_the_oracle_answers(required: str, deployed: str, judgement: Judgement) -> None:
    assert decide(read(f"{{{required}}}"), [read(f"{{{deployed}}}")]) is judgement


def test_the_oracle_reads_what_it_prints() -> None:
    for seed in range(300):
        asked = question(seed)
        for formula in (asked.required, *asked.deployed):
            plain = printed(formula)
            assert printed(read(plain)) == plain
            assert printed(read(printed(formula, random.Random(seed)))) == plain


def test_the_oracle_refuses_a_message_that_is_none() -> None:
    required, deployed = read("{ $.a = 1 }"), read("{ $.a > 1 }")
    assert confirms('{"a": 1}', required, [deployed])
    assert not confirms('{"a": 2}', required, [deployed])
    assert confirms('{"a": 1e0}', required, [deployed])
    assert not confirms('{"a": 2e0}', required, [deployed])
    assert not confirms('{"a": 1}', required, [deployed], {("a",): (("string",), None)})


def test_every_generated_pattern_is_valid() -> None:
    for seed in range(300):
        for asked in (question(seed), cloudtrail_question(seed)):
            for formula in (asked.required, *asked.deployed):
                try:
                    parse(printed(formula, random.Random(seed)))
                except PatternSyntaxError as error:
                    pytest.fail(str(error))
