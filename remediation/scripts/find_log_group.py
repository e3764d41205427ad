"""Finds the log group that a trail feeds with what the rule asks for. Changes nothing, creates no trail."""

from datetime import UTC, datetime, timedelta
from typing import Any

import boto3

CREATES = "the AWS runbook AWSConfigRemediation-CreateCloudTrailMultiRegionTrail creates one"
CONNECTS = "the AWS runbook AWS-EnableCloudTrailCloudWatchLogs connects it to one"
ANY = "any"  # the events of a control that names no service: reads and writes of each
STALE_AFTER = timedelta(hours=26)


class CannotRepair(Exception):
    """What a person has to do before this runbook can."""


def find_log_group(events: dict[str, Any], context: object) -> dict[str, Any]:
    """The first trail, by ARN, that qualifies. Raises CannotRepair with what is wrong with every trail."""
    problems, requirement = [], events["Requirement"]
    trails = boto3.client("cloudtrail").describe_trails()["trailList"]
    for trail in sorted(trails, key=lambda trail: str(trail["TrailARN"])):
        problem = _problem(trail, events["AccountId"], requirement)
        if problem is None:
            arn = trail["CloudWatchLogsLogGroupArn"].split(":")
            return {"Group": {"Partition": arn[1], "Region": arn[3], "LogGroupName": arn[6]}}
        problems.append(f"trail {trail['Name']} {problem}")
    found = "; ".join(problems) or "no trail covers this Region"
    raise CannotRepair(f"No trail delivers {requirement['Words']} to a log group: {found}. Without one, {CREATES}.")


def _problem(trail: Any, account_id: str, requirement: dict[str, str]) -> str | None:
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
    if not _captures(cloudtrail.get_event_selectors(TrailName=trail["TrailARN"]), requirement["Source"]):
        return f"does not record {requirement['Words']}: its event selectors leave it out"
    return _group_problem(group[3], group[6])


def _captures(selectors: Any, source: str) -> bool:
    basic, advanced = selectors.get("EventSelectors") or [], selectors.get("AdvancedEventSelectors") or []
    if not basic and not advanced:
        return True
    record = {"eventCategory": "Management"}
    if source != ANY:
        record |= {"eventSource": source, "readOnly": "false"}
    return any(_admits(each, source) for each in basic) or any(
        _selects(each["FieldSelectors"], record) for each in advanced
    )


def _admits(selector: Any, source: str) -> bool:
    """Whether a basic selector does."""
    excluded = selector.get("ExcludeManagementEventSources") or []
    types = ("All",) if source == ANY else ("All", "WriteOnly")
    return (
        selector.get("IncludeManagementEvents", True)
        and selector.get("ReadWriteType", "All") in types
        and not (excluded if source == ANY else source in excluded)
    )


def _selects(fields: Any, record: dict[str, str]) -> bool:
    return any(each["Field"] == "eventCategory" for each in fields) and all(_holds(each, record) for each in fields)


def _holds(selector: Any, record: dict[str, str]) -> bool:
    """Whether a field of an advanced selector admits the record; any other field may leave some out."""
    value = record.get(selector["Field"])
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
