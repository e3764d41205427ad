"""What the runbook takes for whole, the rule takes for whole: its scripts know less, and never judge more kindly."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from config_changes_alarm.alarm import Fires, fires
from config_changes_alarm.metric_filter import Publication, Publishes, publishes
from config_changes_alarm.notification.access_policy import Decision, decide
from config_changes_alarm.notification.service_request import CLOUDWATCH, ServiceRequest
from config_changes_alarm.requirement import DEFAULT_REQUIRED_FILTER_PATTERN
from config_changes_alarm.resources import LogGroupId, Metric, MetricAlarm, MetricFilter
from hypothesis import event, given
from hypothesis import strategies as st

from demo.embedded_aws import ACCOUNT_ID, REGION
from remediation.scripts.compare import _admits, _alarm_differs, _filter_differs
from remediation.scripts.prepare_topic import _publish, _with
from tests.accounts import LOG_GROUP, TOPIC

NOW = datetime.now(UTC)
ALARM = f"arn:aws:cloudwatch:{REGION}:{ACCOUNT_ID}:alarm:config-changes"
OTHER_ACCOUNT = "210987654321"

# --------------------------------------------------------------------------- policies

VALUES = st.sampled_from(
    (
        ACCOUNT_ID,
        OTHER_ACCOUNT,
        ALARM,
        f"{ALARM}-2",
        f"arn:aws:cloudwatch:*:{ACCOUNT_ID}:alarm:*",
        "arn:*",
        "*",
        "false",
    )
)
CONDITIONS = st.dictionaries(
    st.sampled_from(
        ("StringEquals", "StringLike", "ArnLike", "ArnEquals", "StringNotEquals", "StringEqualsIfExists", "Bool")
    ),
    st.dictionaries(
        st.sampled_from(
            ("aws:SourceAccount", "AWS:SourceOwner", "aws:SourceArn", "aws:SecureTransport", "aws:PrincipalOrgID")
        ),
        st.one_of(VALUES, st.lists(VALUES, min_size=1, max_size=2)),
        min_size=1,
        max_size=2,
    ),
    max_size=1,
)
PRINCIPALS = st.sampled_from(
    (
        "*",
        {"AWS": "*"},
        {"AWS": f"arn:aws:iam::{ACCOUNT_ID}:root"},
        {"Service": "cloudwatch.amazonaws.com"},
        {"Service": ["events.amazonaws.com", "cloudwatch.amazonaws.com"]},
        {"Service": "events.amazonaws.com"},
    )
)
STATEMENTS = st.fixed_dictionaries(
    {
        "Effect": st.sampled_from(("Allow", "Allow", "Deny")),
        "Principal": PRINCIPALS,
        "Action": st.sampled_from(
            ("sns:Publish", "SNS:Publish", "sns:*", "*", "sns:Subscribe", ["sns:Get*", "sns:Pub*"])
        ),
        "Resource": st.sampled_from((TOPIC, "*", f"{TOPIC}-2", "arn:aws:sns:*:*:config-*")),
    },
    optional={"Condition": CONDITIONS},
)
POLICIES = st.lists(STATEMENTS, min_size=1, max_size=3).map(lambda each: json.dumps({"Statement": each}))


@given(POLICIES)
def test_a_policy_that_plainly_admits_the_alarm_is_one_that_the_rule_proves_to(policy: str) -> None:
    verdict = _admits(policy, ("sns:Publish",), TOPIC, ALARM)
    event(verdict)
    decision = decide(policy, ServiceRequest(CLOUDWATCH, "sns:Publish", TOPIC, ALARM, ACCOUNT_ID))
    if verdict == "Admits":
        assert decision is Decision.ALLOWED


@given(POLICIES)
def test_a_policy_that_can_be_mended_is_mended_by_the_statement_that_is_added(policy: str) -> None:
    if _admits(policy, ("sns:Publish",), TOPIC, ALARM) == "Mendable":
        mended = _with(policy, _publish({"TopicArn": TOPIC, "AccountId": ACCOUNT_ID}))
        assert json.loads(mended)["Statement"][:-1] == json.loads(policy)["Statement"]
        assert _admits(mended, ("sns:Publish",), TOPIC, ALARM) == "Admits"


CONDITIONED: tuple[tuple[dict[str, Any], str], ...] = (
    ({}, "Admits"),
    ({"StringEquals": {"aws:SourceAccount": ACCOUNT_ID}}, "Admits"),
    ({"StringEquals": {"AWS:SourceOwner": [OTHER_ACCOUNT, ACCOUNT_ID]}}, "Admits"),
    ({"StringEquals": {"aws:SourceAccount": OTHER_ACCOUNT}}, "Mendable"),
    ({"ArnLike": {"aws:SourceArn": f"arn:aws:cloudwatch:*:{ACCOUNT_ID}:alarm:*"}}, "Admits"),
    ({"ArnLike": {"aws:SourceArn": f"arn:aws:cloudwatch:*:{OTHER_ACCOUNT}:alarm:*"}}, "Mendable"),
    ({"StringNotEquals": {"aws:SourceAccount": OTHER_ACCOUNT}}, "Mendable"),
    ({"StringEquals": {"aws:PrincipalOrgID": "o-1"}}, "Mendable"),
)


@pytest.mark.parametrize(("condition", "verdict"), CONDITIONED)
def test_only_the_documented_conditions_are_known_to_hold(condition: dict[str, Any], verdict: str) -> None:
    allow = {"Effect": "Allow", "Principal": "*", "Action": "sns:Publish", "Resource": TOPIC, "Condition": condition}
    assert _admits(json.dumps({"Statement": [allow]}), ("sns:Publish",), TOPIC, ALARM) == verdict


def test_every_action_has_to_be_admitted() -> None:
    allowed = {"Effect": "Allow", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*"}
    policy = json.dumps({"Statement": allowed})
    assert _admits(policy, ("kms:Decrypt",), "key", ALARM) == "Admits"
    assert _admits(policy, ("kms:GenerateDataKey", "kms:Decrypt"), "key", ALARM) == "Mendable"


def test_what_is_no_policy_refuses() -> None:
    for text in ("", "[]", "{}", '{"Statement": [1]}', '{"Statement": [{"Effect": "Allow", "Principal": 1}]}'):
        assert _admits(text, ("sns:Publish",), TOPIC, ALARM) == "Refuses"


# --------------------------------------------------------------------------- alarms and filters

PLAIN_ALARM = {
    "AlarmName": "config-changes",
    "AlarmArn": ALARM,
    "ActionsEnabled": True,
    "AlarmActions": [TOPIC],
    "StateValue": "OK",
    "StateUpdatedTimestamp": NOW,
    "Namespace": "CIS",
    "MetricName": "ConfigChanges",
    "Dimensions": [],
    "Statistic": "Sum",
    "Period": 300,
    "EvaluationPeriods": 1,
    "Threshold": 1.0,
    "ComparisonOperator": "GreaterThanOrEqualToThreshold",
}
ALARM_MEMBERS = st.fixed_dictionaries(
    {},
    optional={
        "Namespace": st.sampled_from(("CIS", "Elsewhere")),
        "Dimensions": st.sampled_from(([], [{"Name": "a", "Value": "b"}])),
        "Unit": st.sampled_from(("None", "Count")),
        "Statistic": st.sampled_from(("Sum", "Maximum", "Average", "SampleCount", "Minimum")),
        "Period": st.sampled_from((10, 30, 60, 90, 300, 3600, 43_200, 86_400)),
        "EvaluationPeriods": st.sampled_from((1, 2, 12, 24, 25)),
        "DatapointsToAlarm": st.sampled_from((1, 2)),
        "Threshold": st.sampled_from((-1.0, 0.0, 0.5, 1.0, 1.5, 2.0)),
        "ComparisonOperator": st.sampled_from(
            ("GreaterThanOrEqualToThreshold", "GreaterThanThreshold", "LessThanThreshold")
        ),
        "TreatMissingData": st.sampled_from(("missing", "notBreaching", "ignore", "breaching")),
        "StateValue": st.sampled_from(("OK", "ALARM", "INSUFFICIENT_DATA")),
        "StateUpdatedTimestamp": st.sampled_from((NOW, NOW - timedelta(days=3))),
        "EvaluationWindow": st.sampled_from(({"SlidingWindow": {}}, {"WallClockWindow": {}})),
        "EvaluationInterval": st.sampled_from((60, 86_400)),
        "WarmUpConfiguration": st.just({"WarmUpPeriodDurationInMinutes": 60}),
    },
)


@given(ALARM_MEMBERS)
def test_an_alarm_without_a_difference_is_one_that_the_rule_proves_to_fire(members: dict[str, Any]) -> None:
    answer = {**PLAIN_ALARM, **members}
    difference = _alarm_differs(answer, "CIS", "ConfigChanges", muted=False)
    event(str(difference))
    if difference is None:
        alarm = MetricAlarm.from_api(answer)
        for default_value in (None, 0.0):
            publication = Publication(Metric("CIS", "ConfigChanges"), 1.0, default_value)
            assert isinstance(fires(alarm, publication, 86_400, NOW), Fires)


PLAIN_FILTER = {"metricNamespace": "CIS", "metricName": "ConfigChanges", "metricValue": "1"}
TRANSFORMATIONS = st.fixed_dictionaries(
    {"metricValue": st.sampled_from(("1", "1.0", "0", "2", "$.a", "-1"))},
    optional={
        "defaultValue": st.sampled_from((0, 0.0, 1)),
        "unit": st.sampled_from(("None", "Count")),
        "dimensions": st.just({"a": "$.a"}),
    },
).map(lambda members: {**PLAIN_FILTER, **members})
FILTERS = st.fixed_dictionaries(
    {
        "filterName": st.just("config-changes"),
        "filterPattern": st.sampled_from(
            (
                DEFAULT_REQUIRED_FILTER_PATTERN,
                DEFAULT_REQUIRED_FILTER_PATTERN.replace("||", "\n || "),
                DEFAULT_REQUIRED_FILTER_PATTERN.replace("||", "&&"),
            )
        ),
        "metricTransformations": st.lists(TRANSFORMATIONS, min_size=1, max_size=2),
    },
    optional={
        "applyOnTransformedLogs": st.booleans(),
        "fieldSelectionCriteria": st.sampled_from(("", '@aws.region = "us-east-1"')),
        "emitSystemFieldDimensions": st.sampled_from(([], ["@aws.account"])),
    },
)


@given(FILTERS)
def test_a_filter_without_a_difference_is_one_that_the_rule_proves_to_publish(answer: dict[str, Any]) -> None:
    difference = _filter_differs(answer, DEFAULT_REQUIRED_FILTER_PATTERN)
    event(str(difference))
    if difference is None:
        group = LogGroupId("aws", ACCOUNT_ID, REGION, LOG_GROUP)
        verdict = publishes(MetricFilter.from_api(answer, group), ACCOUNT_ID)
        assert isinstance(verdict, Publishes)
        assert verdict.publication.value == 1
        assert "".join(answer["filterPattern"].split()) == "".join(DEFAULT_REQUIRED_FILTER_PATTERN.split())


def test_an_alarm_that_stays_on_for_longer_than_an_hour_is_another_one() -> None:
    """The rule's own bound is a parameter, a day by default: this is well inside it."""
    assert _alarm_differs({**PLAIN_ALARM, "Period": 3600}, "CIS", "ConfigChanges", muted=False) is None
    longer = {**PLAIN_ALARM, "Period": 3600, "EvaluationPeriods": 2, "DatapointsToAlarm": 1}
    assert _alarm_differs(longer, "CIS", "ConfigChanges", muted=False) == "other periods"


def test_the_alarm_and_filter_of_the_controls_text_have_no_difference() -> None:
    assert _alarm_differs(PLAIN_ALARM, "CIS", "ConfigChanges", muted=False) is None
    answer = {"filterPattern": DEFAULT_REQUIRED_FILTER_PATTERN, "metricTransformations": [PLAIN_FILTER]}
    assert _filter_differs(answer, DEFAULT_REQUIRED_FILTER_PATTERN) is None
