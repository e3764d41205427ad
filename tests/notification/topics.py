"""A topic as the compliant account has it, its alarm, and how a judgement of the topic reads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from config_changes_alarm.account import NotFound
from config_changes_alarm.findings import FindingId
from config_changes_alarm.notification import Accepts
from config_changes_alarm.notification.acceptance import Refuses
from config_changes_alarm.resources import MetricAlarm, Organization, Topic

from ..api_answers import OWN, TOPIC, an_alarm, policy

ALARM = MetricAlarm.from_api(an_alarm())


def topic(**attributes: str) -> Topic:
    return Topic.from_api({"Attributes": {"TopicArn": TOPIC, "Owner": OWN, "Policy": policy(), **attributes}})


def organization_of(case: Mapping[str, Any]) -> Organization | NotFound | None:
    """Of a vector: None where it does not say, so that it was not asked for."""
    if "organization" not in case:
        return None
    return NotFound("no organization") if case["organization"] is None else Organization(case["organization"])


def refused(found: object) -> FindingId | None:
    """Which finding, or None for a yes."""
    if isinstance(found, Accepts):
        return None
    assert isinstance(found, Refuses)
    (reason,) = found.reasons
    return reason.id
