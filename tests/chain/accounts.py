"""The accounts of these tests, each by what differs from a monitored one, and what is said of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from config_changes_alarm.assessment import Assessment
from config_changes_alarm.chain import assess
from config_changes_alarm.findings import FindingId
from config_changes_alarm.report import ANNOTATION_LIMIT, annotation
from config_changes_alarm.requirement import DEFAULT_REQUIRED_FILTER_PATTERN, Requirement
from config_changes_alarm.resources import AdvancedFieldSelector, EventSelectors, LogGroupId, Topic

from ..fake_account import (
    ACCOUNT,
    DEFAULT_TOPIC_POLICY,
    LOG_GROUP,
    NOW,
    REGION,
    TOPIC,
    ConfiguredTrail,
    FakeAccount,
    a_filter,
    a_monitored_account,
    a_trail,
    an_alarm,
    logging,
)

CONTROL = DEFAULT_REQUIRED_FILTER_PATTERN
NAMES = ("StopConfigurationRecorder", "DeleteDeliveryChannel", "PutDeliveryChannel", "PutConfigurationRecorder")
MANAGEMENT = AdvancedFieldSelector("eventCategory", equals=("Management",))
ORGANIZATION_GROUP = LogGroupId("aws", "999999999999", REGION, LOG_GROUP.name)
ORGANIZATION = a_trail(
    "organization",
    ORGANIZATION_GROUP,
    trail_arn=f"arn:aws:cloudtrail:{REGION}:999999999999:trail/organization",
    is_organization_trail=True,
)

Change = Callable[[FakeAccount], FakeAccount]
"""An account made different in one thing."""


def assessed(account: FakeAccount, **parameters: str) -> Assessment:
    """The assessment. Whatever it is, there are words for it that AWS Config takes."""
    found = assess(account.opened(), Requirement.parse(parameters), NOW)
    assert 0 < len(annotation(found)) <= ANNOTATION_LIMIT
    return found


def told(found: Assessment) -> list[tuple[FindingId, str]]:
    return [(reason.id, reason.subject) for reason in found.reasons]


def joined(*names: str, by: str = "||", source: str = "$.eventSource = config.amazonaws.com && ") -> str:
    return f"{{ {source}({f' {by} '.join(f'$.eventName = {name}' for name in names)}) }}"


def with_trail(selectors: EventSelectors | None = None, **members: Any) -> FakeAccount:
    made = ConfiguredTrail(a_trail(**members), logging())
    return a_monitored_account(
        configured_trails=(made if selectors is None else replace(made, selectors=selectors),),
    )


def with_pattern(*patterns: str) -> FakeAccount:
    """One filter for each pattern, all on the alarm's metric."""
    return a_monitored_account(filters=tuple(a_filter(each, f"filter-{n}") for n, each in enumerate(patterns, 1)))


def with_filter(**members: Any) -> FakeAccount:
    return a_monitored_account(filters=(a_filter(**members),))


def with_alarm(**members: Any) -> FakeAccount:
    return a_monitored_account(metric_alarms=(an_alarm(**members),))


def with_topic(**members: Any) -> FakeAccount:
    return a_monitored_account(topics=(replace(Topic(TOPIC, ACCOUNT, DEFAULT_TOPIC_POLICY), **members),))


def adding(**members: Any) -> Change:
    """More of them, behind those that the account has."""

    def change(account: FakeAccount) -> FakeAccount:
        more: dict[str, Any] = {name: (*getattr(account, name), made) for name, made in members.items()}
        return replace(account, **more)

    return change
