"""What a remedy may do to an account: mend this control, and leave everything else as it was."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from config_changes_alarm.account import Account
from config_changes_alarm.assessment import Assessment
from config_changes_alarm.chain import assess
from config_changes_alarm.requirement import Requirement

from ..fake_account import ACCOUNT, NOW, REGION, FakeAccount
from .breaks import alarms_of_the_control, filters_of_the_control
from .carrying_out import ADMITTING_KEY, taken_away

Assess = Callable[[Requirement], Assessment]


def decisions(account: FakeAccount) -> dict[str, str]:
    """What the person decides who follows a remedy's commands."""
    topics = [each.topic_arn for each in account.topics]
    return {
        "<topic-arn>": next(iter(topics), f"arn:aws:sns:{REGION}:{ACCOUNT}:people"),
        "<endpoint>": "person@example.com",
        "<customer-key-arn>": ADMITTING_KEY,
        "<log-group-arn>": f"'arn:aws:logs:{REGION}:{ACCOUNT}:log-group:new:*'",
        "<role-arn>": f"arn:aws:iam::{ACCOUNT}:role/CloudTrail-to-logs",
        "<new-metric-name>": "MetricOfItsOwn",
    }


def of_the_control(account: FakeAccount) -> frozenset[str]:
    """What somebody has made for the control alone, as `taken_away` calls it."""
    filters = {f"metric filter {each.filter_name}" for each in filters_of_the_control(account)}
    return frozenset(filters | {f"alarm {each.alarm_name}" for each in alarms_of_the_control(account)})


def assessing(account: Account) -> Assess:
    """Assesses what is read once."""
    return lambda requirement: assess(account, requirement, NOW)


def covered(patterns: Iterable[str], assessed: Assess) -> dict[str, frozenset[str]]:
    """For each required pattern the events of which somebody is told; those of which nobody is are left out."""
    told: dict[str, frozenset[str]] = {}
    for pattern in patterns:
        found = assessed(Requirement.parse({"RequiredFilterPattern": pattern}))
        events = frozenset(event.name for event in found.events if event.covered)
        if events:
            told[pattern] = events
    return told


def harm(before: FakeAccount, after: FakeAccount, remedy: str, own: frozenset[str]) -> list[str]:
    """What the remedy took away without the right to.

    It may replace what was made for the control, `own`, and a trail's event selectors, and has to say so. Notifications
    and metrics stay even then.
    """
    gone = taken_away(before, after)
    replaced = {each for each in gone if each in own or each.startswith("event selector")}
    silent = set() if "replace" in remedy else replaced
    return sorted({*(gone - replaced), *silent, *_unnotified(before, after), *_unpublished(before, after)})


def _unnotified(before: FakeAccount, after: FakeAccount) -> set[str]:
    def notified(account: FakeAccount) -> set[tuple[str, str]]:
        alarms = account.metric_alarms
        return {(each.alarm_name, arn) for each in alarms for arn in (*each.alarm_actions, *each.ok_actions)}

    return {f"action {arn} of alarm {name}" for name, arn in notified(before) - notified(after)}


def _unpublished(before: FakeAccount, after: FakeAccount) -> set[str]:
    def published(account: FakeAccount) -> set[str]:
        made = [made for each in account.filters for made in each.metric_transformations]
        return {f"metric {each.metric_namespace}/{each.metric_name}" for each in made}

    return published(before) - published(after)


def lost(before: Mapping[str, frozenset[str]], after: Mapping[str, frozenset[str]]) -> list[str]:
    """The required patterns of which an event was covered and is missed now."""
    return [pattern for pattern, events in before.items() if not events <= after.get(pattern, frozenset())]
