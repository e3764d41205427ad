"""The whole monitoring section on the embedded AWS: a filter and an alarm for each control, one topic for all."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import boto3
from config_changes_alarm.control import DEFAULT_CONTROL, control, control_ids

from demo.embedded_aws import EmbeddedAws

from .accounts import LOG_GROUP, TOPIC, an_account


def the_section(aws: EmbeddedAws, ids: Collection[str] = control_ids()) -> None:
    """Builds an account that monitors these controls; AWS Config's is always one of them."""
    an_account(aws)
    cloudwatch = boto3.client("cloudwatch")
    for id_ in ids:
        if id_ == DEFAULT_CONTROL:
            continue
        a_filter(id_)
        cloudwatch.put_metric_alarm(
            AlarmName=id_,
            Namespace="CIS",
            MetricName=id_,
            Statistic="Sum",
            Period=300,
            EvaluationPeriods=1,
            Threshold=1,
            ComparisonOperator="GreaterThanOrEqualToThreshold",
            TreatMissingData="notBreaching",
            AlarmActions=[TOPIC],
        )


def a_filter(id_: str) -> None:
    """The control's newest text."""
    logs: Any = boto3.client("logs")
    logs.put_metric_filter(
        logGroupName=LOG_GROUP,
        filterName=id_,
        filterPattern=control(id_).filter_pattern,
        metricTransformations=[{"metricName": id_, "metricNamespace": "CIS", "metricValue": "1"}],
    )
