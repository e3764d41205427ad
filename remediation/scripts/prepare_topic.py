"""Creates the topic, or takes over the one that is there, and subscribes the given endpoint to it, and no other.

A policy is mended by one more Allow for CloudWatch, and only where a parameter allows that: nothing in it is taken away
or replaced.
"""

import json
from typing import Any

import boto3
from botocore.exceptions import ClientError


class CannotRepair(Exception):
    """What a person has to do before this runbook can."""


def prepare_topic(events: dict[str, Any], context: object) -> dict[str, str]:
    """Says what it changed of something that was there, and what a person has to change."""
    state, changed, remaining = events["State"], [], []
    if state["Key"] == "Mendable" and events["AllowKeyPolicyChange"] == "true":
        _mend_key(state)
        changed.append(f"the policy of key {state['KeyArn']} now lets CloudWatch use it")
    elif state["Key"] != "Admits":
        remaining.append(
            f"key {state['KeyArn']} does not plainly let CloudWatch use it: allow cloudwatch.amazonaws.com kms:Decrypt "
            "and kms:GenerateDataKey* in the policy of a customer managed key"
        )
    if state["Topic"] == "Missing":
        _create(state)
    elif state["Policy"] == "Mendable" and events["AllowTopicPolicyChange"] == "true":
        _mend_topic(state)
        changed.append(f"the policy of topic {state['TopicArn']} now lets this account's alarms publish")
    elif state["Policy"] != "Admits":
        remaining.append(
            f"the policy of topic {state['TopicArn']} does not plainly let the alarm publish: allow "
            f"cloudwatch.amazonaws.com sns:Publish where aws:SourceAccount is {state['AccountId']}"
        )
    if state["Subscription"] == "Missing":
        _subscribe(state)
    return {"Changed": "; ".join(changed) or "nothing", "Remaining": "; ".join(remaining) or "nothing"}


def _subscribe(state: dict[str, str]) -> None:
    """Idempotent: SNS answers with the subscription that is there, if there is one."""
    try:
        boto3.client("sns", region_name=state["Region"]).subscribe(
            TopicArn=state["TopicArn"],
            Protocol=state["SubscriptionProtocol"],
            Endpoint=state["SubscriptionEndpoint"],
            ReturnSubscriptionArn=True,
        )
    except ClientError as error:
        if error.response["Error"]["Code"] not in ("AuthorizationError", "AccessDenied", "AccessDeniedException"):
            raise
        raise CannotRepair(
            f"The chain to topic {state['TopicArn']} lacks only a subscriber, and the runbook's role may not subscribe "
            "there: give its template TopicName, or give the runbook a TopicArn."
        ) from None


def _create(state: dict[str, str]) -> None:
    """Idempotent: a topic of the same name and attributes is returned as it is."""
    attributes = {"Policy": json.dumps({"Version": "2012-10-17", "Statement": [_publish(state)]})}
    if state["KeyArn"] != "none":
        attributes["KmsMasterKeyId"] = state["KeyArn"]
    sns = boto3.client("sns", region_name=state["Region"])
    sns.create_topic(Name=state["TopicArn"].split(":")[-1], Attributes=attributes)


def _publish(state: dict[str, str]) -> dict[str, Any]:
    return {
        "Sid": "AlarmsOfThisAccount",
        "Effect": "Allow",
        "Principal": {"Service": "cloudwatch.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": state["TopicArn"],
        "Condition": {"StringEquals": {"aws:SourceAccount": state["AccountId"]}},
    }


def _mend_topic(state: dict[str, str]) -> None:
    sns = boto3.client("sns", region_name=state["Region"])
    policy = sns.get_topic_attributes(TopicArn=state["TopicArn"])["Attributes"]["Policy"]
    sns.set_topic_attributes(
        TopicArn=state["TopicArn"], AttributeName="Policy", AttributeValue=_with(policy, _publish(state))
    )


def _mend_key(state: dict[str, str]) -> None:
    kms = boto3.client("kms", region_name=state["Region"])
    policy = kms.get_key_policy(KeyId=state["KeyArn"], PolicyName="default")["Policy"]
    # the statement that the SNS developer guide gives for event sources; it documents no condition for CloudWatch
    statement = {
        "Sid": "AlarmsUseEncryptedTopics",
        "Effect": "Allow",
        "Principal": {"Service": "cloudwatch.amazonaws.com"},
        "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
        "Resource": "*",
    }
    kms.put_key_policy(KeyId=state["KeyArn"], PolicyName="default", Policy=_with(policy, statement))


def _with(policy: str, statement: dict[str, Any]) -> str:
    """The policy with the statement at its end; a statement id that is taken is left out."""
    document = json.loads(policy)
    statements = document["Statement"] if isinstance(document["Statement"], list) else [document["Statement"]]
    if any(each.get("Sid") == statement["Sid"] for each in statements):
        statement = {name: value for name, value in statement.items() if name != "Sid"}
    return json.dumps({**document, "Statement": [*statements, statement]})
