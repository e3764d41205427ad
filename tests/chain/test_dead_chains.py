"""Chains that another tool accepts although nobody would be told, with this rule's answer.

Each case names the tool that gets it wrong, or the report of a user that it comes from.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from config_changes_alarm.assessment import Compliance
from config_changes_alarm.findings import FindingId
from config_changes_alarm.resources import (
    AdvancedEventSelector,
    AdvancedFieldSelector,
    AlarmMuteRule,
    EventSelector,
    EventSelectors,
    Key,
    LogGroup,
    LogGroupId,
    Metric,
)

from ..fake_account import (
    ACCOUNT,
    LOG_GROUP,
    METRIC,
    REGION,
    TOPIC,
    ConfiguredTrail,
    FakeAccount,
    a_filter,
    a_monitored_account,
    a_subscription,
    a_trail,
    an_alarm,
    logging,
)
from .accounts import (
    CONTROL,
    MANAGEMENT,
    NAMES,
    ORGANIZATION,
    assessed,
    joined,
    with_alarm,
    with_filter,
    with_pattern,
    with_topic,
    with_trail,
)

F = FindingId


@dataclass(frozen=True)
class Dead:
    """`finding` is the first thing this rule says; `told` are the required events that do reach somebody."""

    source: str
    words: str
    finding: FindingId
    account: FakeAccount
    told: tuple[str, ...] = ()


DEAD = (
    # ---- trail
    Dead("CloudSploit, Trivy, KICS", "no trail at all", F.NO_TRAIL, a_monitored_account(configured_trails=())),
    Dead(
        "Prowler",
        "the trail is stopped",
        F.TRAIL_NOT_LOGGING,
        a_monitored_account(configured_trails=(ConfiguredTrail(a_trail(), logging(is_logging=False)),)),
    ),
    Dead(
        "Prowler, Steampipe, Security Hub",
        "the role of the trail lost its permission: deliveries fail",
        F.TRAIL_DELIVERY_ERROR,
        a_monitored_account(
            configured_trails=(
                ConfiguredTrail(a_trail(), logging(latest_cloud_watch_logs_delivery_error="AccessDenied")),
            )
        ),
    ),
    Dead(
        "Prowler #383, #2438: log group by name only",
        "an organization's trail delivers elsewhere; a local log group has the same name and the filter",
        F.LOG_GROUP_IN_ANOTHER_ACCOUNT,
        a_monitored_account(configured_trails=(ConfiguredTrail(ORGANIZATION, logging()),)),
    ),
    Dead(
        "ScoutSuite, PaladinCloud, ElectricEye: trail not linked to the log group",
        "the filter is on a log group that no trail fills",
        F.NO_METRIC_FILTER,
        a_monitored_account(
            configured_trails=(
                ConfiguredTrail(a_trail(log_group=LogGroupId("aws", ACCOUNT, REGION, "trail")), logging()),
            ),
            log_groups=(LogGroup(LOG_GROUP), LogGroup(LogGroupId("aws", ACCOUNT, REGION, "trail"))),
        ),
    ),
    Dead(
        "Prowler: single Region",
        "the trail covers one Region, AWS Config is changed in another",
        F.TRAIL_SINGLE_REGION,
        with_trail(is_multi_region_trail=False),
    ),
    Dead(
        "Prowler: selectors not read",
        "the trail records reads only",
        F.TRAIL_SELECTORS_MISS_EVENT,
        with_trail(EventSelectors((EventSelector(read_write_type="ReadOnly"),))),
    ),
    Dead(
        "Steampipe / Powerpipe #971: advanced selectors dropped",
        "advanced selectors leave AWS Config out",
        F.TRAIL_SELECTORS_MISS_EVENT,
        with_trail(
            EventSelectors(
                (),
                (
                    AdvancedEventSelector(
                        (MANAGEMENT, AdvancedFieldSelector("eventSource", not_equals=("config.amazonaws.com",)))
                    ),
                ),
            )
        ),
    ),
    # ---- pattern
    Dead(
        "Prowler, KICS, cnspec: only looks for the names",
        "the names are joined with &&: no event has four names",
        F.NO_METRIC_FILTER,
        with_pattern(joined(*NAMES, by="&&")),
    ),
    Dead(
        "Prowler: no structure",
        "one administrator is excluded",
        F.PATTERN_MISSES_EVENT,
        with_pattern(CONTROL[:-2] + ' && ($.userIdentity.arn != "*admin*") }'),
    ),
    Dead(
        "Prowler: no structure",
        "one account of many",
        F.NO_METRIC_FILTER,
        with_pattern(CONTROL[:-2] + ' && ($.recipientAccountId = "999999999999") }'),
    ),
    Dead(
        "Prowler: invalid syntax passes",
        "== is no operator",
        F.PATTERN_UNDECIDED,
        with_pattern(CONTROL.replace("eventName=", "eventName ==")),
    ),
    Dead(
        "cloudbeat: duplicates pass",
        "one name twice, another not at all",
        F.PATTERN_MISSES_EVENT,
        with_pattern(joined(NAMES[0], NAMES[0], *NAMES[2:])),
        (NAMES[0], *NAMES[2:]),
    ),
    Dead(
        "CloudQuery: the wrong events",
        "the filter of the control for CloudTrail's own changes",
        F.NO_METRIC_FILTER,
        with_pattern("{ ($.eventName = CreateTrail) || ($.eventName = UpdateTrail) || ($.eventName = StopLogging) }"),
    ),
    Dead(
        "DataBiosphere/azul #5884",
        "!= on a field that most events lack never matches",
        F.PATTERN_MISSES_EVENT,
        with_pattern(CONTROL[:-2] + ' && ($.userIdentity.invokedBy != "AWS Internal") }'),
    ),
    Dead(
        "CIS 3.1 in thirty and more copies",
        "|| before $.eventName != HeadBucket matches every event, and the alarm never leaves ALARM",
        F.PATTERN_MATCHES_ROUTINE,
        with_pattern(CONTROL[:-2] + ' || ($.eventName != "HeadBucket") }'),
    ),
    Dead(
        "nobody asks what else a filter matches",
        "a filter of every event of AWS Config, its own evaluations among them",
        F.PATTERN_MATCHES_ROUTINE,
        with_pattern("{ $.eventSource = config.amazonaws.com }"),
    ),
    # ---- metric and alarm
    Dead("CloudSploit, ScoutSuite, Trivy", "no alarm", F.NO_ALARM, a_monitored_account(metric_alarms=())),
    Dead(
        "Prowler, Steampipe, CIS: metric by name only; virtualjj/cis-aws-benchmark #5",
        "the alarm watches the same name in another namespace",
        F.ALARM_ON_ANOTHER_METRIC,
        with_alarm(metric=Metric("LogMetrics", METRIC.metric_name)),
    ),
    Dead(
        "cloudbeat; modernisation-platform-terraform-baselines #1033",
        "the alarm watches a metric with the filter's name, which nothing publishes",
        F.ALARM_ON_ANOTHER_METRIC,
        with_alarm(metric=Metric(METRIC.namespace, "config-calls")),
    ),
    Dead(
        "nobody reads dimensions",
        "the filter publishes one metric for every user, the alarm watches none of them",
        F.METRIC_DIMENSIONS,
        with_filter(dimensions=(("user", "$.userIdentity.arn"),)),
    ),
    Dead(
        "nobody reads the unit",
        "the alarm waits for another unit than the filter publishes",
        F.ALARM_ON_ANOTHER_METRIC,
        with_alarm(unit="Seconds"),
    ),
    Dead("nobody reads the threshold", "threshold 2", F.ALARM_NEVER_FIRES, with_alarm(threshold=2.0)),
    Dead(
        "nobody reads the metric value",
        "the filter publishes 0",
        F.METRIC_VALUE,
        with_filter(metric_value="0"),
    ),
    Dead(
        "DataBiosphere/azul #6220; Security Hub's text sets default value 0",
        "Average over the zeros of other events stays below 1",
        F.ALARM_NEVER_FIRES,
        a_monitored_account(filters=(a_filter(default_value=0.0),), metric_alarms=(an_alarm(statistic="Average"),)),
    ),
    Dead(
        "DataBiosphere/azul #7177",
        "a period of 24 hours hides what follows the first event",
        F.ALARM_DOES_NOT_REARM,
        with_alarm(period=86_400),
    ),
    Dead(
        "automated-security-response-on-aws #43",
        "240 data points to alarm",
        F.ALARM_NEVER_FIRES,
        with_alarm(period=60, evaluation_periods=240, datapoints_to_alarm=240),
    ),
    Dead(
        "nobody reads the treatment of missing data",
        "missing data is breaching: always in ALARM",
        F.ALARM_ALWAYS_ON,
        with_alarm(treat_missing_data="breaching"),
    ),
    # ---- actions
    Dead(
        "Prowler, Steampipe",
        "the alarm's actions are disabled",
        F.ALARM_ACTIONS_DISABLED,
        with_alarm(actions_enabled=False),
    ),
    Dead(
        "Prowler: actions not read",
        "the alarm notifies when it is OK again, only",
        F.ALARM_NO_TOPIC,
        with_alarm(alarm_actions=(), ok_actions=(TOPIC,)),
    ),
    Dead(
        "nobody reads mute rules",
        "the alarm is muted",
        F.ALARM_MUTED,
        a_monitored_account(mute_rules=(("config-changes", AlarmMuteRule(f"{TOPIC}:mute-rule:x", "ACTIVE")),)),
    ),
    # ---- topic and subscription
    Dead("Prowler: SNS not read", "the topic was deleted", F.TOPIC_MISSING, a_monitored_account(topics=())),
    Dead(
        "automated-security-response-on-aws #43: publish denied",
        "the topic's policy was replaced by one that names a role",
        F.TOPIC_POLICY_DENIES_ALARM,
        with_topic(
            policy='{"Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:role/ci"},'
            f'"Action":"sns:Publish","Resource":"{TOPIC}"}}]}}'
        ),
    ),
    Dead(
        "landing-zone-accelerator-on-aws #31, cisagov/crossfeed",
        "the topic is encrypted with alias/aws/sns, which CloudWatch may not use",
        F.TOPIC_KEY_DENIES_ALARM,
        with_topic(kms_master_key_id="alias/aws/sns"),
    ),
    Dead(
        "nobody reads key policies",
        "the customer's key has the policy that KMS writes by default",
        F.TOPIC_KEY_POLICY_DENIES_ALARM,
        replace(
            with_topic(kms_master_key_id="alias/topics"),
            keys=(
                (
                    "alias/topics",
                    Key(
                        f"arn:aws:kms:{REGION}:{ACCOUNT}:key/0f0e0d0c",
                        "CUSTOMER",
                        "Enabled",
                        '{"Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:root"},'
                        '"Action":"kms:*","Resource":"*"}]}',
                    ),
                ),
            ),
        ),
    ),
    Dead("Prowler, introspector", "no subscription", F.NO_SUBSCRIPTION, a_monitored_account(subscribed=())),
    Dead(
        "Steampipe, cloudbeat, mozilla/frost #428, cloud-custodian #8968",
        "the only subscription was never confirmed",
        F.SUBSCRIPTION_PENDING,
        a_monitored_account(subscribed=(a_subscription("PendingConfirmation"),)),
    ),
    Dead(
        "cloudbeat: any row counts",
        "the only subscription is deleted",
        F.NO_SUBSCRIPTION,
        a_monitored_account(subscribed=(a_subscription("Deleted"),)),
    ),
    Dead(
        "nobody reads subscription filter policies",
        "the subscription asks for an attribute that no alarm sends",
        F.SUBSCRIPTION_FILTERED,
        a_monitored_account(subscribed=(a_subscription(filter_policy='{"severity":["critical"]}'),)),
    ),
)


@pytest.mark.parametrize("case", DEAD, ids=lambda case: case.words)
def test_a_dead_chain_that_others_accept(case: Dead) -> None:
    found = assessed(case.account)
    assert (found.compliance, found.reasons[0].id) == (Compliance.NON_COMPLIANT, case.finding)
    assert {event.name for event in found.events if event.covered} == set(case.told)
