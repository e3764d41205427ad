"""`fires` against an independent simulation of alarm evaluation, over thousands of generated alarms."""

from __future__ import annotations

import itertools
import operator
import os
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import pairwise

import pytest
from config_changes_alarm.alarm import Fires, fires
from config_changes_alarm.findings import FindingId

from ..metric_filter.publications import a_publication, beside
from .simulation import ALARM, INSUFFICIENT, OK, STATISTICS, Samples, SimulatedAlarm, judged, nothing, states
from .test_metric_alarm import NOW, an_alarm

_POINTS = {"X": True, "0": False, "-": None}

# The tables of "How alarm state is evaluated when data is missing": the range, the points needed, and the state with
# missing data treated as missing, ignore, breaching, notBreaching.
TABLES = [
    ("0 - X - X", 3, (OK, OK, OK, OK)),
    ("0 - - - -", 3, (OK, OK, OK, OK)),
    ("- - - - -", 3, (INSUFFICIENT, "retain", ALARM, OK)),
    ("0 X X - X", 3, (ALARM, ALARM, ALARM, ALARM)),
    ("- - X - -", 3, (ALARM, "retain", ALARM, OK)),
    ("0 - X - X", 2, (ALARM, ALARM, ALARM, ALARM)),
    ("0 0 X 0 X", 2, (ALARM, ALARM, ALARM, ALARM)),
    ("0 - X - -", 2, (OK, OK, ALARM, OK)),
    ("- - - - 0", 2, (OK, OK, ALARM, OK)),
    ("- - - X -", 2, (ALARM, "retain", ALARM, OK)),
]


@pytest.mark.parametrize("before", [OK, ALARM])
@pytest.mark.parametrize(("points", "needed", "expected"), TABLES)
def test_the_simulation_agrees_with_the_documented_tables(
    points: str, needed: int, expected: tuple[str, ...], before: str
) -> None:
    for treat, state in zip(("missing", "ignore", "breaching", "notBreaching"), expected, strict=True):
        alarm = SimulatedAlarm("Sum", bool, 1, 3, needed, treat)
        found = judged([_POINTS[point] for point in points.split()], alarm, before)
        assert found == (before if state == "retain" else state), treat


@pytest.mark.parametrize("points", ["- - - - X", "- - - X -"])
def test_one_late_breaching_point_of_three_is_not_yet_an_alarm(points: str) -> None:
    alarm = SimulatedAlarm("Sum", bool, 1, 3, 3)
    assert judged([_POINTS[point] for point in points.split()], alarm, OK) == OK


# --------------------------------------------------------------------------- generated alarms

COUNT = 20_000 if os.environ.get("DEEP") else 2_000
_OPERATORS: dict[str, Callable[[float, float], bool]] = {
    "GreaterThanOrEqualToThreshold": operator.ge,
    "GreaterThanThreshold": operator.gt,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}
MODELLED = {FindingId.ALARM_NEVER_FIRES, FindingId.ALARM_ALWAYS_ON, FindingId.ALARM_DOES_NOT_REARM}


def _breaches(comparison: str, threshold: float, value: float) -> bool:
    return _OPERATORS[comparison](value, threshold)


def _scenarios(rng: random.Random, alarm: SimulatedAlarm, spare: int, value: float, zeros: bool) -> Iterator[Samples]:
    """One event between long rests; with a default value, beside other log events in no, in all and in some minutes.

    An alarm that ignores missing data comes back only when other events are logged, which CloudTrail sees to.
    """
    rest = (alarm.periods + spare + 2) * alarm.period * 2
    for busy in ((0.0,) if alarm.treat != "ignore" or not zeros else ()) + ((1.0, 0.5) if zeros else ()):
        for zero_beside in (False, True) if busy else (False,):
            event = rest + rng.randrange(alarm.period)
            samples = [[0.0] if rng.random() < busy else [] for _ in range(event + rest)]
            samples[event] = [value, *[0.0] * 50] if zero_beside else [value]
            if busy and alarm.treat == "ignore":
                samples[-alarm.period :] = [[0.0]] * alarm.period
            yield samples


def _told(
    alarm: SimulatedAlarm, samples: Samples, event: int, spare: int, start: str, sliding: bool, late: int = 0
) -> bool:
    """Quiet before, one transition to ALARM with the event, and back.

    With sliding periods, minutes without data between zeros may bring the event's period back as the newest with data:
    then it is told again.
    """
    history = states(alarm, samples, spare, sliding, start, late)
    entered = [minute for minute, (before, after) in enumerate(pairwise(history), 1) if before != ALARM == after]
    often = len(entered) >= 1 if sliding else len(entered) == 1
    return ALARM not in history[event // 2 : event] and often and history[-1] != ALARM


def _generated(rng: random.Random) -> Iterator[tuple[dict[str, object], dict[str, object], SimulatedAlarm]]:
    while True:
        comparison = rng.choices(list(_OPERATORS), (4, 4, 1, 1))[0]
        threshold = rng.choice((0.0, 0.5, 1.0, 1.0, 1.0, 2.0))
        periods = rng.choice((1, 1, 2, 3))
        needed = rng.randint(1, periods)
        treat = rng.choice(("missing", "notBreaching", "ignore", "breaching"))
        period = rng.choice((1, 2, 3))
        statistic = rng.choice(list(STATISTICS))
        value = rng.choice((1.0, 1.0, 0.5, 3.0))
        zeros = rng.random() < 0.5
        yield (
            {
                "Statistic": statistic,
                "ComparisonOperator": comparison,
                "Threshold": threshold,
                "Period": period * 60,
                "EvaluationPeriods": periods,
                "DatapointsToAlarm": needed,
                "TreatMissingData": treat,
            },
            {"metricValue": str(value), **({"defaultValue": 0.0} if zeros else {})},
            SimulatedAlarm(statistic, partial(_breaches, comparison, threshold), period, periods, needed, treat),
        )


def _not_accepted_though_it_may_tell(simulated: SimulatedAlarm) -> bool:
    """What CloudWatch documents by example only: missing data ignored over several periods."""
    return simulated.treat == "ignore" and simulated.periods > 1


def test_fires_means_one_transition_and_silent_means_none() -> None:
    rng = random.Random(20260901)
    seen: Counter[str] = Counter()
    for members, transformation, simulated in (alarm for alarm, _ in zip(_generated(rng), range(COUNT), strict=False)):
        publication = a_publication(**transformation)
        found = fires(an_alarm(**members), publication, 86_400, NOW)
        zeros = publication.default_value is not None
        told: list[bool] = []
        for spare in (0, 2, 3):
            for samples in _scenarios(rng, simulated, spare, publication.value, zeros):
                event = next(minute for minute, each in enumerate(samples) if publication.value in each)
                told += [
                    _told(simulated, samples, event, spare, start, sliding)
                    for start in (OK, INSUFFICIENT)
                    for sliding in (False, True)
                ]
        if isinstance(found, Fires):
            assert all(told), (members, transformation)
        elif found.reasons[0].id in MODELLED and not _not_accepted_though_it_may_tell(simulated):
            assert not all(told), (members, transformation, found)
        seen["fires" if isinstance(found, Fires) else str(found.reasons[0].id)] += 1
    assert min(seen["fires"], *(seen[str(each)] for each in MODELLED)) >= COUNT // 50, seen


@pytest.mark.parametrize("zeros", [False, True])
@pytest.mark.parametrize(("period", "periods"), [(1, 1), (5, 1), (60, 1), (5, 12), (1, 3)])
def test_an_alarm_returns_within_the_time_that_is_reckoned_and_may_take_all_of_it(
    period: int, periods: int, zeros: bool
) -> None:
    """Over ranges of up to three more periods than are needed, with nothing or with zeros after the event."""
    publication = a_publication(**({"defaultValue": 0.0} if zeros else {}))
    members = {"Period": period * 60, "EvaluationPeriods": periods, "DatapointsToAlarm": 1}
    found = fires(an_alarm(**members), publication, 86_400, NOW)
    assert isinstance(found, Fires)
    simulated = SimulatedAlarm("Sum", bool, period, periods, 1)
    rest = [[0.0] if zeros else []] * ((periods + 4) * period * 2)
    lasted = [states(simulated, [*rest, [1.0], *rest], spare, sliding=True).count(ALARM) * 60 for spare in range(4)]
    assert max(lasted) == found.returns_after


# --------------------------------------------------------------------------- data that arrives late


def _zeros(often: int, minute: int) -> Sequence[float]:
    return () if minute % often else (0.0,)


def _metrics(period: int, expression: str) -> dict[str, object]:
    stat = {"Metric": {"Namespace": "CIS", "MetricName": "ConfigChanges"}, "Period": period * 60, "Stat": "Sum"}
    return {
        "Metrics": [
            {"Id": "e1", "Expression": expression, "ReturnData": True},
            {"Id": "m1", "MetricStat": stat, "ReturnData": False},
        ],
        **dict.fromkeys(("Namespace", "MetricName", "Statistic", "Period")),
    }


@pytest.mark.parametrize("period", [1, 2, 3, 4, 5, 6])
@pytest.mark.parametrize("periods", [1, 2, 3, 5])
@pytest.mark.parametrize("treat", ["missing", "notBreaching"])
@pytest.mark.parametrize("mixed", ["nothing", "zeros of its own", "zeros of another filter", "filled with 0"])
def test_an_alarm_that_fires_does_so_however_late_its_data(period: int, periods: int, treat: str, mixed: str) -> None:
    """Up to four minutes late, within the range that is evaluated.

    A 0 that is there first hides the event from an alarm that looks at less. The guide says so of FILL: an alarm may
    be stuck in OK when the newest minute never has data.
    """
    members = {"EvaluationPeriods": periods, "DatapointsToAlarm": 1, "TreatMissingData": treat}
    members |= _metrics(period, "FILL(m1, 0)") if mixed == "filled with 0" else {"Period": period * 60}
    publication = a_publication(**({"defaultValue": 0.0} if mixed == "zeros of its own" else {}))
    if mixed == "zeros of another filter":
        publication = beside(publication, [{"defaultValue": 0.0}])
    found = fires(an_alarm(**members), publication, 86_400, NOW)
    own = [0.0] if mixed == "zeros of its own" else []
    told = []
    for late, often, spare in itertools.product(range(5), (1, 3), (5, 8)):
        prompt = partial(_zeros, often) if mixed == "zeros of another filter" else nothing
        filler = 0.0 if mixed == "filled with 0" else None
        simulated = SimulatedAlarm("Sum", bool, period, periods, 1, treat, filler, prompt)
        event = (periods + spare + 2) * period * 2 + late
        samples = [own] * event + [[1.0]] + [own] * event
        told.append(_told(simulated, samples, event, spare, OK, sliding=True, late=late))
    assert isinstance(found, Fires) == (mixed in ("nothing", "zeros of its own") or period * periods >= 5)
    assert all(told) == isinstance(found, Fires)
