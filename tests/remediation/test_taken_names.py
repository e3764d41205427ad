"""What bears the runbook's names already is neither overwritten nor taken for its own."""

from __future__ import annotations

from collections.abc import Callable

import boto3
import pytest

from demo.embedded_aws import EmbeddedAws
from tests.accounts import LOG_GROUP, TOPIC, put_alarm

from .conftest import Calls
from .repairing import OWN_TOPIC, everything, mute, nothing_behind_the_trail, put_filter, repair

LIKE_OURS = {"Namespace": "ConfigChangesAlarmRule", "MetricName": "ConfigChanges", "AlarmActions": [OWN_TOPIC]}


def composite(name: str) -> None:
    put_alarm("child")
    boto3.client("cloudwatch").put_composite_alarm(AlarmName=name, AlarmRule='ALARM("child")')


FILTER_TAKEN = f"Log group {LOG_GROUP} has a metric filter ConfigChangesAlarmRule with "
ALARM_TAKEN = "There is an alarm ConfigChangesAlarmRule with "
TAKEN: dict[str, tuple[Callable[[], None], str]] = {
    "filter with another pattern": (lambda: put_filter(pattern="{ $.a = b }"), f"{FILTER_TAKEN}another pattern."),
    "filter with another metric": (lambda: put_filter(metricName="Other"), f"{FILTER_TAKEN}another metric."),
    "filter with another value": (lambda: put_filter(metricValue="0"), f"{FILTER_TAKEN}another metric value."),
    "filter with dimensions": (lambda: put_filter(dimensions={"a": "$.a"}), f"{FILTER_TAKEN}dimensions."),
    "another filter on the metric": (
        lambda: put_filter("theirs", "{ $.a = b }"),
        f"Metric ConfigChangesAlarmRule/ConfigChanges is published by metric filter theirs of log group {LOG_GROUP}.",
    ),
    "alarm on another metric": (
        lambda: put_alarm("ConfigChangesAlarmRule"),
        f"{ALARM_TAKEN}another metric.",
    ),
    "alarm with another threshold": (
        lambda: put_alarm("ConfigChangesAlarmRule", **LIKE_OURS, Threshold=2.0),
        f"{ALARM_TAKEN}another threshold.",
    ),
    "alarm with other periods": (
        lambda: put_alarm("ConfigChangesAlarmRule", **LIKE_OURS, EvaluationPeriods=2),
        f"{ALARM_TAKEN}other periods.",
    ),
    "alarm that treats missing data otherwise": (
        lambda: put_alarm("ConfigChangesAlarmRule", **LIKE_OURS, TreatMissingData="breaching"),
        f"{ALARM_TAKEN}another treatment of missing data.",
    ),
    "alarm with its actions disabled": (
        lambda: put_alarm("ConfigChangesAlarmRule", **LIKE_OURS, ActionsEnabled=False),
        f"{ALARM_TAKEN}its actions disabled.",
    ),
    "alarm that notifies another topic": (
        lambda: put_alarm("ConfigChangesAlarmRule", **{**LIKE_OURS, "AlarmActions": [TOPIC]}),
        f"{ALARM_TAKEN}no action to {OWN_TOPIC}.",
    ),
    "composite alarm": (lambda: composite("ConfigChangesAlarmRule"), f"{ALARM_TAKEN}the kind of a composite alarm."),
}


@pytest.mark.parametrize("words", TAKEN)
def test_a_name_that_is_taken_ends_the_run_before_anything_is_made(words: str, aws: EmbeddedAws, calls: Calls) -> None:
    take, message = TAKEN[words]
    nothing_behind_the_trail(aws)
    take()
    before = everything()
    execution = repair()
    assert (execution.status, list(execution.failures)) == ("Failed", ["Compare"])
    assert message in execution.failure
    assert everything() == before


def test_a_name_taken_while_the_runbook_runs_is_not_overwritten(aws: EmbeddedAws, calls: Calls) -> None:
    nothing_behind_the_trail(aws)
    calls.just_before["sns", "CreateTopic"] = lambda: put_filter(pattern="{ $.a = b }")
    execution = repair()
    assert list(execution.failures) == ["PutMetricFilter"]
    assert everything()["metric filter", f"{LOG_GROUP} ConfigChangesAlarmRule"]["filterPattern"] == "{ $.a = b }"

    boto3.client("logs").delete_metric_filter(logGroupName=LOG_GROUP, filterName="ConfigChangesAlarmRule")
    calls.just_before["logs", "PutMetricFilter"] = lambda: put_alarm("ConfigChangesAlarmRule")
    execution = repair()
    assert list(execution.failures) == ["PutMetricAlarm"]
    assert everything()["alarm", "ConfigChangesAlarmRule"]["Namespace"] == "CIS"


def test_a_muted_alarm_of_the_runbooks_name_is_left_muted(aws: EmbeddedAws, calls: Calls) -> None:
    nothing_behind_the_trail(aws)
    repair()
    mute("ConfigChangesAlarmRule")
    before = everything()
    assert f"{ALARM_TAKEN}an active mute rule." in repair().failure
    assert everything() == before
