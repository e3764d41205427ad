"""Puts the metric filter. PutMetricFilter replaces: so the name is looked at once more, right before."""

from typing import Any

import boto3


class CannotRepair(Exception):
    """What a person has to do before this runbook can."""


def put_metric_filter(events: dict[str, Any], context: object) -> dict[str, str]:
    """Raises CannotRepair when somebody has taken the name in the meantime."""
    state = events["State"]
    if state["Filter"] == "Present":
        return {"Put": "no"}
    logs = boto3.client("logs", region_name=state["Region"])
    group, name, pattern = state["LogGroupName"], state["FilterName"], state["FilterPattern"]
    for found in logs.describe_metric_filters(logGroupName=group, filterNamePrefix=name)["metricFilters"]:
        if found["filterName"] == name and found["filterPattern"] != pattern:
            raise CannotRepair(f"Metric filter {name} of log group {group} has just been made by somebody else.")
    logs.put_metric_filter(
        logGroupName=group,
        filterName=name,
        filterPattern=pattern,
        metricTransformations=[{"metricNamespace": name, "metricName": "ConfigChanges", "metricValue": "1"}],
    )
    return {"Put": "yes"}
