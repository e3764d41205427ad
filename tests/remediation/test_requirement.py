"""What the rule asks for, the runbook makes: it reads the rule's own parameters from AWS Config, and alike."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from config_changes_alarm.requirement import DEFAULT_REQUIRED_FILTER_PATTERN, Requirement

from demo.embedded_aws import ACCOUNT_ID, REGION, EmbeddedAws
from tests.accounts import TOPIC, an_account
from tests.rule_cases import COMPLIANT, NON_COMPLIANT

from .conftest import Calls
from .repairing import (
    ENDPOINT,
    WHOLE,
    evaluate,
    everything,
    made,
    nothing_behind_the_trail,
    repair,
    show_rules,
)

RULE = "ConfigChangesAlarmRule"
FIVE = "DeleteConfigurationRecorder,DisassociateResourceTypes"
LINES = DEFAULT_REQUIRED_FILTER_PATTERN.replace("||", "\r\n\t|| ")
ESCAPED = r"{ $.eventSource = %config\.amazonaws\.com% && $.eventName = StopConfigurationRecorder }"
QUOTED = """{ $.eventSource = config.amazonaws.com && $.eventName = "a'b'); import os; os.abort() #$(id)`id`" }"""
THEIRS = f"arn:aws:sns:{REGION}:{ACCOUNT_ID}:on-call"
ELSEWHERE = f"arn:aws:sns:eu-west-1:{ACCOUNT_ID}:on-call"
MANY = ",".join(f"Put{number:02}x" for number in range(48))

ASKED: dict[str, dict[str, str]] = {
    "nothing": {},
    "an empty pattern": {"RequiredFilterPattern": ""},
    "a blank pattern": {"RequiredFilterPattern": "  "},
    "a pattern of several lines": {"RequiredFilterPattern": LINES},
    "a pattern with backslashes": {"RequiredFilterPattern": ESCAPED},
    "a pattern with what a shell or Python would run": {"RequiredFilterPattern": QUOTED},
    "more events": {"AdditionalEventNames": FIVE},
    "more events, with blanks and twice": {"AdditionalEventNames": f" {FIVE.replace(',', ' , ,')},{FIVE} "},
    "more events than one pattern can name": {"AdditionalEventNames": MANY},
    "failed calls": {"IncludeFailedCalls": "TRUE"},
    "a topic": {"TopicArns": THEIRS},
    "several topics, the near one last": {"TopicArns": f"{ELSEWHERE}, {THEIRS}"},
    "an alarm that soon comes back": {"MaxRearmSeconds": "600"},
    "an alarm that comes back at once": {"MaxRearmSeconds": "60"},
    "everything": {"AdditionalEventNames": FIVE, "TopicArns": THEIRS, "MaxRearmSeconds": "300"},
    "what does not concern the chain": {"UnverifiableAccount": "NOT_APPLICABLE", "AllowRoutineMatches": "true"},
}


@pytest.mark.parametrize("words", ASKED)
def test_rule_runbook_and_rule_again_end_compliant_but_for_the_click(
    words: str, aws: EmbeddedAws, calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    parameters = ASKED[words]
    Requirement.parse(parameters)
    show_rules(monkeypatch, **{RULE: parameters})
    nothing_behind_the_trail(aws)
    assert evaluate(aws, **parameters)[0] == NON_COMPLIANT
    first = repair()
    assert first.status == "Success", first.failure
    assert first.outputs["ReadBack.Remaining"].startswith(f"{ENDPOINT} has to confirm")
    after = everything()
    assert repair().outputs["Compare.Message"].endswith(f"{ENDPOINT} still has to confirm.")
    assert everything() == after
    aws.confirm(ENDPOINT)
    assert evaluate(aws, **parameters) == (COMPLIANT, evaluate(aws, **parameters)[1])


def filters() -> dict[str, Any]:
    return {name.split(" ")[1]: found for (kind, name), found in everything().items() if kind == "metric filter"}


def test_more_events_have_filters_of_their_own_beside_the_control_s(
    aws: EmbeddedAws, calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Security Hub compares the control's pattern letter by letter."""
    show_rules(monkeypatch, **{RULE: {"AdditionalEventNames": FIVE}})
    nothing_behind_the_trail(aws)
    repair()
    found = filters()
    assert found["ConfigChangesAlarmRule"]["filterPattern"] == DEFAULT_REQUIRED_FILTER_PATTERN
    assert found["ConfigChangesAlarmRule-2"]["filterPattern"] == (
        "{ ($.eventSource = config.amazonaws.com) && "
        "(($.eventName=DeleteConfigurationRecorder)||($.eventName=DisassociateResourceTypes)) }"
    )


@pytest.mark.parametrize("unit", ["None", "Count"])
def test_where_the_control_s_chain_is_there_only_the_filter_of_the_other_events_is_added(
    unit: str, aws: EmbeddedAws, calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    parameters = {"AdditionalEventNames": FIVE}
    show_rules(monkeypatch, **{RULE: parameters})
    an_account(aws, transformation={"unit": unit})
    assert evaluate(aws, **parameters)[0] == NON_COMPLIANT
    before = everything()
    repair()
    assert made(before, everything()) == ["metric filter", "subscription"]
    assert filters()["ConfigChangesAlarmRule-2"]["metricTransformations"][0]["metricNamespace"] == "CIS"
    assert evaluate(aws, **parameters)[0] == COMPLIANT


def test_a_chain_to_a_topic_that_the_rule_does_not_count_is_not_enough(
    aws: EmbeddedAws, calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    show_rules(monkeypatch, **{RULE: {"TopicArns": THEIRS}})
    an_account(aws)
    before = everything()
    assert repair().status == "Success"
    assert made(before, everything()) == WHOLE
    aws.confirm(ENDPOINT)
    assert evaluate(aws, TopicArns=THEIRS)[0] == COMPLIANT


def test_an_alarm_that_comes_back_too_late_for_the_rule_is_another_one(
    aws: EmbeddedAws, calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    parameters = {"MaxRearmSeconds": "240"}
    show_rules(monkeypatch, **{RULE: parameters})
    an_account(aws)
    before = everything()
    repair()
    assert made(before, everything()) == WHOLE
    assert everything()["alarm", RULE]["Period"] == 60
    aws.confirm(ENDPOINT)
    assert evaluate(aws, **parameters)[0] == COMPLIANT


@pytest.mark.parametrize(
    ("parameters", "given", "said"),
    [
        ({"TopicArns": ELSEWHERE}, {}, f"The rule's TopicArns are {ELSEWHERE}: none is of account {ACCOUNT_ID} and "),
        ({"TopicArns": THEIRS}, {"TopicArn": TOPIC}, f"TopicArns are {THEIRS}: TopicArn {TOPIC} is none of them."),
    ],
)
def test_what_can_never_be_compliant_is_refused_with_the_reason(
    parameters: dict[str, str],
    given: dict[str, str],
    said: str,
    aws: EmbeddedAws,
    calls: Calls,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    show_rules(monkeypatch, **{RULE: parameters})
    nothing_behind_the_trail(aws)
    before = everything()
    execution = repair(**given)
    assert (execution.status, everything()) == ("Failed", before)
    assert said in execution.failure


def test_parameters_that_the_rule_does_not_take_end_the_run_with_what_the_rule_says(
    aws: EmbeddedAws, calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    parameters = {"MaxRearmSeconds": "soon"}
    show_rules(monkeypatch, **{RULE: parameters})
    nothing_behind_the_trail(aws)
    evaluate(aws, **parameters)
    before = everything()
    execution = repair()
    assert (list(execution.failures), everything()) == (["ReadVerdict"], before)
    assert "Rule ConfigChangesAlarmRule has parameters that it does not take. Cannot evaluate: " in execution.failure


def test_two_rules_that_ask_for_different_things_are_not_mixed(
    aws: EmbeddedAws, calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack = f"{RULE}-conformance-pack-abc123"
    show_rules(monkeypatch, **{RULE: {}, pack: {"TopicArns": THEIRS}})
    nothing_behind_the_trail(aws)
    evaluate(aws)
    execution = repair()
    assert f"Rules {RULE}, {pack} ask for different things: name one of them" in execution.failure
    assert repair(ConfigRuleName=pack).status == "Success"
    assert f"topic {THEIRS}" in json.dumps(list(map(str, everything()))).replace("', '", " ")


def test_a_reason_that_the_runbook_does_not_know_is_told_beside_what_is_there(aws: EmbeddedAws, calls: Calls) -> None:
    """The queue that is subscribed is gone. The runbook looks at subscriptions, not behind them."""
    an_account(aws, subscription="none")
    gone = f"arn:aws:sqs:{REGION}:{ACCOUNT_ID}:gone"
    boto3.client("sns").subscribe(TopicArn=TOPIC, Protocol="sqs", Endpoint=gone)
    compliance, annotation = evaluate(aws)
    assert compliance == NON_COMPLIANT
    before = everything()
    execution = repair(SubscriptionEndpoint="")
    assert everything() == before
    assert f"AWS Config shows NON_COMPLIANT: {annotation}" in execution.outputs["Conclude.Message"]
    assert "whole" not in str(execution.outputs)


def test_a_role_that_may_not_subscribe_to_a_topic_that_is_there_is_named(aws: EmbeddedAws, calls: Calls) -> None:
    an_account(aws, subscription="none")
    calls.failing, calls.code = ("sns", "Subscribe"), "AuthorizationError"
    before = everything()
    execution = repair()
    assert everything() == before
    assert f"The chain to topic {TOPIC} lacks only a subscriber, and the runbook's role may not" in execution.failure


def test_a_chain_of_another_product_that_lacks_only_a_subscriber_gets_one(aws: EmbeddedAws, calls: Calls) -> None:
    """As Automated Security Response on AWS makes it: a unit on the metric and on the alarm."""
    an_account(aws, subscription="none", transformation={"unit": "Count"}, alarm={"Unit": "Count"})
    assert evaluate(aws)[0] == NON_COMPLIANT
    before = everything()
    execution = repair()
    assert made(before, everything()) == ["subscription"]
    assert execution.outputs["ReadBack.Created"] == f"subscription of {ENDPOINT}"
    aws.confirm(ENDPOINT)
    assert evaluate(aws)[0] == COMPLIANT


def test_without_an_endpoint_such_a_chain_is_left_and_that_is_said(aws: EmbeddedAws, calls: Calls) -> None:
    an_account(aws, subscription="none")
    execution = repair(SubscriptionEndpoint="", TopicArn=TOPIC)
    assert execution.outputs["ReadBack.Created"] == "nothing"
    assert "nobody is subscribed" in execution.outputs["ReadBack.Remaining"]
    assert aws.evaluations_asked_for == []
