"""The document itself, executed on accounts described in words: what it makes, what it leaves, what it says."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import boto3
import pytest
from config_changes_alarm.requirement import DEFAULT_REQUIRED_FILTER_PATTERN

import ConfigChangesAlarmRule
from demo.embedded_aws import ACCOUNT_ID, REGION, EmbeddedAws
from demo.evaluate import scheduled_event
from remediation.build import compact, document
from tests.accounts import LOG_GROUP, TOPIC, an_account, put_alarm
from tests.test_rule import CASES, COMPLIANT, NON_COMPLIANT, Case, dashboard

from .automation import Execution, Refused, run
from .conftest import Calls

RUNBOOK = document()
ENDPOINT = "oncall@example.com"
OWN_TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT_ID}:ConfigChangesAlarmRule"
REQUIRED = {"AutomationAssumeRole": f"arn:aws:iam::{ACCOUNT_ID}:role/remediation", "AccountId": ACCOUNT_ID}


def repair(**parameters: str) -> Execution:
    return run(RUNBOOK, {**REQUIRED, "SubscriptionEndpoint": ENDPOINT, **parameters})


def evaluate(aws: EmbeddedAws) -> tuple[str, str]:
    aws.evaluations.clear()
    ConfigChangesAlarmRule.lambda_handler(scheduled_event(), None)
    return dashboard(aws)


def everything(region: str = REGION) -> dict[tuple[str, str], Any]:
    """Every resource that could be touched, by its kind and name."""
    logs, cloudwatch = boto3.client("logs", region_name=region), boto3.client("cloudwatch", region_name=region)
    sns, kms = boto3.client("sns", region_name=region), boto3.client("kms", region_name=region)
    found: dict[tuple[str, str], Any] = {}
    for group in logs.describe_log_groups()["logGroups"]:
        name = group["logGroupName"]
        found["log group", name] = group["arn"]
        for metric_filter in logs.describe_metric_filters(logGroupName=name)["metricFilters"]:
            found["metric filter", f"{name} {metric_filter['filterName']}"] = metric_filter
    for alarm in cloudwatch.describe_alarms(AlarmTypes=["MetricAlarm", "CompositeAlarm"])["MetricAlarms"]:
        found["alarm", alarm["AlarmName"]] = alarm
    for topic in sns.list_topics()["Topics"]:
        attributes = sns.get_topic_attributes(TopicArn=topic["TopicArn"])["Attributes"]
        counted = ("SubscriptionsConfirmed", "SubscriptionsPending", "SubscriptionsDeleted")
        found["topic", topic["TopicArn"]] = {name: attributes[name] for name in attributes if name not in counted}
    for subscription in sns.list_subscriptions()["Subscriptions"]:
        arn = subscription["SubscriptionArn"]
        attributes = sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]
        found["subscription", arn] = {**subscription, **attributes}
    for key in kms.list_keys()["Keys"]:
        found["key", key["KeyId"]] = kms.get_key_policy(KeyId=key["KeyId"], PolicyName="default")["Policy"]
    for trail in boto3.client("cloudtrail").describe_trails()["trailList"]:
        found["trail", trail["TrailARN"]] = trail
    return found


def made(before: dict[tuple[str, str], Any], after: dict[tuple[str, str], Any]) -> list[str]:
    """The kinds of what is new; all that was there before has to be there as it was."""
    assert before.items() <= after.items()
    return sorted(kind for kind, _ in after.keys() - before.keys())


WHOLE = ["alarm", "metric filter", "subscription", "topic"]

# --------------------------------------------------------------------------- the rule's own table

NOT_BY_MAKING = {
    "no trail": "no trail covers this Region. Without one, the AWS runbook "
    "AWSConfigRemediation-CreateCloudTrailMultiRegionTrail creates one.",
    "single-Region trail": "trail everything covers us-east-1 only",
    "not logging": "trail everything is not logging: start it",
    "no log group": "trail everything delivers to no log group: the AWS runbook AWS-EnableCloudTrailCloudWatchLogs",
    "delivery error": "trail everything fails to deliver to its log group: AccessDenied",
    "read-only selectors": "trail everything does not record write calls to AWS Config",
    "advanced selectors that exclude Config": "trail everything does not record write calls to AWS Config",
}
"""The accounts whose trail is at fault, and what the runbook says of it: it makes no trail and changes none."""


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.compliance == NON_COMPLIANT], ids=lambda case: case.words
)
def test_a_non_compliant_account(case: Case, aws: EmbeddedAws, calls: Calls) -> None:
    an_account(aws, **case.account)
    assert evaluate(aws)[0] == NON_COMPLIANT
    before = everything()
    first = repair()
    after = everything()
    if case.words in NOT_BY_MAKING:
        assert first.status == "Failed"
        assert NOT_BY_MAKING[case.words] in first.failure
        assert made(before, after) == []
        return
    assert first.status == "Success"
    assert made(before, after) == WHOLE
    assert first.outputs["ReadBack.Remaining"] == (
        f"{ENDPOINT} has to confirm with the link in the message from SNS, within two days"
    )
    assert aws.evaluations_asked_for == ["ConfigChangesAlarmRule"]

    again = repair()
    assert again.outputs["Compare.Message"].endswith(f"{ENDPOINT} still has to confirm.")
    assert everything() == after

    aws.confirm(ENDPOINT)
    assert evaluate(aws)[0] == COMPLIANT
    confirmed = everything()
    assert repair().status == "Success"
    assert everything() == confirmed


@pytest.mark.parametrize("case", [case for case in CASES if case.compliance == COMPLIANT], ids=lambda case: case.words)
def test_a_compliant_account_is_left_as_it_is(case: Case, aws: EmbeddedAws, calls: Calls) -> None:
    an_account(aws, **case.account)
    assert evaluate(aws)[0] == COMPLIANT
    before = everything()
    execution = repair()
    assert execution.steps.keys() == {"CheckAccount", "ReadVerdict", "ChooseByVerdict", "Reevaluate"}
    assert everything() == before


def test_a_whole_chain_that_aws_config_has_not_seen_yet_is_left_as_it_is(aws: EmbeddedAws, calls: Calls) -> None:
    an_account(aws, alarm={"ActionsEnabled": False})
    evaluate(aws)
    boto3.client("cloudwatch").enable_alarm_actions(AlarmNames=["config-changes"])
    before = everything()
    execution = repair()
    assert execution.outputs["ReadVerdict.Compliance"] == NON_COMPLIANT
    assert (
        execution.outputs["Compare.Message"]
        == f"Nothing to make: config-changes, config-changes and {TOPIC} are whole."
    )
    assert everything() == before
    assert aws.evaluations_asked_for == ["ConfigChangesAlarmRule"]


def test_a_chain_that_only_lacks_the_given_endpoints_click_is_left_as_it_is(aws: EmbeddedAws, calls: Calls) -> None:
    an_account(aws, subscription="pending")
    before = everything()
    assert repair(SubscriptionEndpoint="security@example.com").outputs["Compare.Message"] == (
        f"Nothing to make: config-changes, config-changes and {TOPIC} are whole. "
        "security@example.com still has to confirm."
    )
    assert everything() == before


def test_beside_an_alarm_that_is_muted_a_chain_of_its_own_is_made(aws: EmbeddedAws, calls: Calls) -> None:
    an_account(aws)
    mute("config-changes")
    assert evaluate(aws)[0] == NON_COMPLIANT
    before = everything()
    repair()
    assert made(before, everything()) == WHOLE
    aws.confirm(ENDPOINT)
    assert evaluate(aws)[0] == COMPLIANT


def test_beside_a_filter_whose_metric_another_filter_spoils_a_chain_of_its_own_is_made(
    aws: EmbeddedAws, calls: Calls
) -> None:
    an_account(aws)
    put_filter("theirs", "{ $.eventName = AssumeRole }", metricNamespace="CIS")
    assert evaluate(aws)[0] == NON_COMPLIANT
    before = everything()
    repair()
    assert made(before, everything()) == WHOLE
    aws.confirm(ENDPOINT)
    assert evaluate(aws)[0] == COMPLIANT


def test_a_whole_chain_to_another_topic_does_not_count_for_a_given_one(aws: EmbeddedAws, calls: Calls) -> None:
    an_account(aws)
    before = everything()
    theirs = f"arn:aws:sns:{REGION}:{ACCOUNT_ID}:on-call"
    assert repair(TopicArn=theirs).status == "Success"
    assert made(before, everything()) == WHOLE
    aws.confirm(ENDPOINT)
    aws.evaluations.clear()
    ConfigChangesAlarmRule.lambda_handler(scheduled_event({"TopicArns": theirs}), None)
    assert dashboard(aws)[0] == COMPLIANT


def test_the_filter_and_alarm_of_a_given_topic_are_used_again(aws: EmbeddedAws, calls: Calls) -> None:
    an_account(aws, subscription="none")
    before = everything()
    execution = repair(TopicArn=TOPIC)
    assert made(before, everything()) == ["subscription"]
    assert execution.outputs["ReadBack.Created"] == f"subscription of {ENDPOINT}"
    assert execution.outputs["ReadBack.Found"] == (
        f"topic {TOPIC}, metric filter config-changes of log group {LOG_GROUP}, alarm config-changes"
    )
    aws.confirm(ENDPOINT)
    assert evaluate(aws)[0] == COMPLIANT


def test_what_is_made_is_what_the_controls_text_asks_for(aws: EmbeddedAws, calls: Calls) -> None:
    nothing_behind_the_trail(aws)
    execution = repair()
    found = everything()
    metric_filter = found["metric filter", f"{LOG_GROUP} ConfigChangesAlarmRule"]
    assert metric_filter["filterPattern"] == DEFAULT_REQUIRED_FILTER_PATTERN
    assert metric_filter["metricTransformations"] == [
        {"metricName": "ConfigChanges", "metricNamespace": "ConfigChangesAlarmRule", "metricValue": "1"}
    ]
    alarm = found["alarm", "ConfigChangesAlarmRule"]
    asked = {
        "Namespace": "ConfigChangesAlarmRule",
        "MetricName": "ConfigChanges",
        "Statistic": "Sum",
        "Period": 300,
        "EvaluationPeriods": 1,
        "Threshold": 1.0,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "TreatMissingData": "notBreaching",
        "ActionsEnabled": True,
        "AlarmActions": [OWN_TOPIC],
    }
    assert {name: alarm[name] for name in asked} == asked
    assert json.loads(found["topic", OWN_TOPIC]["Policy"])["Statement"] == [
        {
            "Sid": "AlarmsOfThisAccount",
            "Effect": "Allow",
            "Principal": {"Service": "cloudwatch.amazonaws.com"},
            "Action": "sns:Publish",
            "Resource": OWN_TOPIC,
            "Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT_ID}},
        }
    ]
    assert execution.outputs["PrepareTopic.Changed"] == "nothing"
    assert execution.outputs["ReadBack.Created"] == (
        f"topic {OWN_TOPIC}, subscription of {ENDPOINT}, "
        f"metric filter ConfigChangesAlarmRule of log group {LOG_GROUP}, alarm ConfigChangesAlarmRule"
    )


def nothing_behind_the_trail(aws: EmbeddedAws) -> None:
    an_account(aws, patterns=(), has_alarm=False, topic=False)


def test_the_compact_document_does_the_same(aws: EmbeddedAws, calls: Calls) -> None:
    nothing_behind_the_trail(aws)
    before = everything()
    execution = run(compact(RUNBOOK), {**REQUIRED, "SubscriptionEndpoint": ENDPOINT})
    assert execution.status == "Success"
    assert made(before, everything()) == WHOLE


def test_without_an_endpoint_nobody_is_subscribed_and_that_is_said(aws: EmbeddedAws, calls: Calls) -> None:
    nothing_behind_the_trail(aws)
    before = everything()
    execution = run(RUNBOOK, REQUIRED)
    assert made(before, everything()) == ["alarm", "metric filter", "topic"]
    assert execution.outputs["ReadBack.Remaining"] == (
        f"nobody is subscribed to topic {OWN_TOPIC}: give SubscriptionEndpoint, or subscribe somebody"
    )
    assert repair().outputs["ReadBack.Created"] == f"subscription of {ENDPOINT}"


def test_in_another_account_nothing_is_looked_at(aws: EmbeddedAws, calls: Calls) -> None:
    execution = repair(AccountId="210987654321")
    assert execution.failure == "Step CheckAccount failed: $.Account is 123456789012, not 210987654321"
    assert calls.made == [("sts", "GetCallerIdentity")]


@pytest.mark.parametrize(
    "name", ["ConfigChangesAlarmRule-conformance-pack-abc123", "OrgConfigRule-ConfigChangesAlarmRule-abc123"]
)
def test_the_rule_is_found_under_the_name_that_a_pack_or_an_organization_gives_it(
    name: str, aws: EmbeddedAws, calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    from moto.config.responses import ConfigResponse

    rules = [{"ConfigRuleName": other} for other in ("ConfigChangesAlarmRule2", name, "unrelated")]
    monkeypatch.setattr(ConfigResponse, "describe_config_rules", lambda self: json.dumps({"ConfigRules": rules}))
    an_account(aws)
    evaluate(aws)
    assert repair().outputs["ReadVerdict.Compliance"] == COMPLIANT
    assert aws.evaluations_asked_for == [name]


def test_one_failing_result_of_several_rules_is_enough_to_repair(
    aws: EmbeddedAws, calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    from moto.config.responses import ConfigResponse

    names = ("ConfigChangesAlarmRule", "ConfigChangesAlarmRule-conformance-pack-abc123")
    rules = [{"ConfigRuleName": name} for name in names]

    def details(self: Any) -> str:
        failing = self._get_param("ConfigRuleName") == names[1]
        qualifier = {"EvaluationResultQualifier": {"ResourceId": ACCOUNT_ID}}
        result = {"ComplianceType": NON_COMPLIANT if failing else COMPLIANT, "EvaluationResultIdentifier": qualifier}
        return json.dumps({"EvaluationResults": [result]})

    monkeypatch.setattr(ConfigResponse, "describe_config_rules", lambda self: json.dumps({"ConfigRules": rules}))
    monkeypatch.setattr(ConfigResponse, "get_compliance_details_by_config_rule", details)
    nothing_behind_the_trail(aws)
    execution = repair()
    assert execution.outputs["ReadVerdict.Compliance"] == NON_COMPLIANT
    assert execution.outputs["ReadBack.Found"] == "nothing"
    assert tuple(aws.evaluations_asked_for) == names


def test_where_aws_config_refuses_to_evaluate_again_the_repair_still_counts(aws: EmbeddedAws, calls: Calls) -> None:
    nothing_behind_the_trail(aws)
    calls.failing = ("config", "StartConfigRulesEvaluation")
    execution = repair()
    assert (execution.status, execution.steps["Reevaluate"]) == ("Success", "Failed")
    assert execution.outputs["ReadBack.Found"] == "nothing"


# --------------------------------------------------------------------------- names that are taken

LIKE_OURS = {"Namespace": "ConfigChangesAlarmRule", "MetricName": "ConfigChanges", "AlarmActions": [OWN_TOPIC]}


def put_filter(
    name: str = "ConfigChangesAlarmRule", pattern: str = DEFAULT_REQUIRED_FILTER_PATTERN, **members: Any
) -> None:
    transformation = {"metricNamespace": "ConfigChangesAlarmRule", "metricName": "ConfigChanges", "metricValue": "1"}
    logs: Any = boto3.client("logs")
    logs.put_metric_filter(
        logGroupName=LOG_GROUP,
        filterName=name,
        filterPattern=pattern,
        metricTransformations=[{**transformation, **members}],
    )


def mute(alarm_name: str) -> None:
    boto3.client("cloudwatch").put_alarm_mute_rule(
        Name="holiday",
        Rule={"Schedule": {"Expression": "at(2026-11-23T00:00)", "Duration": "PT12H"}},
        MuteTargets={"AlarmNames": [alarm_name]},
    )


def composite(name: str) -> None:
    put_alarm("child")
    boto3.client("cloudwatch").put_composite_alarm(AlarmName=name, AlarmRule='ALARM("child")')


FILTER_TAKEN = f"Log group {LOG_GROUP} has a metric filter ConfigChangesAlarmRule with "
ALARM_TAKEN = "There is an alarm ConfigChangesAlarmRule with "
TAKEN: dict[str, tuple[Callable[[], None], str]] = {
    "filter with another pattern": (lambda: put_filter(pattern="{ $.a = b }"), f"{FILTER_TAKEN}another pattern."),
    "filter with another metric": (lambda: put_filter(metricName="Other"), f"{FILTER_TAKEN}another metric."),
    "filter with another value": (lambda: put_filter(metricValue="0"), f"{FILTER_TAKEN}another metric value."),
    "filter with dimensions": (lambda: put_filter(dimensions={"a": "$.a"}), f"{FILTER_TAKEN}dimensions or a unit."),
    "another filter on the metric": (
        lambda: put_filter("theirs", "{ $.a = b }"),
        f"Metric ConfigChangesAlarmRule/ConfigChanges is published by metric filter theirs of log group {LOG_GROUP}.",
    ),
    "alarm on another metric": (
        lambda: put_alarm("ConfigChangesAlarmRule"),
        f"{ALARM_TAKEN}another metric.",
    ),
    "alarm with another threshold": (
        lambda: put_alarm("ConfigChangesAlarmRule", **LIKE_OURS, Threshold=2.0),
        f"{ALARM_TAKEN}another threshold.",
    ),
    "alarm with other periods": (
        lambda: put_alarm("ConfigChangesAlarmRule", **LIKE_OURS, EvaluationPeriods=2),
        f"{ALARM_TAKEN}other periods.",
    ),
    "alarm that treats missing data otherwise": (
        lambda: put_alarm("ConfigChangesAlarmRule", **LIKE_OURS, TreatMissingData="breaching"),
        f"{ALARM_TAKEN}another treatment of missing data.",
    ),
    "alarm with its actions disabled": (
        lambda: put_alarm("ConfigChangesAlarmRule", **LIKE_OURS, ActionsEnabled=False),
        f"{ALARM_TAKEN}its actions disabled.",
    ),
    "alarm that notifies another topic": (
        lambda: put_alarm("ConfigChangesAlarmRule", **{**LIKE_OURS, "AlarmActions": [TOPIC]}),
        f"{ALARM_TAKEN}no action to {OWN_TOPIC}.",
    ),
    "composite alarm": (lambda: composite("ConfigChangesAlarmRule"), f"{ALARM_TAKEN}the kind of a composite alarm."),
}


@pytest.mark.parametrize("words", TAKEN)
def test_a_name_that_is_taken_ends_the_run_before_anything_is_made(words: str, aws: EmbeddedAws, calls: Calls) -> None:
    take, message = TAKEN[words]
    nothing_behind_the_trail(aws)
    take()
    before = everything()
    execution = repair()
    assert (execution.status, list(execution.failures)) == ("Failed", ["Compare"])
    assert message in execution.failure
    assert everything() == before


def test_a_name_taken_while_the_runbook_runs_is_not_overwritten(aws: EmbeddedAws, calls: Calls) -> None:
    nothing_behind_the_trail(aws)
    calls.just_before["sns", "CreateTopic"] = lambda: put_filter(pattern="{ $.a = b }")
    execution = repair()
    assert list(execution.failures) == ["PutMetricFilter"]
    assert everything()["metric filter", f"{LOG_GROUP} ConfigChangesAlarmRule"]["filterPattern"] == "{ $.a = b }"

    boto3.client("logs").delete_metric_filter(logGroupName=LOG_GROUP, filterName="ConfigChangesAlarmRule")
    calls.just_before["logs", "PutMetricFilter"] = lambda: put_alarm("ConfigChangesAlarmRule")
    execution = repair()
    assert list(execution.failures) == ["PutMetricAlarm"]
    assert everything()["alarm", "ConfigChangesAlarmRule"]["Namespace"] == "CIS"


def test_a_muted_alarm_of_the_runbooks_name_is_left_muted(aws: EmbeddedAws, calls: Calls) -> None:
    nothing_behind_the_trail(aws)
    repair()
    mute("ConfigChangesAlarmRule")
    before = everything()
    assert f"{ALARM_TAKEN}an active mute rule." in repair().failure
    assert everything() == before


# --------------------------------------------------------------------------- topics, policies and keys

OWNER_ONLY = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Sid": "owner",
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT_ID}:root"},
            "Action": "sns:*",
            "Resource": TOPIC,
        }
    ],
}
NOBODY = {"Effect": "Deny", "Principal": "*", "Action": "sns:Publish", "Resource": TOPIC}
WITHOUT_TLS = {**NOBODY, "Condition": {"Bool": {"aws:SecureTransport": "false"}}}


def a_topic(policy: dict[str, Any] | None = None, key_id: str | None = None) -> None:
    sns = boto3.client("sns")
    sns.create_topic(Name="config-changes")
    for name, value in (("Policy", policy and json.dumps(policy)), ("KmsMasterKeyId", key_id)):
        if value:
            sns.set_topic_attributes(TopicArn=TOPIC, AttributeName=name, AttributeValue=value)


def a_key(*statements: dict[str, Any]) -> str:
    root = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT_ID}:root"},
        "Action": "kms:*",
        "Resource": "*",
    }
    policy = {"Version": "2012-10-17", "Statement": [root, *statements]}
    arn: str = boto3.client("kms").create_key(Policy=json.dumps(policy))["KeyMetadata"]["Arn"]
    return arn


USED_BY_CLOUDWATCH = {
    "Effect": "Allow",
    "Principal": {"Service": "cloudwatch.amazonaws.com"},
    "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
    "Resource": "*",
}


def statements(policy: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(policy)["Statement"]
    return found


def test_a_given_topic_is_taken_over(aws: EmbeddedAws, calls: Calls) -> None:
    nothing_behind_the_trail(aws)
    a_topic()
    before = everything()
    assert repair(TopicArn=TOPIC).status == "Success"
    assert made(before, everything()) == ["alarm", "metric filter", "subscription"]
    aws.confirm(ENDPOINT)
    assert evaluate(aws)[0] == COMPLIANT


def test_a_given_topic_that_is_not_there_is_made(aws: EmbeddedAws, calls: Calls) -> None:
    nothing_behind_the_trail(aws)
    assert f"topic {TOPIC}" in repair(TopicArn=TOPIC).outputs["ReadBack.Created"]


def test_a_policy_that_refuses_alarms_is_reported_and_left_as_it_is(aws: EmbeddedAws, calls: Calls) -> None:
    nothing_behind_the_trail(aws)
    a_topic(OWNER_ONLY)
    before = everything()
    execution = repair(TopicArn=TOPIC)
    assert made(before, everything()) == ["alarm", "metric filter", "subscription"]
    assert execution.outputs["ReadBack.Remaining"].startswith(
        f"the policy of topic {TOPIC} does not plainly let the alarm publish: allow cloudwatch.amazonaws.com "
        f"sns:Publish where aws:SourceAccount is {ACCOUNT_ID}; "
    )
    aws.confirm(ENDPOINT)
    assert evaluate(aws)[0] == NON_COMPLIANT


def test_where_it_is_allowed_a_statement_is_added_to_the_policy_once(aws: EmbeddedAws, calls: Calls) -> None:
    nothing_behind_the_trail(aws)
    a_topic({**OWNER_ONLY, "Statement": [*OWNER_ONLY["Statement"], WITHOUT_TLS]})
    execution = repair(TopicArn=TOPIC, AllowTopicPolicyChange="true")
    assert (
        execution.outputs["PrepareTopic.Changed"]
        == f"the policy of topic {TOPIC} now lets this account's alarms publish"
    )
    after = everything()
    owner, without_tls, added = statements(after["topic", TOPIC]["Policy"])
    assert [owner, without_tls] == [*OWNER_ONLY["Statement"], WITHOUT_TLS]
    assert (added["Effect"], added["Principal"]) == ("Allow", {"Service": "cloudwatch.amazonaws.com"})
    assert repair(TopicArn=TOPIC, AllowTopicPolicyChange="true").status == "Success"
    assert everything() == after
    aws.confirm(ENDPOINT)
    assert evaluate(aws)[0] == COMPLIANT


def test_a_deny_is_never_taken_away(aws: EmbeddedAws, calls: Calls) -> None:
    nothing_behind_the_trail(aws)
    a_topic({**OWNER_ONLY, "Statement": [NOBODY]})
    before = everything()
    execution = repair(TopicArn=TOPIC, AllowTopicPolicyChange="true")
    assert "does not plainly let the alarm publish" in execution.outputs["ReadBack.Remaining"]
    assert everything()["topic", TOPIC] == before["topic", TOPIC]


def test_a_new_topic_is_encrypted_with_the_given_key(aws: EmbeddedAws, calls: Calls) -> None:
    nothing_behind_the_trail(aws)
    key = a_key(USED_BY_CLOUDWATCH)
    before = everything()
    assert repair(KmsKeyArn=key).status == "Success"
    after = everything()
    assert made(before, after) == WHOLE
    assert after["topic", OWN_TOPIC]["KmsMasterKeyId"] == key
    aws.confirm(ENDPOINT)
    assert evaluate(aws)[0] == COMPLIANT


def test_a_key_that_cloudwatch_may_not_use_is_reported_and_left_as_it_is(aws: EmbeddedAws, calls: Calls) -> None:
    nothing_behind_the_trail(aws)
    key = a_key()
    before = everything()
    execution = repair(KmsKeyArn=key)
    assert made(before, everything()) == WHOLE
    assert execution.outputs["ReadBack.Remaining"].startswith(
        f"key {key} does not plainly let CloudWatch use it: allow cloudwatch.amazonaws.com kms:Decrypt "
        "and kms:GenerateDataKey* in the policy of a customer managed key; "
    )
    aws.confirm(ENDPOINT)
    assert evaluate(aws)[0] == NON_COMPLIANT


def test_a_key_that_is_disabled_is_reported(aws: EmbeddedAws, calls: Calls) -> None:
    nothing_behind_the_trail(aws)
    key = a_key(USED_BY_CLOUDWATCH)
    boto3.client("kms").disable_key(KeyId=key.rpartition("/")[2])
    execution = repair(KmsKeyArn=key, AllowKeyPolicyChange="true")
    assert f"key {key} does not plainly let CloudWatch use it" in execution.outputs["ReadBack.Remaining"]
    assert execution.outputs["PrepareTopic.Changed"] == "nothing"


def test_where_it_is_allowed_a_statement_is_added_to_the_keys_policy(aws: EmbeddedAws, calls: Calls) -> None:
    nothing_behind_the_trail(aws)
    key = a_key()
    a_topic(key_id=key)
    execution = repair(TopicArn=TOPIC, AllowKeyPolicyChange="true")
    assert execution.outputs["PrepareTopic.Changed"] == f"the policy of key {key} now lets CloudWatch use it"
    after = everything()
    assert [each["Principal"] for each in statements(after["key", key.rpartition("/")[2]])] == [
        {"AWS": f"arn:aws:iam::{ACCOUNT_ID}:root"},
        {"Service": "cloudwatch.amazonaws.com"},
    ]
    assert repair(TopicArn=TOPIC, AllowKeyPolicyChange="true").status == "Success"
    assert everything() == after
    aws.confirm(ENDPOINT)
    assert evaluate(aws)[0] == COMPLIANT


def test_a_topic_encrypted_with_the_aws_managed_key_is_reported_and_left_as_it_is(
    aws: EmbeddedAws, calls: Calls
) -> None:
    nothing_behind_the_trail(aws)
    a_topic(key_id="alias/aws/sns")
    before = everything()
    execution = repair(TopicArn=TOPIC, AllowTopicPolicyChange="true", AllowKeyPolicyChange="true")
    assert "key alias/aws/sns does not plainly" in execution.outputs["ReadBack.Remaining"]
    assert everything()["topic", TOPIC] == before["topic", TOPIC]


def test_the_given_endpoints_filter_policy_is_reported_and_left_as_it_is(aws: EmbeddedAws, calls: Calls) -> None:
    attributes = {"FilterPolicy": '{"severity":["high"]}'}
    an_account(aws, subscription_attributes=attributes)
    before = everything()
    execution = repair(TopicArn=TOPIC, SubscriptionEndpoint="security@example.com")
    assert made(before, everything()) == []
    assert execution.outputs["ReadBack.Remaining"].endswith("has to let the alarm's message through")


# --------------------------------------------------------------------------- failures in the middle


def undo() -> None:
    """Takes away what the runbook made, as a person would."""
    sns = boto3.client("sns")
    for subscription in sns.list_subscriptions_by_topic(TopicArn=OWN_TOPIC)["Subscriptions"]:
        sns.unsubscribe(SubscriptionArn=subscription["SubscriptionArn"])
    sns.delete_topic(TopicArn=OWN_TOPIC)
    boto3.client("logs").delete_metric_filter(logGroupName=LOG_GROUP, filterName="ConfigChangesAlarmRule")
    boto3.client("cloudwatch").delete_alarms(AlarmNames=["ConfigChangesAlarmRule"])


def test_every_call_may_fail_once_and_the_next_run_completes_the_repair(aws: EmbeddedAws, calls: Calls) -> None:
    nothing_behind_the_trail(aws)
    aws.confirm(ENDPOINT)
    before = everything()
    calls.made.clear()
    repair()
    operations = list(dict.fromkeys(calls.made))
    assert len(operations) > 15
    undo()
    for operation in operations:
        assert everything() == before
        calls.failing = operation
        broken = repair()
        assert calls.failing is None
        expected = "Success" if operation in MAY_FAIL else "Failed"
        assert (operation, broken.status) == (operation, expected)
        halfway = everything()
        assert set(made(before, halfway)) <= set(WHOLE)
        assert repair().status == "Success"
        after = everything()
        assert made(before, after) == WHOLE
        made(halfway, after)
        undo()


MAY_FAIL = (
    # only the step that reads back makes them here, and it has three attempts
    ("sns", "ListSubscriptionsByTopic"),
    ("sns", "GetSubscriptionAttributes"),
    # without it the rule's next evaluation comes by itself
    ("config", "StartConfigRulesEvaluation"),
)


def test_what_is_gone_when_it_is_read_back_fails_the_run(aws: EmbeddedAws, calls: Calls) -> None:
    nothing_behind_the_trail(aws)

    def take_away() -> None:
        boto3.client("cloudwatch").delete_alarms(AlarmNames=["ConfigChangesAlarmRule"])

    calls.just_before["sns", "ListSubscriptionsByTopic"] = take_away
    broken = repair()
    assert list(broken.failures) == ["ReadBack"]
    assert "Not there after it was put: alarm ConfigChangesAlarmRule. Run the runbook again." in broken.failure
    assert repair().outputs["ReadBack.Created"] == "alarm ConfigChangesAlarmRule"


def test_a_second_run_in_the_middle_of_the_first_changes_nothing_more(aws: EmbeddedAws, calls: Calls) -> None:
    nothing_behind_the_trail(aws)
    before = everything()
    inner: list[Execution] = []
    calls.just_before["sns", "CreateTopic"] = lambda: inner.append(repair())
    outer = repair()
    assert (inner[0].status, outer.status) == ("Success", "Success")
    assert made(before, everything()) == WHOLE


# --------------------------------------------------------------------------- hostile parameters

HOSTILE = ("'", '"', "`id`", "$(id)", "a\nb", "{{ global:REGION }}", "{{AccountId}}", "}}", "\\", "a b;", "é", "\0")


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize("name", [name for name in RUNBOOK["parameters"] if name != "FilterPattern"])
def test_hostile_values_are_refused_before_anything_runs(name: str, value: str) -> None:
    with pytest.raises(Refused, match=f"parameter {name} "):
        repair(**{name: value})


@pytest.mark.parametrize(
    "value", ["ERROR", "{ {{ global:REGION }} }", "{ $.a = {b} }", "{ $.a = b }\n{ }", "{ \\ }", ""]
)
def test_what_is_no_pattern_for_json_events_is_refused(value: str) -> None:
    with pytest.raises(Refused, match="parameter FilterPattern "):
        repair(FilterPattern=value)


def test_quotes_in_a_pattern_arrive_as_data(aws: EmbeddedAws, calls: Calls) -> None:
    nothing_behind_the_trail(aws)
    pattern = """{ $.eventName = "a'b'); import os; os.abort() #$(id)`id`" }"""
    assert repair(FilterPattern=pattern).status == "Success"
    assert everything()["metric filter", f"{LOG_GROUP} ConfigChangesAlarmRule"]["filterPattern"] == pattern


OTHER = f"arn:aws:sns:{REGION}:210987654321:config-changes"


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"TopicArn": OTHER}, f"TopicArn is {OTHER}: it has to be of account {ACCOUNT_ID} and {REGION}"),
        ({"TopicArn": TOPIC.replace(REGION, "eu-west-1")}, "it has to be of account"),
        ({"KmsKeyArn": f"arn:aws:kms:{REGION}:210987654321:key/1"}, "KmsKeyArn is arn:aws:kms"),
        ({"SubscriptionEndpoint": "nobody"}, "SubscriptionEndpoint is 'nobody': that is none of protocol email."),
        ({"SubscriptionProtocol": "https"}, f"SubscriptionEndpoint is '{ENDPOINT}': that is none of protocol https."),
        ({"SubscriptionProtocol": "sms"}, "that is none of protocol sms."),
        ({"SubscriptionProtocol": "sqs", "SubscriptionEndpoint": TOPIC}, "that is none of protocol sqs."),
    ],
)
def test_values_that_do_not_fit_the_account_end_the_run_before_anything_is_made(
    parameters: dict[str, str], message: str, aws: EmbeddedAws, calls: Calls
) -> None:
    nothing_behind_the_trail(aws)
    before = everything()
    execution = repair(**parameters)
    assert list(execution.failures) == ["Compare"]
    assert message in execution.failure
    assert everything() == before
