"""Every finding has its words, an example that leads to it, and commands that the AWS CLI understands."""

from __future__ import annotations

import copy
import json
import re
import shlex
from typing import Any

import botocore.session
import pytest
from botocore import xform_name
from config_changes_alarm.account import LogGroupOf, MetricFiltersOf, Question, Unreadable
from config_changes_alarm.assessment import Assessment, Compliance
from config_changes_alarm.chain import assess
from config_changes_alarm.findings import CATALOGUE, FindingId, Reason, finding
from config_changes_alarm.requirement import Requirement

from documentation.finding_examples import EXAMPLES, Answers

from .api_answers import NOW, OTHER, OWN, TOPIC, compliant_answers
from .fake_account import FakeAccount


def test_every_kind_is_in_the_catalogue_and_has_an_example_in_the_chains_order() -> None:
    assert list(CATALOGUE) == list(EXAMPLES) == list(FindingId)


@pytest.mark.parametrize("kind", FindingId)
def test_a_finding_names_its_subject_and_says_what_to_do(kind: FindingId) -> None:
    told = finding(Reason(kind, "the-subject", "the detail"))
    assert told.summary.endswith(": the detail")
    assert told.step
    assert told.remedy


def test_a_remedy_has_the_accounts_own_names_quoted_for_the_shell() -> None:
    facts = (("notifying_alarm_name", "it's mine"), ("region", "eu-west-1"))
    told = finding(Reason(FindingId.ALARM_ACTIONS_DISABLED, "it's mine", "", facts))
    assert told.remedy == ("aws cloudwatch enable-alarm-actions --region eu-west-1 --alarm-names 'it'\"'\"'s mine'")


# --------------------------------------------------------------------------- the examples


class ExampleAccount(FakeAccount):
    """Whose role in the other account may be refused: then nothing there can be read."""

    def answer(self, question: Question[Any]) -> Any:
        elsewhere = isinstance(question, LogGroupOf | MetricFiltersOf) and question.log_group.account_id != OWN
        if elsewhere and "sts:AssumeRole" in self.refusals:
            role = f"arn:aws:iam::{OTHER}:role/config-changes-reader"
            return Unreadable("sts:AssumeRole", self.refusals["sts:AssumeRole"], role)
        return super().answer(question)


def laid_over(value: Any, change: Any) -> Any:
    """Members over members and elements over elements; None removes, an empty list empties."""
    if isinstance(change, dict):
        merged = dict(value) if isinstance(value, dict) else {}
        for name, each in change.items():
            merged[name] = laid_over(merged.get(name), each)
        return {name: each for name, each in merged.items() if each is not None}
    if isinstance(change, list) and change and isinstance(value, list):
        both = [laid_over(had, each) for had, each in zip(value, change, strict=False)]
        return both + change[len(value) :]
    return change


def answered(example: Answers) -> dict[str, Any]:
    answers = compliant_answers()
    for operation, change in copy.deepcopy(dict(example)).items():
        answers[operation] = None if change is None else laid_over(answers.get(operation), change)
    return answers


def verdict(answers: dict[str, Any], example: Answers) -> Assessment:
    requirement = Requirement.parse(dict(example.get("RuleParameters", {})))
    return assess(ExampleAccount.of(answers).opened(), requirement, NOW)


def assessed(example: Answers) -> Assessment:
    return verdict(answered(example), example)


@pytest.mark.parametrize("kind", FindingId)
def test_the_example_leads_to_its_finding_before_and_to_none_after(kind: FindingId) -> None:
    example = EXAMPLES[kind]
    before, after = assessed(example.before), assessed(example.after)
    assert before.compliance is Compliance.NON_COMPLIANT
    assert before.reasons[0].id is kind
    assert (after.compliance, after.reasons) == (Compliance.COMPLIANT, ())


NAMES = {
    "Trail": {"everything"},
    "Log group": {"CloudTrail/logs"},
    "Role": {f"arn:aws:iam::{OTHER}:role/config-changes-reader"},
    "Metric filter": {"config-calls"},
    "No alarm watches metric": {"CIS/ConfigChanges"},
    "Alarm": {"config-changes"},
    "It cannot be verified when alarm": {"config-changes"},
    "Composite alarm": {"security"},
    "Topic": {"security-notices", "pager"},
    "FIFO topic": {"security-notices"},
    "Cannot read": {f"topic security-notices of account {OTHER}"},
    "Queue": {"changes"},
    "Function": {"page"},
    "Endpoint": {"changes"},
}
"""What the examples call their resources, by the words that stand before a subject. No two kinds share a name."""


@pytest.mark.parametrize("kind", [kind for kind in FindingId if "{subject}" in CATALOGUE[kind].sentence])
def test_a_finding_calls_by_its_name_what_it_says_it_names(kind: FindingId) -> None:
    noun = CATALOGUE[kind].sentence.split(" {subject}")[0]
    assert assessed(EXAMPLES[kind].before).reasons[0].subject in NAMES[noun]


# --------------------------------------------------------------------------- the commands

PLACEHOLDERS = {
    FindingId.CANNOT_READ: {"<role-of-the-rule>"},
    FindingId.NO_TRAIL: {"<trail-name>", "<bucket>", "<log-group-arn>", "<role-arn>"},
    FindingId.TRAIL_NO_LOG_GROUP: {"<log-group-arn>", "<role-arn>"},
    FindingId.LOG_GROUP_CLASS: {"<new-log-group-name>"},
    FindingId.LOG_GROUP_CLASS_UNVERIFIED: {"<new-log-group-name>"},
    FindingId.LOG_GROUP_IN_ANOTHER_ACCOUNT: {"<role-name>"},
    FindingId.NO_ALARM: {"<topic-arn>"},
    FindingId.ALARM_NO_TOPIC: {"<topic-arn>"},
    FindingId.TOPIC_IN_ANOTHER_REGION: {"<topic-arn-in-that-region>"},
    FindingId.TOPIC_KEY_DENIES_ALARM: {"<customer-key-arn>"},
    FindingId.NO_SUBSCRIPTION: {"<endpoint>"},
    FindingId.SUBSCRIPTION_FILTERED: {"<endpoint>"},
    FindingId.SUBSCRIPTION_FILTER_UNVERIFIED: {"<endpoint>"},
    FindingId.QUEUE_KEY_DENIES_TOPIC: {"<customer-key-arn>"},
    FindingId.ENDPOINT_UNVERIFIED: {"<endpoint>"},
}
"""What the person who follows the remedy has to decide; everything else is known and filled in."""


def command(kind: FindingId) -> str:
    return finding(assessed(EXAMPLES[kind].before).reasons[0]).remedy


@pytest.mark.parametrize("kind", FindingId)
def test_a_remedy_asks_only_for_what_the_account_cannot_tell(kind: FindingId) -> None:
    assert set(re.findall(r"<[a-z-]+>", command(kind))) == PLACEHOLDERS.get(kind, set())


def commands(remedy: str) -> list[list[str]]:
    """Its words, a command a line."""
    return [shlex.split(line, comments=True) for line in remedy.splitlines()]


@pytest.mark.parametrize(("kind", "words"), [(kind, words) for kind in FindingId for words in commands(command(kind))])
def test_the_aws_cli_knows_the_command_and_every_option(kind: FindingId, words: list[str]) -> None:
    program, service, operation, *words = words
    assert program == "aws"
    model = botocore.session.get_session().get_service_model({"logs": "logs"}.get(service, service))
    names = {xform_name(name, "-"): name for name in model.operation_names}
    shape = model.operation_model(names[operation]).input_shape
    assert shape is not None
    members = {xform_name(name, "-"): name for name in shape.members}
    options = {word[2:] for word in words if word.startswith("--")}
    known = {*members, *(f"no-{name}" for name in members), "region", "query", "notification-endpoint", "max-records"}
    assert options <= known
    required = {xform_name(name, "-") for name in shape.required_members}
    assert required <= options


# --------------------------------------------------------------------------- the commands, carried out

LEFT_TO_A_PERSON = {
    FindingId.LOG_GROUP_ROLE_NOT_ASSUMABLE: "looks at the role that has to be repaired",
    FindingId.TRAIL_DELIVERY_ERROR: "looks at the error of the role that has to be repaired",
    FindingId.TRAIL_DELIVERY_STALE: "looks at the last delivery",
    FindingId.TRAIL_SELECTORS_UNVERIFIED: "looks at the selectors",
    FindingId.TRAIL_SELECTORS_MISS_DATA_EVENT: "whether selectors record all such data events is not evaluated",
    FindingId.TRAIL_SELECTORS_DATA_UNVERIFIED: "looks at the selectors",
    FindingId.ALARM_EVALUATION_ERROR: "looks at the alarm",
    FindingId.ALARM_ACTION_FAILED: "sends a test, once the topic has been repaired",
    FindingId.LOG_GROUP_MISSING: "needs nothing more, but the trail's role may",
    FindingId.CANNOT_READ_ELSEWHERE: "gives a role of another account its permission",
    FindingId.TOPIC_MISSING: "a new topic has no subscription yet",
    FindingId.QUEUE_MISSING: "a new queue has no policy yet",
    FindingId.SUBSCRIPTION_PENDING: "asks for the confirmation again",
    FindingId.TOPIC_NOT_ACCEPTED: "points at the accepted topic, which this account does not have",
}


def applied(answers: dict[str, Any], words: list[str]) -> dict[str, Any]:
    """What AWS answers after the command: only the operations that remedies use."""
    options = {name[2:]: value for name, value in zip(words[3:], [*words[4:], ""], strict=True) if name[:2] == "--"}
    match words[1:3]:
        case ["cloudtrail", "start-logging"]:
            answers["GetTrailStatus"]["IsLogging"] = True
        case ["cloudtrail", "update-trail"]:
            answers["DescribeTrails"]["trailList"][0]["IsMultiRegionTrail"] = "is-multi-region-trail" in options
        case ["cloudtrail", "put-event-selectors"]:
            kept = answers["GetEventSelectors"]["EventSelectors"]
            made = json.loads(options["event-selectors"])
            assert [{**each, "DataResources": []} for each in kept] == made[: len(kept)]
            answers["GetEventSelectors"] = {"EventSelectors": made}
        case ["logs", "put-metric-filter"]:
            put_metric_filter(answers["DescribeMetricFilters"]["metricFilters"], options)
        case ["cloudwatch", "put-metric-alarm"]:
            put_metric_alarm(answers["DescribeAlarms"]["MetricAlarms"], options)
        case ["cloudwatch", "enable-alarm-actions"]:
            answers["DescribeAlarms"]["MetricAlarms"][0]["ActionsEnabled"] = True
        case ["sns", "set-topic-attributes"]:
            answers["GetTopicAttributes"]["Attributes"][options["attribute-name"]] = options["attribute-value"]
        case ["sqs", "set-queue-attributes"]:
            assert (
                options["queue-url"]
                == f"https://sqs/{answers['ListSubscriptionsByTopic']['Subscriptions'][0]['Endpoint']}"
            )
            answers["GetQueueAttributes"]["Attributes"].update(json.loads(options["attributes"]))
        case ["lambda", "add-permission"]:
            statement = {
                "Effect": "Allow",
                "Principal": {"Service": options["principal"]},
                "Action": options["action"],
                "Resource": options["function-name"],
                "Condition": {"ArnLike": {"AWS:SourceArn": options["source-arn"]}},
            }
            answers["GetPolicy"] = {"Policy": json.dumps({"Version": "2012-10-17", "Statement": [statement]})}
        case ["kms", "put-key-policy"]:
            assert answers["DescribeKey"]["KeyMetadata"]["Arn"] == options["key-id"]
            answers["GetKeyPolicy"]["Policy"] = options["policy"]
        case other:
            raise AssertionError(f"not an operation that a remedy uses: {other}")
    return answers


def put_metric_filter(filters: list[dict[str, Any]], options: dict[str, str]) -> None:
    transformation = dict(pair.split("=") for pair in options["metric-transformations"].split(","))
    name = options["filter-name"]
    made = {
        "filterName": name,
        "filterPattern": options["filter-pattern"],
        "metricTransformations": [transformation],
        "logGroupName": options["log-group-name"],
    }
    assert name not in {each["filterName"] for each in filters}
    filters.append(made)


def put_metric_alarm(alarms: list[dict[str, Any]], options: dict[str, str]) -> None:
    name = options["alarm-name"]
    made = {
        "AlarmName": name,
        "AlarmArn": f"arn:aws:cloudwatch:{options['region']}:{OWN}:alarm:{name}",
        "ActionsEnabled": True,
        "AlarmActions": [options["alarm-actions"]],
        "StateValue": "OK",
        "MetricName": options["metric-name"],
        "Namespace": options["namespace"],
        "Statistic": options["statistic"],
        "Period": int(options["period"]),
        "EvaluationPeriods": int(options["evaluation-periods"]),
        "Threshold": float(options["threshold"]),
        "ComparisonOperator": options["comparison-operator"],
        "TreatMissingData": options["treat-missing-data"],
    }
    assert name not in {each["AlarmName"] for each in alarms}
    alarms.append(made)


CARRIED_OUT = [kind for kind in FindingId if kind not in LEFT_TO_A_PERSON and kind not in PLACEHOLDERS]


@pytest.mark.parametrize("kind", CARRIED_OUT)
def test_carrying_out_the_command_ends_the_finding(kind: FindingId) -> None:
    answers = answered(EXAMPLES[kind].before)
    for words in commands(command(kind)):
        answers = applied(answers, words)
    after = verdict(answers, EXAMPLES[kind].before)
    assert kind not in {reason.id for reason in after.reasons}
    nothing_watches_it_yet = kind is FindingId.NO_METRIC_FILTER
    assert nothing_watches_it_yet or after.compliance is Compliance.COMPLIANT


def test_one_command_after_the_other_leads_from_a_trail_and_a_topic_to_a_whole_chain() -> None:
    bare: Answers = {"DescribeMetricFilters": {"metricFilters": []}, "DescribeAlarms": {"MetricAlarms": []}}
    answers, told = answered(bare), []
    while (found := verdict(answers, bare)).compliance is not Compliance.COMPLIANT:
        told.append(found.reasons[0].id)
        remedy = finding(found.reasons[0]).remedy.replace("<topic-arn>", TOPIC)
        answers = applied(answers, shlex.split(remedy, comments=True))
        assert len(told) < 5
    assert told == [FindingId.NO_METRIC_FILTER, FindingId.NO_ALARM]
