"""Does what is subscribed to a topic get the message: does a queue take it, does a function let SNS invoke it?

SNS confirms queues and functions of the topic's own account without asking them. Their policies can be read, and so
they are. E-mail, SMS, HTTP, mobile applications and Firehose streams are believed on their confirmation: whether
somebody reads is not for AWS to say. Sources: SNS developer guide, "Fanout to Amazon SQS queues", "Fanout to AWS
Lambda functions" and "Prerequisites for integrating Amazon SNS with Lambda functions across regions"; SQS developer
guide, "Key management"; Lambda developer guide, "Resource-based policies".
"""

from __future__ import annotations

import json

from ..account import NotFound
from ..findings import FindingId, Reason
from ..resources import Arn, CompositeAlarm, Function, Key, MetricAlarm, Organization, Queue, Topic
from ..truth import Truth
from .acceptance import Accepts, AsksOrganization, Refuses, proposed_policy
from .access_policy import Decision, admitting, decide, decide_all, tests_organization
from .alarm_message import fits
from .key import KEY_ACTIONS, why_unusable
from .service_request import SNS, by_topic, principal_of_sns

__all__ = ["function_takes", "queue_key_admits", "queue_takes"]

_NO_POLICY = '{"Version":"2012-10-17","Statement":[]}'


def queue_takes(
    topic: Topic,
    queue_arn: str,
    queue: Queue | NotFound,
    alarm: MetricAlarm | CompositeAlarm,
    organization: Organization | NotFound | None = None,
) -> Accepts | Refuses | AsksOrganization:
    """Whether the queue's policy lets the topic send, and a message of the alarm's is not too large for it.

    `organization` is that of the topic's account, None where it was not asked for.
    """
    if isinstance(queue, NotFound):
        return _refusal(FindingId.QUEUE_MISSING, topic, queue_arn, "", ("queue_name", queue_arn.rsplit(":", 1)[-1]))
    if principal_of_sns(topic, queue_arn) is None:
        return _unknown_principal(topic, queue_arn)
    policy = queue.policy or _NO_POLICY
    request = by_topic(topic, "sqs:SendMessage", queue_arn, organization)
    mended = admitting(policy, ("sqs:SendMessage",), [request])
    attributes = None if mended is None else json.dumps({"Policy": mended})
    match decide(policy, request):
        case Decision.UNVERIFIED if organization is None and tests_organization(policy):
            return AsksOrganization(topic.account_id)
        case Decision.UNVERIFIED:
            return _refusal(FindingId.ENDPOINT_UNVERIFIED, topic, queue_arn, "its policy has an unknown condition")
        case Decision.DENIED | Decision.FORBIDDEN:
            detail = "its policy does not allow" if queue.policy else "it has no policy that allows"
            told = f"{detail} {request.service} sqs:SendMessage"
            change = dict(proposed_policy("queue_policy", queue.policy, mended))
            change |= {} if attributes is None else {"queue_attributes": attributes}
            facts = (("queue_url", queue.queue_url), *change.items())
            return _refusal(FindingId.QUEUE_DENIES_TOPIC, topic, queue_arn, told, *facts)
        case Decision.ALLOWED:
            if fits(queue.maximum_message_size, alarm, enveloped=True) is Truth.YES:
                return Accepts()
            detail = f"its MaximumMessageSize is {queue.maximum_message_size} bytes"
            return _refusal(FindingId.ENDPOINT_UNVERIFIED, topic, queue_arn, detail)


def queue_key_admits(
    topic: Topic, queue: Queue, key: Key | NotFound, organization: Organization | NotFound | None = None
) -> Accepts | Refuses | AsksOrganization:
    """Whether SNS may use the key that the queue is encrypted with: only ever a customer managed one."""
    key_id = queue.kms_master_key_id or ""
    unusable = why_unusable(key_id, key)
    if unusable is not None or isinstance(key, NotFound):
        known = (("queue_url", queue.queue_url), ("key_id", key_id))
        return _refusal(FindingId.QUEUE_KEY_DENIES_TOPIC, topic, queue.queue_arn, unusable or "", *known)
    if principal_of_sns(topic, queue.queue_arn) != SNS:
        detail = f"as whom SNS uses key {key_id} in another Region is not documented"
        return _refusal(FindingId.ENDPOINT_UNVERIFIED, topic, queue.queue_arn, detail)
    requests = [by_topic(topic, action.rstrip("*"), key.arn, organization) for action in KEY_ACTIONS]
    match decide_all(key.policy or "", requests):
        case Decision.ALLOWED:
            return Accepts()
        case Decision.UNVERIFIED if organization is None and tests_organization(key.policy):
            return AsksOrganization(topic.account_id)
        case Decision.UNVERIFIED:
            detail = f"it cannot be told whether the policy of key {key_id} allows {SNS}"
            return _refusal(FindingId.ENDPOINT_UNVERIFIED, topic, queue.queue_arn, detail)
        case Decision.DENIED | Decision.FORBIDDEN:
            mended = admitting(key.policy, KEY_ACTIONS, requests)
            facts = (("key_arn", key.arn), *proposed_policy("key_policy", key.policy, mended))
            detail = f"key {key_id}: its policy does not allow {SNS} {' and '.join(KEY_ACTIONS)}"
            return _refusal(FindingId.QUEUE_KEY_POLICY_DENIES_TOPIC, topic, queue.queue_arn, detail, *facts)


def function_takes(
    topic: Topic,
    function_arn: str,
    function: Function | NotFound,
    organization: Organization | NotFound | None = None,
) -> Accepts | Refuses | AsksOrganization:
    """Whether the function lets SNS invoke it for the topic. Lambda tells no difference between none and no policy."""
    principal = principal_of_sns(topic, function_arn)
    if principal is None or _between_regions_of_lambda(topic, function_arn):
        return _unknown_principal(topic, function_arn)
    facts = (("function_arn", function_arn), ("principal", principal))
    if isinstance(function, NotFound):
        detail = "it does not exist, or has no policy"
        return _refusal(FindingId.FUNCTION_DENIES_TOPIC, topic, function_arn, detail, *facts)
    request = by_topic(topic, "lambda:InvokeFunction", function_arn, organization)
    match decide(function.policy, request):
        case Decision.ALLOWED:
            return Accepts()
        case Decision.UNVERIFIED if organization is None and tests_organization(function.policy):
            return AsksOrganization(topic.account_id)
        case Decision.UNVERIFIED:
            detail = "its policy has a condition that cannot be evaluated"
            return _refusal(FindingId.ENDPOINT_UNVERIFIED, topic, function_arn, detail)
        case Decision.DENIED | Decision.FORBIDDEN:
            detail = f"its policy does not allow {principal} lambda:InvokeFunction"
            return _refusal(FindingId.FUNCTION_DENIES_TOPIC, topic, function_arn, detail, *facts)


def _between_regions_of_lambda(topic: Topic, function_arn: str) -> bool:
    """Whether it is invoked from another Region in one that is not enabled by default, of which two pages differ."""
    return principal_of_sns(topic, function_arn) == f"sns.{Arn.parse(function_arn).region}.amazonaws.com"


def _unknown_principal(topic: Topic, endpoint: str) -> Refuses:
    here, there = Arn.parse(topic.topic_arn).region, Arn.parse(endpoint).region
    detail = f"whether and as whom SNS delivers from {here} to {there} is not documented"
    return _refusal(FindingId.ENDPOINT_UNVERIFIED, topic, endpoint, detail)


def _refusal(id: FindingId, topic: Topic, endpoint: str, detail: str, *facts: tuple[str, str]) -> Refuses:  # noqa: A002
    """Because of the endpoint, with what the remedy's commands need of it."""
    name = endpoint.split(":", 5)[-1].removeprefix("function:")
    region = tuple(("endpoint_region", part) for part in endpoint.split(":")[3:4])
    return Refuses((Reason(id, name, detail, (("topic_arn", topic.topic_arn), *region, *facts)),))
