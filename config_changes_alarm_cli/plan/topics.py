"""A plan's topics and all that their messages go to or need, as SNS, SQS, Lambda and KMS would answer about them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from config_changes_alarm.resources import Arn, Function, Key, Place, Queue, Subscription, SubscriptionAttributes, Topic

from .attributes import KEYS, TOPICS, Attributes, Kinds, Unknown
from .document import Plan, Resource
from .policies import policy_of
from .unplanned import Unplanned, unknown

__all__ = ["PlannedTopics", "default_topic_policy", "topics_of"]

_ENDPOINTS: Mapping[str, Kinds] = {
    "sqs": {"aws_sqs_queue": "arn"},
    "lambda": {"aws_lambda_function": "arn"},
    "firehose": {},
    "application": {},
}
"""What makes the ARN of an endpoint, by protocol."""
_FUNCTIONS: Kinds = {"aws_lambda_function": "function_name"}
_QUEUE_URLS: Kinds = {"aws_sqs_queue": "arn"}
_PUBLISHERS: Kinds = {"aws_sns_topic": "arn"}


@dataclass(frozen=True, slots=True)
class PlannedTopics:
    """By ARN; keys by their place as well, in which an id or an alias means a key.

    `unsure` is why a topic's subscriptions are not all known.
    """

    topics: Mapping[str, Topic | Unplanned]
    subscriptions: Mapping[str, tuple[Subscription, ...]]
    unsure: Unplanned | None
    subscription_attributes: Mapping[str, SubscriptionAttributes | Unplanned]
    queues: Mapping[str, Queue | Unplanned]
    functions: Mapping[str, Function | Unplanned]
    keys: Mapping[tuple[Place | None, str], Key | Unplanned]
    addresses: Mapping[str, str]


def topics_of(plan: Plan, attributes: Attributes) -> PlannedTopics:
    """Raises `UnknownPlace`."""
    made = _Topics(plan, attributes)
    topics = {attributes.identity(each): made.topic(each) for each in plan.of_type("aws_sns_topic")}
    made.subscribe()
    addresses = {attributes.identity(each): each.address for each in plan.of_type("aws_sns_topic")}
    return PlannedTopics(
        topics,
        {arn: tuple(each) for arn, each in made.subscriptions.items()},
        made.unsure,
        made.subscription_attributes,
        {attributes.identity(each): made.queue(each) for each in plan.of_type("aws_sqs_queue")},
        {attributes.identity(each): made.function(each) for each in plan.of_type("aws_lambda_function")},
        made.keys(),
        addresses | made.addresses,
    )


def default_topic_policy(topic_arn: str) -> str:
    """What SNS gives a topic that is made without a policy: its own account may do everything, alarms included."""
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": ["SNS:GetTopicAttributes", "SNS:SetTopicAttributes", "SNS:Subscribe", "SNS:Publish"],
        "Resource": topic_arn,
        "Condition": {"StringEquals": {"AWS:SourceOwner": Arn.parse(topic_arn).account_id}},
    }
    return json.dumps({"Version": "2008-10-17", "Id": "__default_policy_ID", "Statement": [statement]})


def _default_key_policy(partition: str, account_id: str) -> str:
    """What KMS gives a key that is made without a policy: its account may do everything, no service may."""
    root = f"arn:{partition}:iam::{account_id}:root"
    statement = {"Effect": "Allow", "Principal": {"AWS": root}, "Action": "kms:*", "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@dataclass(slots=True)
class _Topics:
    plan: Plan
    attributes: Attributes
    subscriptions: dict[str, list[Subscription]] = field(default_factory=dict)
    subscription_attributes: dict[str, SubscriptionAttributes | Unplanned] = field(default_factory=dict)
    unsure: Unplanned | None = None
    addresses: dict[str, str] = field(default_factory=dict)

    # ------------------------------------------------------------------- policies of their own

    def _policy(
        self, resource: Resource, type_: str, names: tuple[str, Kinds], default: str | None
    ) -> str | Unknown | None:
        """A resource's policy: that of the policy resource which is about it, else its own, else AWS's default.

        Of two for one, the last that is applied would count, and nobody knows which that is.
        """
        attribute, kinds = names
        found: list[Resource] = []
        for each in self.plan.of_type(type_):
            about = self.attributes.link(each, attribute, kinds)
            if isinstance(about, Unknown):
                return about
            if about in self._names(resource):
                found.append(each)
        if len(found) > 1:
            return Unknown(resource.address, "policy", f"{' and '.join(each.address for each in found)} both set it")
        if found:
            return policy_of(self.attributes, found[0], kinds)
        if any(
            each.type == type_ and each.values.get(attribute) in self._names(resource) for each in self.plan.deleted
        ):
            return default
        own = policy_of(self.attributes, resource, kinds)
        return default if own is None else own

    def _names(self, resource: Resource) -> tuple[str, ...]:
        planned = (resource.values.get(name) for name in ("id", "url", "key_id", "arn"))
        return (self.attributes.identity(resource), *(each for each in planned if isinstance(each, str)))

    # ------------------------------------------------------------------- topics

    def topic(self, resource: Resource) -> Topic | Unplanned:
        arn = self.attributes.identity(resource)
        policy = self._policy(resource, "aws_sns_topic_policy", ("arn", TOPICS), default_topic_policy(arn))
        key = self.attributes.link(resource, "kms_master_key_id", KEYS)
        fifo = [self.attributes.setting(resource, name) for name in ("fifo_topic", "content_based_deduplication")]
        told = next((each for each in (policy, key, *fifo) if isinstance(each, Unknown)), None)
        if told is not None or isinstance(policy, Unknown) or isinstance(key, Unknown):
            return unknown(told, arn)
        return Topic(
            topic_arn=arn,
            owner=Arn.parse(arn).account_id,
            policy=policy,
            kms_master_key_id=key or None,
            fifo_topic=fifo[0] is True,
            content_based_deduplication=fifo[1] is True,
        )

    # ------------------------------------------------------------------- subscriptions

    def subscribe(self) -> None:
        """Notes the planned subscriptions by their topics."""
        for resource in self.plan.of_type("aws_sns_topic_subscription"):
            topic = self.attributes.link(resource, "topic_arn", TOPICS)
            protocol = self.attributes.setting(resource, "protocol")
            told = next((each for each in (topic, protocol) if isinstance(each, Unknown)), None)
            if told is not None:
                self.unsure = unknown(told, resource.address)
                continue
            arn = self._subscription_arn(resource, str(topic))
            self.subscriptions.setdefault(str(topic), []).append(
                Subscription(
                    subscription_arn=arn,
                    protocol=str(protocol),
                    endpoint=self._endpoint(resource, str(protocol)),
                    topic_arn=str(topic),
                    owner=Arn.parse(str(topic)).account_id,
                )
            )
            self.subscription_attributes[arn] = self._subscription(resource, arn)
            self.addresses[arn] = resource.address

    def _subscription_arn(self, resource: Resource, topic: str) -> str:
        """What is there already says whether somebody has confirmed it; of what is new that is assumed."""
        if resource.values.get("pending_confirmation") is True:
            return "PendingConfirmation"
        arn = resource.values.get("arn")
        if isinstance(arn, str) and arn.startswith("arn:"):
            return arn
        self.attributes.assume(resource, "somebody confirms it, or SNS does")
        return f"{topic}:{uuid5(NAMESPACE_URL, resource.address)}"

    def _endpoint(self, resource: Resource, protocol: str) -> str:
        endpoint = self.attributes.link(resource, "endpoint", _ENDPOINTS.get(protocol, {}))
        if isinstance(endpoint, Unknown):
            return f"known-after-apply/{resource.address}" if protocol not in _ENDPOINTS else str(endpoint)
        return endpoint or ""

    def _subscription(self, resource: Resource, arn: str) -> SubscriptionAttributes | Unplanned:
        endpoint = self.attributes.link(resource, "endpoint", _ENDPOINTS.get(str(resource.values.get("protocol")), {}))
        settings = [
            self.attributes.setting(resource, "filter_policy"),
            self.attributes.choice(resource, "filter_policy_scope"),
        ]
        told = next((each for each in (endpoint, *settings) if isinstance(each, Unknown)), None)
        if told is not None and (told is not endpoint or resource.values.get("protocol") in ("sqs", "lambda")):
            return unknown(told, arn)
        policy, scope = settings
        return SubscriptionAttributes(
            subscription_arn=arn,
            filter_policy=str(policy) if policy else None,
            filter_policy_scope=str(scope) if scope else "MessageAttributes",
        )

    # ------------------------------------------------------------------- endpoints

    def queue(self, resource: Resource) -> Queue | Unplanned:
        arn = self.attributes.identity(resource)
        policy = self._policy(resource, "aws_sqs_queue_policy", ("queue_url", _QUEUE_URLS), None)
        key = self.attributes.link(resource, "kms_master_key_id", KEYS)
        if isinstance(policy, Unknown) or isinstance(key, Unknown):
            return unknown(policy if isinstance(policy, Unknown) else key, arn)
        size = resource.values.get("max_message_size")
        return Queue(arn, str(resource.values.get("url") or arn), policy, key or None, int(size) if size else None)

    def function(self, resource: Resource) -> Function | Unplanned:
        """A function's policy, a statement for each permission (Lambda developer guide, "Resource-based policies")."""
        arn = self.attributes.identity(resource)
        name = self.attributes.identity(resource, "function_name")
        statements = []
        for each in self.plan.of_type("aws_lambda_permission"):
            about = self.attributes.link(each, "function_name", _FUNCTIONS)
            if isinstance(about, Unknown):
                return unknown(about, arn)
            if about in (name, arn) and not each.values.get("qualifier"):
                source = self.attributes.link(each, "source_arn", _PUBLISHERS)
                if isinstance(source, Unknown):
                    return unknown(source, arn)
                statements.append(_permission(each.values, arn, source))
        return Function(arn, json.dumps({"Version": "2012-10-17", "Statement": statements}))

    # ------------------------------------------------------------------- keys

    def keys(self) -> Mapping[tuple[Place | None, str], Key | Unplanned]:
        """The keys of the plan and those that it reads."""
        made: dict[tuple[Place | None, str], Key | Unplanned] = {}

        def note(resource: Resource, key: Key | Unplanned, *names: str) -> None:
            place = self.attributes.places.of_resource(resource)
            made.update({(None if name.startswith("arn:") else place, name): key for name in names if name})

        for each in self.plan.of_type("aws_kms_key", "aws_kms_replica_key"):
            note(each, self._key(each), self.attributes.identity(each), self.attributes.identity(each, "key_id"))
        for each in self.plan.resources.values():
            if each.mode == "data" and each.type in ("aws_kms_key", "aws_kms_alias"):
                note(each, *_read_key(each))
        for each in self.plan.of_type("aws_kms_alias"):
            target = self.attributes.link(each, "target_key_id", KEYS)
            place = self.attributes.places.of_resource(each)
            known = made.get((None, str(target))) or made.get((place, str(target)))
            about = unknown(target, each.address) if isinstance(target, Unknown) else known
            if about is not None:
                note(each, about, self.attributes.identity(each, "name"), self.attributes.identity(each))
        return made

    def _key(self, resource: Resource) -> Key | Unplanned:
        arn = self.attributes.identity(resource)
        default = _default_key_policy(self.attributes.places.partition, Arn.parse(arn).account_id)
        policy = self._policy(resource, "aws_kms_key_policy", ("key_id", KEYS), default)
        enabled, spec = (self.attributes.choice(resource, name) for name in ("is_enabled", "customer_master_key_spec"))
        told = next((each for each in (policy, enabled, spec) if isinstance(each, Unknown)), None)
        if told is not None or isinstance(policy, Unknown):
            return unknown(told, arn)
        return Key(arn, "CUSTOMER", "Disabled" if enabled is False else "Enabled", policy, spec or None)


def _permission(planned: Mapping[str, Any], function_arn: str, source: str | None) -> Mapping[str, Any]:
    condition: dict[str, Any] = {}
    if source:
        condition["ArnLike"] = {"AWS:SourceArn": source}
    if planned.get("source_account"):
        condition["StringEquals"] = {"AWS:SourceAccount": planned["source_account"]}
    principal = str(planned.get("principal"))
    kind = "Service" if principal.endswith(".amazonaws.com") else "AWS"
    return {
        "Effect": "Allow",
        "Principal": "*" if principal == "*" else {kind: principal},
        "Action": planned.get("action"),
        "Resource": function_arn,
        **({"Condition": condition} if condition else {}),
    }


def _read_key(resource: Resource) -> tuple[Key | Unplanned, *tuple[str, ...]]:
    """A key that a data source has read, and its names. Its policy is not there, and AWS's own keys need none."""
    arn = str(resource.values.get("target_key_arn") or resource.values.get("arn") or "")
    alias = str(resource.values.get("name") or "")
    names = [arn, alias, *(str(resource.values.get(each) or "") for each in ("target_key_id", "key_id", "id", "arn"))]
    managed = alias.startswith("alias/aws/") or resource.values.get("key_manager") == "AWS"
    told = (
        Key(arn, "AWS", "Enabled") if managed else unknown(f"the policy of key {alias or arn} is not in the plan", arn)
    )
    return told, *names
