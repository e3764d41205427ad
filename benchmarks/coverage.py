"""Measures `covers` beside z3 on the same questions: `python -m benchmarks.coverage`.

z3 is given the encoding of the tests' oracle, so both answer the same thing: is every record that the required pattern
matches matched by a deployed one? It begins with the half of the question that `covers` found to be the answer, and
reading the patterns' text is left out on both sides. Times are medians within this
one run, a ratio is that of two medians, and a question that z3 does not finish is given up once and not tried longer.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TypeVar

from config_changes_alarm.assessment import Compliance
from config_changes_alarm.chain import assess
from config_changes_alarm.control import RequiredEvent, record_model
from config_changes_alarm.filter_pattern import parse
from config_changes_alarm.proof import ANY_RECORD, Covered, Missed, RecordModel, Undecided, covers
from config_changes_alarm.requirement import Requirement

from tests.fake_account import NOW, FakeAccount
from tests.filter_pattern.vectors import vectors
from tests.proof.oracle.adversarial import FAMILIES, Pair
from tests.proof.oracle.decision import Judgement, decide
from tests.proof.oracle.language import Formula, read
from tests.proof.oracle.records import CLOUDTRAIL, Facts

from .hard_account import FILTERS, hard_account

SIZES = (128, 256, 512, 1024)
Z3_SECONDS = 1.0
"""What z3 has for each of a question's two parts."""

CIS = (
    "{ ($.eventSource = config.amazonaws.com) && (($.eventName=StopConfigurationRecorder)"
    "||($.eventName=DeleteDeliveryChannel)||($.eventName=PutDeliveryChannel)||($.eventName=PutConfigurationRecorder)) }"
)
EVENT = RequiredEvent("StopConfigurationRecorder", "config.amazonaws.com")
REQUIRED = '{ $.eventSource = "config.amazonaws.com" && $.eventName = "StopConfigurationRecorder" }'

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Measured:
    """One question: medians in seconds; `z3` is None where it did not end, or was not asked."""

    name: str
    size: int
    ours: float
    answer: str
    z3: float | None
    z3_answer: str

    @property
    def ratio(self) -> float | None:
        return None if self.z3 is None else self.z3 / self.ours

    def line(self) -> str:
        z3 = f"{self.z3 * 1e3:10.1f}" if self.z3 is not None else f"{'':10}"
        ratio = f"{self.ratio:8,.0f}x" if self.ratio is not None else f"{'':9}"
        return f"{self.name:66}{self.size:5}{self.ours * 1e3:9.2f}  {self.answer:10}{z3}  {self.z3_answer:14}{ratio}"


def timed(work: Callable[[], Result], enough: float, most: int) -> tuple[float, Result]:
    """The median of runs in processor seconds, as many as fit into a time, at least one; and the last result."""
    times: list[float] = []
    while True:
        start = time.process_time()
        result = work()
        times.append(time.process_time() - start)
        if sum(times) >= enough or len(times) >= most:
            return median(times), result


def formulas(pair: Pair) -> list[Formula] | None:
    """The patterns in the oracle's language, the required one first; None when it is not one of that language."""
    try:
        return [read(source) for source in (pair.required, *pair.deployed)]
    except ValueError:
        return None


def measure(name: str, pair: Pair, model: RecordModel, facts: Facts, with_z3: bool) -> Measured:
    """Both answers to one question, and what they took."""
    required, deployed = parse(pair.required), [parse(source) for source in pair.deployed]
    covers(required, deployed, model)
    ours, answer = timed(lambda: covers(required, deployed, model), enough=0.15, most=200)
    size = max(map(len, (pair.required, *pair.deployed)))
    spoken = formulas(pair)
    if spoken is None:
        return Measured(name, size, ours, word(answer), None, "cannot say it")
    if not with_z3:
        return Measured(name, size, ours, word(answer), None, "not tried")
    first = Judgement.MISSED if isinstance(answer, Missed) else Judgement.COVERED
    seconds, judgement = timed(lambda: decide(spoken[0], spoken[1:], facts, Z3_SECONDS, first), enough=0.3, most=9)
    if judgement is Judgement.GAVE_UP:
        return Measured(name, size, ours, word(answer), None, f"timed out, {Z3_SECONDS:g} s")
    return Measured(name, size, ours, word(answer), seconds, judgement.value)


def word(answer: Covered | Missed | Undecided) -> str:
    """The answer as a word of the table."""
    return type(answer).__name__.lower()


def largest_pattern_in_use() -> str:
    """Of the published and stored patterns that the tests know, the longest that AWS takes."""
    rows = [row for table in ("config_patterns", "monitoring_controls") for row in vectors(table)]
    return max((str(row["pattern"]) for row in rows if row.get("valid", True)), key=len)


def real_questions() -> Iterator[Measured]:
    """What an account with the published patterns asks."""
    records = record_model(EVENT, include_failed_calls=False, account_id="111122223333")
    largest = largest_pattern_in_use()
    yield measure("CIS pattern, deployed as it is published", Pair(CIS, (CIS,)), ANY_RECORD, {}, True)
    yield measure("one event of it, on the records of that event", Pair(REQUIRED, (CIS,)), records, CLOUDTRAIL, True)
    yield measure("largest pattern in use, against itself", Pair(largest, (largest,)), ANY_RECORD, {}, True)
    yield measure("largest pattern in use, against the CIS pattern", Pair(largest, (CIS,)), ANY_RECORD, {}, True)


def hard_questions() -> Iterator[Measured]:
    """Every family at every size; where z3 has timed out, it is not asked about longer patterns."""
    for family in FAMILIES:
        in_time = True
        for size in SIZES:
            try:
                found = measure(family.name, family.build(size), ANY_RECORD, {}, in_time)
            except RecursionError:
                print(f"{family.name:66}{size:5}  covers: maximum recursion depth exceeded")
                continue
            in_time = found.z3 is not None
            yield found


@dataclass(frozen=True, slots=True)
class Evaluated:
    """An account: its verdict, and the processor time of the evaluation in seconds."""

    name: str
    compliance: Compliance
    seconds: float


def hard_accounts() -> Iterator[Evaluated]:
    """Accounts with many hard filters in the trail's log group, judged as the rule judges them; AWS answers at once."""
    accounts = {
        "on metrics of their own, beside the control's filter": hard_account(),
        "on the alarm's metric, beside the control's filter": hard_account(on_the_alarms_metric=True),
        "on metrics of their own, and no other": hard_account(own_filter=False),
        "on the alarm's metric, and no other": hard_account(on_the_alarms_metric=True, own_filter=False),
    }
    for name, account in accounts.items():
        yield evaluated(name, account)


def evaluated(name: str, account: FakeAccount) -> Evaluated:
    """One evaluation."""
    start = time.process_time()
    assessment = assess(account.opened(), Requirement.parse({}), NOW)
    return Evaluated(name, assessment.compliance, time.process_time() - start)


def report(title: str, questions: Iterator[Measured]) -> list[Measured]:
    """Prints the table of some questions, line by line as they are answered."""
    print(f"\n{title}\n")
    print(f"{'question':66}{'size':>5}{'covers':>9}  {'answer':10}{'z3':>10}  {'answer':14}{'z3/covers':>9}")
    print(f"{'':66}{'chars':>5}{'ms':>9}  {'':10}{'ms':>10}")
    found = []
    for each in questions:
        print(each.line(), flush=True)
        found.append(each)
    return found


def main() -> None:
    """Prints the tables, and beneath them the targets."""
    real = report("Patterns in use", real_questions())
    hard = report("Patterns made to be hard, as they grow", hard_questions())
    print(f"\nAccounts with {FILTERS} such filters in the trail's log group\n")
    accounts = []
    for each in hard_accounts():
        print(f"{each.name:66}{each.seconds:8.2f} s  {each.compliance.value}", flush=True)
        accounts.append(each)
    print_summary(real, hard, accounts)


def print_summary(real: Sequence[Measured], hard: Sequence[Measured], accounts: Sequence[Evaluated]) -> None:
    """What was wanted, what was measured."""
    cis, worst = real[0], max(hard, key=lambda each: each.ours)
    ratios = [each.ratio for each in (*real, *hard) if each.ratio is not None]
    gave_up = sum(each.z3_answer.startswith(("timed out", "not tried")) for each in hard)
    undecided = sum(each.answer == "undecided" for each in hard)
    print(f"\nCIS pattern: {cis.ours * 1e3:.2f} ms (wanted: under 1), {cis.ratio or 0:,.0f} times faster than z3 (100)")
    print(f"slowest: {worst.ours * 1e3:.0f} ms (under 100), {worst.name}, {worst.size} characters")
    print(f"slowest account: {max(each.seconds for each in accounts):.2f} s of processor time (under 2)")
    print(f"median ratio over the {len(ratios)} questions that z3 answered: {median(ratios):,.0f}")
    print(f"of {len(hard)} hard questions, undecided: {undecided}, not answered by z3 in {Z3_SECONDS:g} s: {gave_up}")


if __name__ == "__main__":
    main()
