"""The runbook interrupted: whatever call fails, the next run completes the repair."""

from __future__ import annotations

import boto3

from demo.embedded_aws import EmbeddedAws
from tests.accounts import LOG_GROUP

from .automation import Execution
from .conftest import Calls
from .repairing import ENDPOINT, OWN_TOPIC, WHOLE, everything, made, nothing_behind_the_trail, repair


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
