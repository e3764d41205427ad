"""Puts the metric filters. PutMetricFilter replaces: so each name is looked at once more, right before."""

from typing import Any

import boto3


class CannotRepair(Exception):
    """What a person has to do before this runbook can."""


def put_metric_filter(events: dict[str, Any], context: object) -> dict[str, str]:
    """Raises CannotRepair when somebody has taken a name in the meantime."""
    state = events["State"]
    numbers = [key.removeprefix("FilterPattern") for key in state if key.startswith("FilterPattern")]
    missing = [number for number in numbers if state[f"Filter{number}"] == "Missing"]
    for number in missing:
        _put(state, state[f"FilterName{number}"], state[f"FilterPattern{number}"])
    return {"Put": str(len(missing))}


def _put(state: dict[str, str], name: str, pattern: str) -> None:
    logs = boto3.client("logs", region_name=state["Region"])
    group = state["LogGroupName"]
    for found in logs.describe_metric_filters(logGroupName=group, filterNamePrefix=name)["metricFilters"]:
        if found["filterName"] == name and found["filterPattern"] != pattern:
            raise CannotRepair(f"Metric filter {name} of log group {group} has just been made by somebody else.")
    published: Any = {
        "metricNamespace": state["MetricNamespace"],
        "metricName": state["MetricName"],
        "metricValue": "1",
    }
    if state["Unit"] != "None":
        published["unit"] = state["Unit"]
    if state["DefaultValue"] != "none":
        published["defaultValue"] = float(state["DefaultValue"])
    logs.put_metric_filter(
        logGroupName=group,
        filterName=name,
        filterPattern=pattern,
        metricTransformations=[published],
    )
