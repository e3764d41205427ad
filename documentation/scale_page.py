"""The page `docs/scale.md`: calls, rates and cost for many accounts, computed from published prices and quotas."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from config_changes_alarm.control import controls

from deploy.conformance_pack import monitoring_pack
from deploy.settings import Settings
from deploy.templates import templates

__all__ = ["CALLS", "SIZES", "cost", "cost_times_wait", "evaluations_per_month", "scale_page", "seconds"]

_TEXT = Path(__file__).parent / "scale.md.in"

ACCOUNTS = (10, 1_000, 10_000)
DAYS = 365 / 12
PROCESSOR_SECONDS = 0.28
"""Of a whole processor, for a cold start and its evaluation over TLS on Python 3.13: measured by `make bench`."""

WAITING_SECONDS = 9 * 0.05
"""The longest chain of dependent calls is nine, 50 ms each."""

SIZES = (128, 256, 512, 1024, 1536, 1769, 2048)
_WHOLE_PROCESSOR_MB = 1769
"""Lambda gives processor time in proportion to memory, a whole processor at this size (developer guide, "Configure
memory"). A second one is of no use to a rule that waits for AWS.
"""

CALLS: Mapping[str, int] = {
    "cloudtrail:DescribeTrails": 1,
    "cloudtrail:GetTrailStatus": 1,
    "cloudtrail:GetEventSelectors": 1,
    "logs:DescribeLogGroups": 1,
    "logs:DescribeMetricFilters": 2,
    "cloudwatch:DescribeAlarmsForMetric": 1,
    "cloudwatch:ListAlarmMuteRules": 1,
    "cloudwatch:DescribeAlarmHistory": 1,
    "sns:GetTopicAttributes": 1,
    "sns:ListSubscriptionsByTopic": 1,
    "sns:GetSubscriptionAttributes": 1,
    "config:PutEvaluations": 1,
}
"""Of a compliant account with one trail, filter, alarm, topic and subscription."""

QUOTAS: Mapping[str, int] = {
    "cloudtrail:DescribeTrails": 10,
    "cloudtrail:GetTrailStatus": 10,
    "cloudtrail:GetEventSelectors": 10,
    "logs:DescribeLogGroups": 10,
    "logs:DescribeMetricFilters": 5,
    "cloudwatch:DescribeAlarmsForMetric": 9,
    "cloudwatch:ListAlarmMuteRules": 50,
    "cloudwatch:DescribeAlarmHistory": 20,
    "sns:ListSubscriptionsByTopic": 30,
}
"""Calls a second, an account and a Region (AWS's pages of quotas). Not published for the others."""

_EVALUATION_TIERS = ((100_000, 0.001), (400_000, 0.0008), (None, 0.0005))
_LAMBDA_REQUEST = 0.20 / 1_000_000
_LAMBDA_GB_SECOND = 0.0000166667
_ALARM_METRIC = 0.10
_ALARM_METRICS = 5
"""Three alarms on a metric, one on an expression over two."""


CHANGES = 100
"""A day, in an account whose scaling makes alarms anew: an example."""


def seconds(memory_mb: int) -> float:
    """That one evaluation takes in a function of this size, as AWS Config starts it: cold."""
    return PROCESSOR_SECONDS / min(1, memory_mb / _WHOLE_PROCESSOR_MB) + WAITING_SECONDS


def cost_times_wait(memory_mb: int) -> float:
    """What is least at the best size: GB-seconds, which are paid, times seconds, which are waited."""
    return memory_mb / 1024 * seconds(memory_mb) ** 2


def evaluations_per_month(accounts: int, rules: int = 1) -> int:
    """Periodic ones, every 24 hours, in one Region."""
    return round(accounts * rules * DAYS)


def cost(accounts: int, rules: int = 1) -> Mapping[str, float]:
    """USD a month in us-east-1, without any free tier; one function for all, as organization.yaml makes it."""
    evaluations = evaluations_per_month(accounts, rules)
    memory_mb = Settings.load().memory_mb
    return {
        "AWS Config evaluations": _tiered(evaluations),
        "Lambda": evaluations * (_LAMBDA_REQUEST + seconds(memory_mb) * memory_mb / 1024 * _LAMBDA_GB_SECOND),
        "CloudWatch alarms": _ALARM_METRICS * _ALARM_METRIC,
    }


def _tiered(evaluations: int) -> float:
    left, total = evaluations, 0.0
    for size, price in _EVALUATION_TIERS:
        taken = left if size is None else min(left, size)
        total += taken * price
        left -= taken
    return total


def scale_page() -> str:
    """In Markdown."""
    most, memory_mb = ACCOUNTS[-1], Settings.load().memory_mb
    taken = seconds(memory_mb)
    busiest = min(QUOTAS, key=lambda name: QUOTAS[name] / CALLS[name])
    per_second = QUOTAS[busiest] / CALLS[busiest]
    section, rules = monitoring_pack(), len(controls())
    one_triggered = _tiered(round(CHANGES * DAYS))
    return _TEXT.read_text().format(
        calls=sum(CALLS.values()),
        calls_table=_calls_table(),
        cost_table=_cost_table(),
        controls=rules,
        section_calls=rules * sum(CALLS.values()),
        section_usd=f"{cost(1, rules)['AWS Config evaluations']:.2f}",
        section_cost_table=_cost_table(rules),
        changes=CHANGES,
        one_triggered_usd=f"{one_triggered:.2f}",
        triggered_usd=f"{_tiered(round(CHANGES * rules * DAYS)):.2f}",
        pack_parameters=len(section["Parameters"]),
        pack_bytes=f"{len(templates()['conformance-pack/cis-monitoring.yaml'].encode()):,}",
        burst_seconds=f"{rules / per_second:.0f}",
        untiered=f"{evaluations_per_month(most) * _EVALUATION_TIERS[0][1]:,.0f}",
        seconds=f"{taken:.1f}",
        memory_mb=memory_mb,
        processor_seconds=f"{PROCESSOR_SECONDS:.2f}",
        waiting_seconds=f"{WAITING_SECONDS:.2f}",
        size_table=_size_table(),
        alarms=f"{_ALARM_METRICS * _ALARM_METRIC:.2f}",
        most=f"{most:,}",
        hourly_rate=f"{most / 3600:.1f}",
        hourly_concurrency=f"{most / 3600 * taken:.0f}",
        minutely_concurrency=f"{most / 60 * taken:.0f}",
        busiest=busiest,
        per_second=f"{per_second:g}",
        minutes=f"{most / per_second / 60:.0f}",
    )


def _calls_table() -> str:
    rows = (f"| `{name}` | {times} | {QUOTAS.get(name, 'not published')} |" for name, times in CALLS.items())
    return "\n".join(rows)


def _size_table() -> str:
    rows = (
        f"| {size:,} | {seconds(size):.2f} | {size / 1024 * seconds(size):.2f} | {cost_times_wait(size):.2f} |"
        for size in SIZES
    )
    return "\n".join(rows)


def _cost_table(rules: int = 1) -> str:
    rows = []
    for accounts in ACCOUNTS:
        parts = cost(accounts, rules)
        cells = " | ".join(f"{part:,.2f}" for part in parts.values())
        rows.append(
            f"| {accounts:,} | {evaluations_per_month(accounts, rules):,} | {cells} | {sum(parts.values()):,.2f} |"
        )
    return "\n".join(rows)
