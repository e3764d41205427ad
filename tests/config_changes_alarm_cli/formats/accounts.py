"""Assessments to report on: accounts in words, and one assessment for every kind of finding."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace

from config_changes_alarm.assessment import Assessment, Chain, Compliance, EventOutcome, Hop
from config_changes_alarm.chain import assess
from config_changes_alarm.findings import CATALOGUE, FindingId, Reason
from config_changes_alarm.requirement import Requirement
from config_changes_alarm.resources import LogGroup, LogGroupId, Metric, Topic

from config_changes_alarm_cli.evaluation import Evaluated
from config_changes_alarm_cli.recording import Recording
from tests.accounts import EVENTS, pattern_for
from tests.fake_account import (
    ACCOUNT,
    DEFAULT_TOPIC_POLICY,
    LOG_GROUP,
    NOW,
    REGION,
    TOPIC,
    ConfiguredTrail,
    FakeAccount,
    a_composite,
    a_filter,
    a_monitored_account,
    a_subscription,
    a_trail,
    an_alarm,
    logging,
)


def assessed(account: FakeAccount) -> Assessment:
    return assess(account.opened(), Requirement.parse(), NOW)


def evaluated(assessment: Assessment, name: str = "production", partition: str = "aws", **parameters: str) -> Evaluated:
    """The assessment as an evaluation with these parameters of the rule has given it."""
    return Evaluated(name, assessment, NOW, Recording(ACCOUNT, REGION, partition, NOW, parameters, ()))


def a_compliant_assessment() -> Assessment:
    return assessed(a_monitored_account())


def one_event_missed() -> Assessment:
    """Three filters with an event each, and a fourth that lets administrators off."""
    admin = (
        "{ $.eventSource = config.amazonaws.com && $.eventName = PutDeliveryChannel && $.userIdentity.type != Root }"
    )
    others = [name for name in EVENTS if name != "PutDeliveryChannel"]
    filters = [a_filter(pattern_for(name), name) for name in others]
    return assessed(a_monitored_account(filters=(*filters, a_filter(admin, "delivery"))))


def root_missed() -> Assessment:
    """One filter for all events, which lets the root user off."""
    pattern = pattern_for(*EVENTS).removesuffix("}") + "&& $.userIdentity.type != Root }"
    return assessed(a_monitored_account(filters=(a_filter(pattern),)))


def not_verified() -> Assessment:
    """AWS does not show the topic."""
    return assessed(a_monitored_account().refusing("sns:GetTopicAttributes", "sns:ListSubscriptionsByTopic"))


def not_applicable() -> Assessment:
    """The log group lies in another account, and that is put off."""
    elsewhere = LogGroupId("aws", "444455556666", REGION, "organization")
    account = a_monitored_account(configured_trails=(ConfiguredTrail(a_trail(log_group=elsewhere), logging()),))
    return assess(account.opened(), Requirement.parse({"UnverifiableAccount": "NOT_APPLICABLE"}), NOW)


def a_composite_alarm() -> Assessment:
    """The topic is notified by a composite alarm alone."""
    child, parent = an_alarm(alarm_actions=()), a_composite("ALARM(config-changes)")
    return assessed(a_monitored_account(metric_alarms=(child,), composite_alarms=(parent,)))


def compliant_with_a_broken_path() -> Assessment:
    """Somebody is told of everything, and a second alarm tells nobody."""
    spare = an_alarm("spare", actions_enabled=False)
    return assessed(a_monitored_account(metric_alarms=(an_alarm(), spare)))


BROKEN_AT: Mapping[str, tuple[Callable[[], Assessment], Hop]] = {
    "no trail": (lambda: assessed(FakeAccount()), Hop.TRAIL),
    "the trail does not log": (
        lambda: assessed(
            a_monitored_account(configured_trails=(ConfiguredTrail(a_trail(), logging(is_logging=False)),))
        ),
        Hop.TRAIL,
    ),
    "no log group": (lambda: assessed(a_monitored_account(log_groups=())), Hop.LOG_GROUP),
    "no metric filter": (lambda: assessed(a_monitored_account(filters=())), Hop.METRIC_FILTER),
    "the filter lets root off": (root_missed, Hop.METRIC_FILTER),
    "one of four filters lets root off": (one_event_missed, Hop.METRIC_FILTER),
    "no alarm": (lambda: assessed(a_monitored_account(metric_alarms=())), Hop.ALARM),
    "the alarm waits for two": (
        lambda: assessed(a_monitored_account(metric_alarms=(an_alarm(threshold=2.0),))),
        Hop.ALARM,
    ),
    "the alarm's actions are disabled": (
        lambda: assessed(a_monitored_account(metric_alarms=(an_alarm(actions_enabled=False),))),
        Hop.ALARM,
    ),
    "no topic": (lambda: assessed(a_monitored_account(topics=())), Hop.TOPIC),
    "nobody has confirmed": (
        lambda: assessed(a_monitored_account(subscribed=(a_subscription("PendingConfirmation"),))),
        Hop.SUBSCRIPTION,
    ),
    "many broken paths": (lambda: assessed(a_big_account()), Hop.TOPIC),
}
"""Accounts that are broken, and the hop that the verdict is about."""


def a_big_account() -> FakeAccount:
    """Three trails, twelve metric filters and six alarms, of which one way is whole for three of the four events."""
    app = LogGroupId("aws", ACCOUNT, REGION, "security/audit-trail")
    metrics = [Metric("CIS", f"ConfigChanges{number}") for number in range(1, 7)]
    others = [
        "{ $.eventName = ConsoleLogin }",
        "{ $.errorCode = *UnauthorizedOperation }",
        "{ $.userIdentity.type = Root }",
        "{ $.eventSource = kms.amazonaws.com }",
        "{ $.eventName = DeleteTrail }",
    ]
    ours = [
        a_filter(pattern_for(*EVENTS[:2]), "config-recorder", metric_name="ConfigChanges1"),
        a_filter(pattern_for(EVENTS[3]), "config-put-recorder", metric_name="ConfigChanges1"),
        a_filter(pattern_for(EVENTS[2]), "config-delivery", metric_name="ConfigChanges2", metric_value="0"),
        a_filter(pattern_for(EVENTS[2]), "config-delivery-again", metric_name="ConfigChanges3"),
        a_filter("{ $.eventSource = config.amazonaws.com }", "config-everything", metric_name="ConfigChanges4"),
        a_filter(pattern_for(*EVENTS), "config-by-the-book", metric_name="ConfigChanges5", log_group=app),
        a_filter(pattern_for(*EVENTS), "config-unwatched", metric_name="ConfigChanges6", log_group=app),
    ]
    alarms = [
        an_alarm("config-recorder", metric=metrics[0]),
        an_alarm("config-recorder-backup", metric=metrics[0], actions_enabled=False),
        an_alarm("config-delivery", metric=metrics[2], threshold=2.0),
        an_alarm("config-delivery-paged", metric=metrics[2], alarm_actions=(f"{TOPIC}-pager",)),
        an_alarm("config-by-the-book", metric=metrics[4], alarm_actions=(f"{TOPIC}-old",)),
        an_alarm("cpu", metric=Metric("AWS/EC2", "CPUUtilization"), threshold=90.0),
    ]
    pager = Topic(f"{TOPIC}-pager", ACCOUNT, DEFAULT_TOPIC_POLICY.replace(TOPIC, f"{TOPIC}-pager"))
    return a_monitored_account(
        configured_trails=(
            ConfiguredTrail(a_trail(), logging()),
            ConfiguredTrail(a_trail("audit", app), logging()),
            ConfiguredTrail(a_trail("old-trail", None), logging(is_logging=False)),
        ),
        log_groups=(LogGroup(LOG_GROUP, "STANDARD"), LogGroup(app, "STANDARD")),
        filters=(*ours, *(a_filter(text, f"other-{number}") for number, text in enumerate(others, 1))),
        metric_alarms=tuple(alarms),
        topics=(Topic(TOPIC, ACCOUNT, DEFAULT_TOPIC_POLICY), pager),
        subscribed=(
            a_subscription(),
            a_subscription("PendingConfirmation", "pager@example.com", f"{TOPIC}-pager:{'0' * 8}"),
        ),
    )


_FACTS = tuple(
    {
        "account_id": ACCOUNT,
        "region": REGION,
        "trail_name": "everything",
        "trail_arn": a_trail().trail_arn,
        "log_group_name": LOG_GROUP.name,
        "filter_name": "config-changes",
        "required_filter_pattern": str(Requirement.parse().pattern),
        "namespace": "CIS",
        "metric_name": "ConfigChanges",
        "alarm_name": "config-changes",
        "topic_arn": TOPIC,
        "endpoint": "security@example.com",
        "operation": "logs:DescribeMetricFilters",
        "role_arn": f"arn:aws:iam::{ACCOUNT}:role/reader",
        "mute_rule_name": "holiday",
    }.items()
)

_ENDS_AT = {
    "trail": Hop.TRAIL,
    "log-group": Hop.LOG_GROUP,
    "pattern": Hop.METRIC_FILTER,
    "filter": Hop.METRIC_FILTER,
    "metric": Hop.METRIC_FILTER,
    "no-metric-filter": Hop.LOG_GROUP,
    "no-alarm": Hop.METRIC_FILTER,
    "alarm": Hop.ALARM,
    "composite": Hop.ALARM,
    "topic": Hop.TOPIC,
    "subscription": Hop.TOPIC,
    "no-subscription": Hop.TOPIC,
}


def broken_by(kind: FindingId) -> Assessment:
    """The compliant account, broken by one finding of this kind at the hop that it is about."""
    sound = a_compliant_assessment()
    hop = next((hop for start, hop in _ENDS_AT.items() if kind.startswith(start)), None)
    whole = sound.chains[0]
    steps = tuple(step for step in whole.steps if hop is not None and step.hop <= hop)
    subject = steps[-1].name if steps else REGION
    reason = Reason(kind, subject, "the detail that was found", _FACTS)
    chain: Chain = replace(whole, steps=steps, reasons=(reason,))
    known = CATALOGUE[kind].disproves
    record = json.dumps({"eventSource": "config.amazonaws.com", "eventName": EVENTS[0]}) if known else None
    events = tuple(EventOutcome(event.name, False, (reason,), record, verified=known) for event in sound.events)
    return replace(sound, compliance=Compliance.NON_COMPLIANT, events=events, chains=(chain,))
