"""Finds the log group that a trail feeds with the changes of AWS Config. Changes nothing, creates no trail."""

from datetime import UTC, datetime, timedelta
from typing import Any

import boto3

CREATES = "the AWS runbook AWSConfigRemediation-CreateCloudTrailMultiRegionTrail creates one"
CONNECTS = "the AWS runbook AWS-EnableCloudTrailCloudWatchLogs connects it to one"
RECORD = {"eventCategory": "Management", "eventSource": "config.amazonaws.com", "readOnly": "false"}
STALE_AFTER = timedelta(hours=26)


class CannotRepair(Exception):
    """What a person has to do before this runbook can."""


def find_log_group(events: dict[str, str], context: object) -> dict[str, Any]:
    """The first trail, by ARN, that qualifies. Raises CannotRepair with what is wrong with every trail."""
    problems = []
    trails = boto3.client("cloudtrail").describe_trails()["trailList"]
    for trail in sorted(trails, key=lambda trail: str(trail["TrailARN"])):
        problem = _problem(trail, events["AccountId"])
        if problem is None:
            arn = trail["CloudWatchLogsLogGroupArn"].split(":")
            return {"Group": {"Partition": arn[1], "Region": arn[3], "LogGroupName": arn[6]}}
        problems.append(f"trail {trail['Name']} {problem}")
    found = "; ".join(problems) or "no trail covers this Region"
    raise CannotRepair(f"No trail delivers the changes of AWS Config to a log group: {found}. Without one, {CREATES}.")


def _problem(trail: Any, account_id: str) -> str | None:
    if not trail["IsMultiRegionTrail"]:
        return f"covers {trail['HomeRegion']} only"
    group = trail.get("CloudWatchLogsLogGroupArn", "").split(":")
    if len(group) < 7:
        return f"delivers to no log group: {CONNECTS}"
    if group[4] != account_id:
        return f"delivers to a log group of account {group[4]}: run this runbook there"
    cloudtrail = boto3.client("cloudtrail", region_name=trail["HomeRegion"])
    status = cloudtrail.get_trail_status(Name=trail["TrailARN"])
    if not status["IsLogging"]:
        return "is not logging: start it"
    if status.get("LatestCloudWatchLogsDeliveryError"):
        return f"fails to deliver to its log group: {status['LatestCloudWatchLogsDeliveryError']}"
    last = status.get("LatestCloudWatchLogsDeliveryTime") or status.get("StartLoggingTime")
    if last is not None and datetime.now(UTC) - last > STALE_AFTER:
        return f"has delivered nothing to its log group since {last:%Y-%m-%d %H:%M} UTC"
    if not _captures(cloudtrail.get_event_selectors(TrailName=trail["TrailARN"])):
        return "does not record write calls to AWS Config: its event selectors leave them out"
    return _group_problem(group[3], group[6])


def _captures(selectors: Any) -> bool:
    basic, advanced = selectors.get("EventSelectors") or [], selectors.get("AdvancedEventSelectors") or []
    if not basic and not advanced:
        return True
    return any(
        each.get("IncludeManagementEvents", True) and each.get("ReadWriteType", "All") in ("All", "WriteOnly")
        for each in basic
    ) or any(_selects(each["FieldSelectors"]) for each in advanced)


def _selects(fields: Any) -> bool:
    return any(each["Field"] == "eventCategory" for each in fields) and all(map(_holds, fields))


def _holds(selector: Any) -> bool:
    """Whether a field of an advanced selector admits the record; a field that AWS does not document here does not."""
    value = RECORD.get(selector["Field"])
    if value is None:
        return False
    for operator, test in (("Equals", value.__eq__), ("StartsWith", value.startswith), ("EndsWith", value.endswith)):
        wanted, unwanted = selector.get(operator), selector.get(f"Not{operator}")
        if (wanted and not any(map(test, wanted))) or (unwanted and any(map(test, unwanted))):
            return False
    return True


def _group_problem(region: str, name: str) -> str | None:
    pages = (
        boto3.client("logs", region_name=region).get_paginator("describe_log_groups").paginate(logGroupNamePrefix=name)
    )
    for group in (group for page in pages for group in page["logGroups"]):
        if group["logGroupName"] == name:
            log_class = group.get("logGroupClass", "STANDARD")
            return None if log_class == "STANDARD" else f"delivers to log group {name} of class {log_class}"
    return f"delivers to log group {name}, which does not exist"
