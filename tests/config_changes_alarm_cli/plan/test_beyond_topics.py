"""What a topic's message needs in a plan, and where it goes: keys, queues, functions and their policies."""

from __future__ import annotations

import json
from typing import Any

import pytest
from config_changes_alarm.assessment import Compliance
from config_changes_alarm.findings import FindingId

from config_changes_alarm_cli.plan import PlannedAssessment

from .plans import Document, Edit, a_plan, judged, known_after_apply, planned, there_already, without

F = FindingId
TO_QUEUE, TO_FUNCTION = "aws_sns_topic_subscription.queue", "aws_sns_topic_subscription.function"
QUEUE = (TO_QUEUE, "aws_sns_topic.to_queue")
QUEUE_POLICY, PERMISSION = "aws_sqs_queue_policy.alarms", "aws_lambda_permission.topic"
KEY, TOPIC, ALIAS = "aws_kms_key.topic", "aws_sns_topic.security", "aws_kms_alias.topic"
READ_KEY = "arn:aws:kms:eu-west-1:123456789012:key/1"
ROOT_ONLY = {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:root"}, "Action": "*", "Resource": "*"}


def _first(made: PlannedAssessment) -> tuple[Compliance, FindingId | None]:
    return made.assessment.compliance, next((reason.id for reason in made.assessment.reasons), None)


WHOLE = (Compliance.COMPLIANT, None)


@pytest.mark.parametrize("gone", [TO_QUEUE, TO_FUNCTION])
def test_a_queue_and_a_function_are_told_each(gone: str) -> None:
    assert _first(judged(a_plan("endpoints", without(gone)))) == WHOLE


def _other_topic(document: Document) -> None:
    """The permission is for another topic."""
    planned(PERMISSION, source_arn="arn:aws:sns:eu-west-1:123456789012:another")(document)


ENDPOINTS: tuple[tuple[str, FindingId, tuple[Edit, ...]], ...] = (
    ("a queue without a policy", F.QUEUE_DENIES_TOPIC, (without(TO_FUNCTION, QUEUE_POLICY),)),
    (
        "a queue whose policy is for others", F.QUEUE_DENIES_TOPIC,
        (without(TO_FUNCTION), planned(QUEUE_POLICY, policy=json.dumps({"Statement": [ROOT_ONLY]}))),
    ),
    (
        "a queue with a key of AWS", F.QUEUE_KEY_DENIES_TOPIC,
        (without(TO_FUNCTION), planned("aws_sqs_queue.alarms", kms_master_key_id="alias/aws/sqs")),
    ),
    ("a function without a permission", F.FUNCTION_DENIES_TOPIC, (without(*QUEUE, PERMISSION),)),
    ("a function with one for another topic", F.FUNCTION_DENIES_TOPIC, (without(*QUEUE), _other_topic)),
    (
        "a function with one for a version", F.FUNCTION_DENIES_TOPIC,
        (without(*QUEUE), planned(PERMISSION, qualifier="live")),
    ),
    (
        "a queue beside the plan", F.CANNOT_READ,
        (without(TO_FUNCTION), planned(TO_QUEUE, endpoint="arn:aws:sqs:eu-west-1:123456789012:elsewhere")),
    ),
    (
        "a queue that has no valid name", F.QUEUE_MISSING,
        (without(TO_FUNCTION), planned(TO_QUEUE, endpoint="alarms")),
    ),
    (
        "a queue that is not known", F.CANNOT_READ,
        (without(TO_FUNCTION), known_after_apply(TO_QUEUE, "endpoint", "var.known", "aws_sqs_queue.gone.arn")),
    ),
)  # fmt: skip


@pytest.mark.parametrize(("id", "edits"), [each[1:] for each in ENDPOINTS], ids=[each[0] for each in ENDPOINTS])
def test_an_endpoint_that_does_not_let_the_topic_in_is_no_end(id: FindingId, edits: tuple[Edit, ...]) -> None:  # noqa: A002
    assert _first(judged(a_plan("endpoints", *edits))) == (Compliance.NON_COMPLIANT, id)


def test_a_queue_of_another_account_is_believed_on_its_confirmation() -> None:
    foreign = planned(TO_QUEUE, endpoint="arn:aws:sqs:eu-west-1:999988887777:elsewhere")
    assert _first(judged(a_plan("endpoints", without(TO_FUNCTION), foreign))) == WHOLE


def _without_expression(address: str, name: str) -> Edit:
    """The attribute is not configured, so that AWS has a default for it."""

    def edit(document: Document) -> None:
        known_after_apply(address, name)(document)
        for block in document["configuration"]["root_module"]["resources"]:
            if block["address"] == address:
                del block["expressions"][name]

    return edit


def _read(address: str, **values: Any) -> Edit:
    """A data source has been read."""

    def edit(document: Document) -> None:
        _, type_, name = address.split(".")
        named = {"address": address, "mode": "data", "type": type_, "name": name}
        prior = document.setdefault("prior_state", {"values": {"root_module": {"resources": []}}})
        prior["values"]["root_module"]["resources"].append({**named, "values": values})

    return edit


KEYS: tuple[tuple[str, tuple[Compliance, FindingId | None], tuple[Edit, ...]], ...] = (
    ("by its alias", WHOLE, ()),
    ("by the alias that it has as a resource", WHOLE, (known_after_apply(TOPIC, "kms_master_key_id", f"{ALIAS}.arn"),)),
    ("by its id", WHOLE, (known_after_apply(TOPIC, "kms_master_key_id", f"{KEY}.key_id"),)),
    (
        "with KMS's own policy", (Compliance.NON_COMPLIANT, F.TOPIC_KEY_POLICY_DENIES_ALARM),
        (_without_expression(KEY, "policy"),),
    ),
    (
        "asymmetric", (Compliance.NON_COMPLIANT, F.TOPIC_KEY_DENIES_ALARM),
        (planned(KEY, customer_master_key_spec="RSA_2048"),),
    ),
    (
        "that is not in the plan", (Compliance.NON_COMPLIANT, F.CANNOT_READ),
        (planned(TOPIC, kms_master_key_id="alias/elsewhere"),),
    ),
    (
        "that the plan reads, without its policy", (Compliance.NON_COMPLIANT, F.CANNOT_READ),
        (
            planned(TOPIC, kms_master_key_id="alias/elsewhere"),
            _read("data.aws_kms_alias.x", name="alias/elsewhere", target_key_arn=READ_KEY),
        ),
    ),
    (
        "that has no valid ARN", (Compliance.NON_COMPLIANT, F.TOPIC_KEY_DENIES_ALARM),
        (planned(TOPIC, kms_master_key_id="arn:aws:kms"),),
    ),
    (
        "that is one of AWS's, read by its alias", (Compliance.NON_COMPLIANT, F.TOPIC_KEY_DENIES_ALARM),
        (
            planned(TOPIC, kms_master_key_id=READ_KEY),
            _read("data.aws_kms_alias.x", name="alias/aws/sns", target_key_arn=READ_KEY),
        ),
    ),
)  # fmt: skip


@pytest.mark.parametrize(("first", "edits"), [each[1:] for each in KEYS], ids=[each[0] for each in KEYS])
def test_a_key(first: tuple[Compliance, FindingId | None], edits: tuple[Edit, ...]) -> None:
    assert _first(judged(a_plan("complete", *edits))) == first


def test_a_topic_without_a_policy_of_its_own_has_sns_s_default_one() -> None:
    assert _first(judged(a_plan("complete", without("aws_sns_topic_policy.security")))) == WHOLE


def test_a_policy_that_is_taken_away_leaves_the_default_one() -> None:
    document = a_plan(
        "complete_applied",
        without("aws_sns_topic_policy.security"),
        there_already(TOPIC, policy=json.dumps({"Statement": [ROOT_ONLY]})),
    )
    assert _first(judged(document)) == (Compliance.NON_COMPLIANT, F.TOPIC_POLICY_DENIES_ALARM)
    named = {"address": "aws_sns_topic_policy.security", "mode": "managed", "type": "aws_sns_topic_policy"}
    before = {"arn": "arn:aws:sns:eu-west-1:123456789012:security"}
    change = {"actions": ["delete"], "before": before, "after": None, "after_unknown": {}}
    document["resource_changes"].append({**named, "name": "security", "change": change})
    assert _first(judged(document)) == WHOLE


def test_two_policies_for_one_topic_leave_open_which_counts() -> None:
    def twice(document: Document) -> None:
        for resources in (document["planned_values"]["root_module"]["resources"], document["resource_changes"],
                          document["configuration"]["root_module"]["resources"]):  # fmt: skip
            (policy,) = (each for each in resources if each["address"] == "aws_sns_topic_policy.security")
            resources.append({**policy, "address": "aws_sns_topic_policy.second", "name": "second"})

    made = judged(a_plan("complete", twice))
    assert _first(made) == (Compliance.NON_COMPLIANT, F.CANNOT_READ)
    assert not made.assessment.disproved


def test_a_plan_that_changes_nothing_is_judged_by_what_is_there() -> None:
    made = judged(a_plan("complete_applied"))
    assert _first(made) == WHOLE
    assert not any("confirms" in each.text or "takes its" in each.text for each in made.assumed)


def test_a_subscription_that_nobody_has_confirmed_yet_is_known_to_be_pending() -> None:
    made = judged(a_plan("complete_applied", there_already(_SUBSCRIPTION, pending_confirmation=True)))
    assert _first(made) == (Compliance.NON_COMPLIANT, F.SUBSCRIPTION_PENDING)
    assert made.assessment.disproved


_SUBSCRIPTION = "aws_sns_topic_subscription.security"
