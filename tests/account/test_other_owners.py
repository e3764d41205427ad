"""Subscriptions and keys of other accounts: SNS and KMS show them to their owners alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from config_changes_alarm.assessment import Compliance

from .answers import AUDIT, NOW, REGION, ROLE, plain_account
from .answers import _assume_role as assume_role
from .http_aws import OWN, HttpAws, Refusal, Request, fixed
from .reading import answer_of, asked, assessed

pytestmark = pytest.mark.usefixtures("clock")

ATTRIBUTES = "sns:GetSubscriptionAttributes"
KEY = f"arn:aws:kms:{REGION}:{AUDIT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"


def subscribed_by(owner: str) -> HttpAws:
    """Somebody else's queue or mailbox on our topic; SNS refuses whoever is not its owner."""
    aws = plain_account()
    (one,) = answer_of(aws, "sns:ListSubscriptionsByTopic")["Subscriptions"]
    aws.answers["sns:ListSubscriptionsByTopic"] = fixed({"Subscriptions": [{**one, "Owner": owner}]})
    aws.answers["sts:AssumeRole"] = assume_role
    aws.account_of = lambda request: owner if request.operation == ATTRIBUTES else OWN
    return aws


def test_the_owner_of_a_subscription_is_asked_with_the_role() -> None:
    aws = subscribed_by(AUDIT)
    assert assessed(aws, ROLE).compliance is Compliance.COMPLIANT
    (request,) = (each for each in aws.requests if each.operation == ATTRIBUTES)
    assert (request.place.account_id, request.place.region) == (AUDIT, REGION)


def test_without_the_role_a_subscription_of_another_owner_is_not_verified() -> None:
    aws = subscribed_by(AUDIT)
    found = assessed(aws)
    assert found.compliance is Compliance.NON_COMPLIANT
    assert [(reason.id, reason.subject, reason.detail) for reason in found.reasons] == [
        (
            "cannot-read-elsewhere",
            f"subscription email security@example.com of account {AUDIT}",
            "LogGroupAccountRoleName is not given",
        )
    ]
    assert ATTRIBUTES not in asked(aws)


def test_a_subscription_of_ours_is_enough_beside_one_that_may_not_be_read() -> None:
    aws = subscribed_by(AUDIT)
    (other,) = answer_of(aws, "sns:ListSubscriptionsByTopic")["Subscriptions"]
    arn = other["SubscriptionArn"]
    ours = {**other, "Owner": OWN, "SubscriptionArn": arn.replace("1111", "2222")}
    attributes = answer_of(aws, ATTRIBUTES)["Attributes"]
    aws.account_of = lambda _: OWN
    aws.answers[ATTRIBUTES] = lambda request: {
        "Attributes": {**attributes, "SubscriptionArn": request.members["SubscriptionArn"]}
    }
    aws.answers["sns:ListSubscriptionsByTopic"] = fixed({"Subscriptions": [other, ours]})
    assert assessed(aws).compliance is Compliance.COMPLIANT


def test_a_role_that_cannot_be_assumed_at_the_owner_is_named() -> None:
    aws = subscribed_by(AUDIT)
    aws.answers["sts:AssumeRole"] = lambda _: Refusal("AccessDenied", 403)
    assert [reason.id for reason in assessed(aws, ROLE).reasons] == ["log-group-role-not-assumable"]


# --------------------------------------------------------------------------- keys


def encrypted_with(key_id: str) -> HttpAws:
    """KMS answers whoever is asked about a key of that name, as an alias of another account's would be."""
    aws = plain_account()
    attributes = answer_of(aws, "sns:GetTopicAttributes")["Attributes"]
    aws.answers["sns:GetTopicAttributes"] = fixed({"Attributes": {**attributes, "KmsMasterKeyId": key_id}})
    metadata = {"Arn": KEY, "KeyId": KEY[-36:], "KeyManager": "CUSTOMER", "KeyState": "Enabled"}
    policy = attributes["Policy"].replace("sns:Publish", "kms:*").replace(attributes["TopicArn"], "*")
    aws.answers["kms:DescribeKey"] = fixed({"KeyMetadata": metadata})
    aws.answers["kms:GetKeyPolicy"] = fixed({"Policy": policy})
    aws.answers["sts:AssumeRole"] = assume_role
    aws.account_of = lambda request: AUDIT if request.operation.startswith("kms:") else OWN
    return aws


def test_a_key_of_another_account_is_read_there() -> None:
    aws = encrypted_with(KEY)
    assert assessed(aws, ROLE).compliance is Compliance.COMPLIANT


def test_without_a_role_it_is_not_verified_and_no_permission_is_advised_that_the_rule_has() -> None:
    aws = encrypted_with(KEY)
    (reason,) = assessed(aws).reasons
    assert (reason.id, reason.subject) == ("cannot-read-elsewhere", f"key {KEY[-36:]} of account {AUDIT}")
    assert not [each for each in asked(aws) if each.startswith("kms:")]


def foreign_topic(account: HttpAws) -> HttpAws:
    """The alarm's topic, and all that is said of it, in the audit account, which lets everybody read it."""
    was, now = f":{OWN}:config-changes", f":{AUDIT}:config-changes"

    def moved(value: Any) -> Any:
        if isinstance(value, str):
            return value.replace(was, now) if ":sns:" in value else value
        if isinstance(value, list):
            return [moved(each) for each in value]
        return {name: moved(each) for name, each in value.items()} if isinstance(value, dict) else value

    def elsewhere(answer: Callable[[Request], Any]) -> Callable[[Request], Any]:
        return lambda request: moved(answer(request))

    account.answers = {name: elsewhere(answer) for name, answer in account.answers.items()}
    account.account_of = lambda request: request.place.account_id
    return account


def test_an_alias_means_a_key_of_the_topic_s_account() -> None:
    """Our own key of the same alias is another one."""
    aws = foreign_topic(encrypted_with("alias/topics"))
    found = assessed(aws)
    assert [reason.id for reason in found.reasons] == ["cannot-read-elsewhere"]
    aws = foreign_topic(encrypted_with("alias/topics"))
    assert assessed(aws, ROLE).compliance is Compliance.COMPLIANT
    assert {each.place.account_id for each in aws.requests if each.operation.startswith("kms:")} == {AUDIT}


@pytest.mark.parametrize("role", [None, ROLE])
def test_a_topic_of_another_account_that_denies_is_for_that_account_to_show(role: str | None) -> None:
    aws = foreign_topic(plain_account(NOW))
    aws.answers["sts:AssumeRole"] = assume_role
    aws.answers["sns:GetTopicAttributes"] = lambda _: Refusal("AuthorizationError", 403)
    (reason,) = assessed(aws, role).reasons
    assert (reason.id, reason.subject) == ("cannot-read-elsewhere", f"topic config-changes of account {AUDIT}")
    facts = dict(reason.facts)
    assert (facts["operation"], facts.get("role_name")) == ("sns:GetTopicAttributes", role)
