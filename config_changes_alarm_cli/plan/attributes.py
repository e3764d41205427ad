"""The attributes of a plan's resources: as planned, or what stands for those that are known only after apply.

What is known only after apply has a value all the same where it is known which resource makes it: the ARN and the name
of one that is not there yet are made up, well-formed and the same wherever they occur, so that whatever the
configuration links is linked. Where that is not known, it is `Unknown`, and proves nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from .document import Resource
from .places import Places
from .references import Origin, References, most_specific

__all__ = ["ALIASES", "KEYS", "LOG_GROUPS", "TOPICS", "Attributes", "Kinds", "Unknown", "any_unknown"]

Kinds = Mapping[str, str]
"""The types of resources that can make a value, each with its attribute that is the value."""

TOPICS: Kinds = {"aws_sns_topic": "arn"}
LOG_GROUPS: Kinds = {"aws_cloudwatch_log_group": "arn"}
KEYS: Kinds = {"aws_kms_key": "arn", "aws_kms_replica_key": "arn", "aws_kms_alias": "arn"}
ALIASES = ("aws_kms_alias",)

_OF_ANYTHING = ("aws_cloudformation_stack", "aws_cloudformation_stack_set_instance", "aws_ssm_parameter")
"""Types of this provider whose attributes may be the name or the ARN of anything."""
_OF_NOTHING = ("aws_", "random_", "time_", "tls_", "archive_", "local_")
"""Providers whose other resources make no name or ARN of another one; of those that are not known here, any may."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """An attribute that is known only after apply, and no resource of the plan is known to make it."""

    address: str
    attribute: str
    why: str = ""

    def __str__(self) -> str:
        told = f"{self.attribute} of {self.address} is known only after apply"
        return f"{told}: {self.why}" if self.why else told


@dataclass(frozen=True, slots=True)
class Attributes:
    """`assumed` is noted while attributes are read: what was taken for which attribute, by the resource's address."""

    references: References
    places: Places
    assumed: dict[str, list[str]] = field(default_factory=dict)

    def assume(self, resource: Resource, text: str) -> None:
        """Notes what a plan cannot know of a resource."""
        noted = self.assumed.setdefault(resource.address, [])
        if text not in noted:
            noted.append(text)

    # ------------------------------------------------------------------- what is planned

    def is_unknown(self, resource: Resource, name: str) -> bool:
        """Whether an attribute is known only after apply, as a whole or in part."""
        return any_unknown(resource.unknown.get(name))

    def setting(self, resource: Resource, name: str) -> Any:
        """A planned value, None where there is none, or `Unknown`. What is left to AWS is its default: None."""
        if not self.is_unknown(resource, name):
            return resource.values.get(name)
        return None if self.is_left_to_aws(resource, name) else Unknown(resource.address, name)

    def choice(self, resource: Resource, name: str) -> Any:
        """The same of a word out of a few. No other resource makes such a word, so a local value that does not give one
        leaves it to AWS.
        """
        if not self.is_unknown(resource, name):
            return resource.values.get(name)
        expression = self._expression(resource, name)
        named = self.references.traced(resource, expression).named if isinstance(expression, dict) else ()
        return Unknown(resource.address, name) if _unknown_among(named) else None

    def is_left_to_aws(self, resource: Resource, name: str) -> bool:
        """Whether an unknown attribute is not configured, or with null: all that its expression names is known."""
        expression = self._expression(resource, name)
        if expression is None:
            return True
        if not isinstance(expression, dict) or not expression.get("references"):
            return False
        traced = self.references.traced(resource, expression)
        return not _unknown_among((*traced.named, *traced.seen))

    def _expression(self, resource: Resource, name: str) -> Any:
        return (self.references.configured(resource).get("expressions") or {}).get(name)

    # ------------------------------------------------------------------- what is linked

    def link(self, resource: Resource, name: str, kinds: Kinds, rivals: Sequence[str] = ()) -> str | Unknown | None:
        """An attribute that is the ARN or the name of something: AWS has no default for it.

        `rivals` are types that may make it too.
        """
        if not self.is_unknown(resource, name):
            value = resource.values.get(name)
            return None if value is None else str(value)
        return self.linked(resource, name, self._expression(resource, name) or {}, kinds, rivals)

    def links(
        self, resource: Resource, name: str, kinds: Kinds, rivals: Sequence[str] = ()
    ) -> tuple[str, ...] | Unknown:
        """An attribute that is a list of them. Those that are known already are left out where others are not."""
        if not self.is_unknown(resource, name):
            return tuple(str(each) for each in resource.values.get(name) or () if each is not None)
        expression = self._expression(resource, name) or {}
        traced = self.references.traced(resource, expression)
        named = _of_kinds(traced.named, kinds)
        if named and traced.plain and not traced.seen and _are_all(traced.named, (*kinds, *rivals)):
            found = tuple(self.identity(each, kinds[each.type]) for each in named)
            self.assume(resource, f"takes its {name} from {' and '.join(each.address for each in named)}")
            return found
        one = self.linked(resource, name, expression, kinds, rivals)
        return one if isinstance(one, Unknown) else (one,)

    def linked(
        self,
        resource: Resource,
        name: str,
        expression: Mapping[str, Any],
        kinds: Kinds,
        rivals: Sequence[str] = (),
    ) -> str | Unknown:
        """What an expression of the resource's block links to, if that can only be one."""
        origin = self.origin(resource, name, expression, kinds, rivals)
        return origin if isinstance(origin, Unknown) else self.identity(origin, kinds[origin.type])

    def maker(self, resource: Resource, name: str, kinds: Kinds) -> Resource | Unknown:
        """The one resource that makes an attribute."""
        return self.origin(resource, name, self._expression(resource, name) or {}, kinds)

    def origin(
        self,
        resource: Resource,
        name: str,
        expression: Mapping[str, Any],
        kinds: Kinds,
        rivals: Sequence[str] = (),
    ) -> Resource | Unknown:
        """The one resource that makes the value. One whose own is known already makes none that is not.

        Blocks that are made by `dynamic` have no expression in a plan: their values may come from all that is seen.
        """
        traced = self.references.traced(resource, expression)
        origins = (*traced.named, *traced.seen) if expression else self.references.seen_by(resource)
        makers = [each for each in _of_kinds(origins, kinds) if not isinstance(each.values.get(kinds[each.type]), str)]
        makers = list({self._behind(each): each for each in reversed(makers)}.values())
        others = [each.resource for each in origins if _may_make_it(each.resource, rivals)]
        if len(makers) == 1 and not others:
            self.assume(resource, f"takes its {name} from {makers[0].address}")
            return makers[0]
        may_be = [each.address for each in dict.fromkeys((*makers, *others))]
        if may_be:
            return Unknown(resource.address, name, f"it may come from {_either(may_be)}")
        named = " and ".join(most_specific(expression.get("references") or ()))
        return Unknown(resource.address, name, f"the plan shows only that it names {named}" if named else "")

    def _behind(self, resource: Resource) -> Resource:
        """The key behind an alias: the two mean the same."""
        expression = self._expression(resource, "target_key_id")
        if resource.type not in ALIASES or not isinstance(expression, dict):
            return resource
        named = _of_kinds(self.references.traced(resource, expression).named, KEYS)
        return named[0] if len(named) == 1 else resource

    # ------------------------------------------------------------------- what tells a resource from others

    def identity(self, resource: Resource, attribute: str = "arn") -> str:
        """An ARN, a name or an id: the planned one, or the one that stands for it. Raises `UnknownPlace`."""
        value = resource.values.get(attribute)
        if isinstance(value, str) and value:
            return value
        if attribute == "arn":
            return self._arn(resource)
        if attribute in ("name", "alarm_name", "function_name"):
            return self._name(resource, attribute)
        if resource.type == "aws_sns_topic":
            return self._arn(resource)
        if resource.type.startswith("aws_kms_") and attribute in ("id", "key_id"):
            return str(uuid5(NAMESPACE_URL, resource.address))
        return self._name(resource, _NAMES.get(resource.type, "name"))

    def _arn(self, resource: Resource) -> str:
        service, resource_part = _ARNS[resource.type]
        place = self.places.of_resource(resource)
        name = self.identity(resource, _NAMES.get(resource.type, "name"))
        return f"arn:{self.places.partition}:{service}:{place.region}:{place.account_id}:{resource_part.format(name)}"

    def _name(self, resource: Resource, attribute: str) -> str:
        prefix = resource.values.get(f"{attribute}_prefix")
        stand_in = sha256(resource.address.encode()).hexdigest()[:8]
        fifo = any(resource.values.get(each) is True for each in ("fifo_topic", "fifo_queue"))
        start = prefix or ("alias/plan-" if resource.type in ALIASES else "plan-")
        name = f"{start}{stand_in}{'.fifo' if fifo else ''}"
        self.assume(resource, f"its {attribute} is made at apply, {name} stands for it")
        return name


_ARNS: Mapping[str, tuple[str, str]] = {
    "aws_cloudtrail": ("cloudtrail", "trail/{}"),
    "aws_cloudwatch_log_group": ("logs", "log-group:{}"),
    "aws_cloudwatch_metric_alarm": ("cloudwatch", "alarm:{}"),
    "aws_cloudwatch_composite_alarm": ("cloudwatch", "alarm:{}"),
    "aws_sns_topic": ("sns", "{}"),
    "aws_sqs_queue": ("sqs", "{}"),
    "aws_lambda_function": ("lambda", "function:{}"),
    "aws_kms_key": ("kms", "key/{}"),
    "aws_kms_replica_key": ("kms", "key/{}"),
    "aws_kms_alias": ("kms", "{}"),
}
"""The service and the resource of an ARN, by the resource's type (service authorization reference)."""

_NAMES: Mapping[str, str] = {
    "aws_cloudwatch_metric_alarm": "alarm_name",
    "aws_cloudwatch_composite_alarm": "alarm_name",
    "aws_lambda_function": "function_name",
    "aws_kms_key": "key_id",
    "aws_kms_replica_key": "key_id",
}
"""The attribute that names a resource within its Region, where that is not `name`."""


def _of_kinds(origins: Iterable[Origin], kinds: Kinds) -> tuple[Resource, ...]:
    return tuple(dict.fromkeys(each.resource for each in origins if each.resource.type in kinds))


def _may_make_it(resource: Resource, rivals: Sequence[str]) -> bool:
    """Whether an unknown attribute of a resource may be the value, although its type is none that makes such."""
    able = resource.type in (*rivals, *_OF_ANYTHING) or not resource.type.startswith(_OF_NOTHING)
    return able and any_unknown(resource.unknown)


def _are_all(origins: Iterable[Origin], types: Sequence[str]) -> bool:
    return all(each.resource.type in types for each in origins)


def _unknown_among(origins: Iterable[Origin]) -> bool:
    return any(any_unknown(each.resource.unknown) for each in origins)


def any_unknown(unknown: Any) -> bool:
    """Whether Terraform marks anything of a value as known only after apply."""
    if isinstance(unknown, dict):
        return any(map(any_unknown, unknown.values()))
    return any(map(any_unknown, unknown)) if isinstance(unknown, list) else unknown is True


def _either(addresses: Sequence[str]) -> str:
    return f"{', '.join(addresses[:-1])} or {addresses[-1]}" if len(addresses) > 1 else addresses[0]
