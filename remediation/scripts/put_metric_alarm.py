"""Puts the alarm. PutMetricAlarm replaces: so the name is looked at once more, right before."""

from typing import Any

import boto3


class CannotRepair(Exception):
    """What a person has to do before this runbook can."""


def put_metric_alarm(events: dict[str, Any], context: object) -> dict[str, str]:
    """The alarm of the control's remediation text. Raises CannotRepair when somebody has just taken the name."""
    state = events["State"]
    if state["Alarm"] == "Present":
        return {"Put": "no"}
    cloudwatch = boto3.client("cloudwatch", region_name=state["Region"])
    name, topic_arn = state["AlarmName"], state["TopicArn"]
    answer = cloudwatch.describe_alarms(AlarmNames=[name], AlarmTypes=["MetricAlarm", "CompositeAlarm"])
    namespace, metric = state["MetricNamespace"], state["MetricName"]
    ours = [namespace, metric, [topic_arn]]
    others = [
        alarm
        for alarm in answer["MetricAlarms"]
        if [alarm.get("Namespace"), alarm.get("MetricName"), alarm["AlarmActions"]] != ours
    ]
    if others or answer.get("CompositeAlarms"):
        raise CannotRepair(f"Alarm {name} has just been made by somebody else.")
    cloudwatch.put_metric_alarm(
        AlarmName=name,
        AlarmDescription=state["Description"],
        Namespace=namespace,
        MetricName=metric,
        Statistic="Sum",
        Period=int(state["Period"]),
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
        TreatMissingData="notBreaching",
        AlarmActions=[topic_arn],
    )
    return {"Put": "yes"}
