"""Accounts in words, and what the rule says of each in the dashboard."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from demo.embedded_aws import ACCOUNT_ID, EmbeddedAws

from .accounts import EVENTS, LOG_GROUP, READ_ONLY, TOPIC, advanced, pattern_for

COMPLIANT, NON_COMPLIANT = "COMPLIANT", "NON_COMPLIANT"
ALL = "StopConfigurationRecorder and 3 more would go unnoticed."
UNVERIFIED = "StopConfigurationRecorder and 3 more could not be verified."
REACHED = "All 4 required events reach email security@example.com: trail everything, "


@dataclass(frozen=True)
class Case:
    words: str
    compliance: str
    annotation: str
    account: dict[str, Any] = field(default_factory=dict)


CASES = (
    Case("compliant", COMPLIANT, f"{REACHED}filter config-changes, alarm config-changes, topic config-changes."),
    Case(
        "no trail",
        NON_COMPLIANT,
        f"No CloudTrail trail covers this Region. {ALL} Create a multi-Region trail.",
        {"trail": False},
    ),
    Case(
        "single-Region trail",
        NON_COMPLIANT,
        f"Trail everything covers a single Region: us-east-1 only. {ALL} Make the trail multi-Region.",
        {"multi_region": False},
    ),
    Case(
        "not logging",
        NON_COMPLIANT,
        f"Trail everything is not logging. {ALL} Start logging.",
        {"logging": False},
    ),
    Case(
        "no log group",
        NON_COMPLIANT,
        f"Trail everything delivers to no log group. {ALL} Connect the trail to a log group.",
        {"log_group": False},
    ),
    Case(
        "delivery error",
        NON_COMPLIANT,
        f"Trail everything fails to deliver to its log group: AccessDenied. {ALL} "
        "Repair the trail's CloudWatch Logs role.",
        {"delivery_error": "AccessDenied"},
    ),
    Case(
        "read-only selectors",
        NON_COMPLIANT,
        "Trail everything does not record the event: its event selectors leave out StopConfigurationRecorder and "
        f"3 more. {ALL} Log management write events.",
        {"event_selectors": READ_ONLY},
    ),
    Case(
        "advanced selectors that exclude Config",
        NON_COMPLIANT,
        "Trail everything does not record the event: its event selectors leave out StopConfigurationRecorder and "
        f"3 more. {ALL} Log management write events.",
        {"advanced_event_selectors": advanced("eventSource", NotEquals=["config.amazonaws.com"])},
    ),
    Case(
        "advanced selectors that include Config",
        COMPLIANT,
        f"{REACHED}filter config-changes, alarm config-changes, topic config-changes.",
        {"advanced_event_selectors": advanced("eventSource", Equals=["config.amazonaws.com"])},
    ),
    Case(
        "filter on another log group",
        NON_COMPLIANT,
        f"Log group {LOG_GROUP} has no metric filter for the event: it has none at all. {ALL} "
        "Create the metric filter.",
        {"filtered_log_group": "another/group"},
    ),
    Case(
        "missing one event of four",
        NON_COMPLIANT,
        "Metric filter config-changes misses the event: PutDeliveryChannel. PutDeliveryChannel would go unnoticed. "
        "Add a second filter to its metric.",
        {"patterns": [pattern_for(*(name for name in EVENTS if name != "PutDeliveryChannel"))]},
    ),
    Case(
        "four filters with one event each",
        COMPLIANT,
        f"{REACHED}filter config-changes-1, alarm config-changes, topic config-changes and 3 more.",
        {"patterns": [pattern_for(name) for name in EVENTS]},
    ),
    Case(
        "metric value 0",
        NON_COMPLIANT,
        f"Metric filter config-changes publishes no usable value: its metric value is 0. {ALL} "
        "Add a filter with metric value 1, and its alarm.",
        {"metric_value": "0"},
    ),
    Case(
        "alarm on another namespace",
        NON_COMPLIANT,
        "Alarm config-changes watches another metric: Elsewhere/ConfigChanges, the filter publishes "
        f"CIS/ConfigChanges. {ALL} Add an alarm on the filter's metric.",
        {"alarm": {"Namespace": "Elsewhere"}},
    ),
    Case(
        "threshold 2",
        NON_COMPLIANT,
        "Alarm config-changes does not fire on one event: Sum >= 2 needs several events within 300 s. "
        f"{ALL} Add an alarm with Sum >= 1 over 300 s, 1 of 1.",
        {"alarm": {"Threshold": 2.0}},
    ),
    Case(
        "actions disabled",
        NON_COMPLIANT,
        f"Alarm config-changes has its actions disabled. {ALL} Enable its actions.",
        {"alarm": {"ActionsEnabled": False}},
    ),
    Case(
        "no actions",
        NON_COMPLIANT,
        f"Alarm config-changes notifies no SNS topic: it has no alarm actions. {ALL} "
        "Add an alarm that notifies a topic.",
        {"alarm": {"AlarmActions": []}},
    ),
    Case(
        "only OK actions",
        NON_COMPLIANT,
        "Alarm config-changes notifies no SNS topic: it has actions only for other states than ALARM. "
        f"{ALL} Add an alarm that notifies a topic.",
        {"alarm": {"AlarmActions": [], "OKActions": [TOPIC]}},
    ),
    Case(
        "topic gone",
        NON_COMPLIANT,
        f"Topic config-changes does not exist. {ALL} Create the topic and subscribe to it.",
        {"topic": False},
    ),
    Case(
        "subscription pending",
        NON_COMPLIANT,
        "Topic config-changes has no confirmed subscription: security@example.com has not confirmed. "
        f"{ALL} Confirm it with the link in the e-mail.",
        {"subscription": "pending"},
    ),
    Case(
        "subscription deleted",
        NON_COMPLIANT,
        f"Topic config-changes has no subscription. {ALL} Subscribe somebody and have them confirm.",
        {"subscription": "deleted"},
    ),
    Case(
        "no alarm",
        NON_COMPLIANT,
        f"No alarm watches metric CIS/ConfigChanges. {ALL} Create the alarm.",
        {"has_alarm": False},
    ),
    Case(
        "average over a default value of 0",
        NON_COMPLIANT,
        "Alarm config-changes does not fire on one event: Average falls with the default value 0 of other log events. "
        f"{ALL} Add an alarm with Sum >= 1 over 300 s, 1 of 1.",
        {"transformation": {"defaultValue": 0.0}, "alarm": {"Statistic": "Average"}},
    ),
    Case(
        "missing data is breaching",
        NON_COMPLIANT,
        "Alarm config-changes is in ALARM without an event: it treats missing data as breaching. "
        f"{ALL} Add an alarm with Sum >= 1 and missing data notBreaching.",
        {"alarm": {"TreatMissingData": "breaching"}},
    ),
    Case(
        "filter matches every event of AWS Config",
        NON_COMPLIANT,
        "Metric filter config-changes also matches routine events: such as config:PutEvaluations. "
        f"{ALL} Add a filter for the control alone, and its alarm.",
        {"patterns": ["{ $.eventSource = config.amazonaws.com }"]},
    ),
    Case(
        "subscription filter on message attributes",
        NON_COMPLIANT,
        "Topic config-changes drops the alarm's message: security@example.com has filter policy "
        f'{{"severity":["high"]}}. {ALL} Subscribe somebody without a filter policy.',
        {"subscription_attributes": {"FilterPolicy": '{"severity":["high"]}'}},
    ),
    Case(
        "topic encrypted with the AWS managed key",
        NON_COMPLIANT,
        "Topic config-changes is encrypted with a key that the alarm may not use: alias/aws/sns is an AWS managed key. "
        f"{ALL} Use a customer managed key that admits CloudWatch.",
        {"topic_attributes": {"KmsMasterKeyId": "alias/aws/sns"}},
    ),
)


def dashboard(aws: EmbeddedAws) -> tuple[str, str]:
    """What the last PutEvaluations left."""
    (evaluation,) = aws.evaluations
    assert evaluation["ComplianceResourceType"] == "AWS::::Account"
    assert evaluation["ComplianceResourceId"] == ACCOUNT_ID
    return evaluation["ComplianceType"], evaluation["Annotation"]
