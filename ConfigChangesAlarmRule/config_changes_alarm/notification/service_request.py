"""A request that an AWS service makes on behalf of a resource, as a policy's conditions see it.

CloudWatch publishes to a topic and uses its key on behalf of an alarm; SNS sends to a queue and invokes a function on
behalf of a topic. Sources: IAM user guide, "Global condition context keys"; SNS developer guide, "Access control use
cases", "Key management" and "Sending messages to a queue or function in a different Region"; KMS developer guide,
"Condition keys".
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from ..account import NotFound
from ..resources import Arn, CompositeAlarm, MetricAlarm, Organization, Topic

__all__ = [
    "CLOUDWATCH",
    "SNS",
    "Beginning",
    "ContextValue",
    "Missing",
    "Perhaps",
    "ServiceRequest",
    "by_alarm",
    "by_topic",
    "principal_of_sns",
]

CLOUDWATCH, SNS = "cloudwatch.amazonaws.com", "sns.amazonaws.com"

_ENABLED_BY_DEFAULT = frozenset(
    (
        *("ap-northeast-1", "ap-northeast-2", "ap-south-1", "ap-southeast-1", "ap-southeast-2", "ca-central-1"),
        *("eu-central-1", "eu-north-1", "eu-west-1", "eu-west-2", "eu-west-3", "sa-east-1"),
        *("us-east-1", "us-east-2", "us-west-1", "us-west-2"),
    )
)
"""The Regions launched before March 20, 2019. SNS's guide counts ap-northeast-3 among the others in some editions."""
_DOUBTFUL_REGION = "ap-northeast-3"


class Missing(Enum):
    """Why a condition key has no value here."""

    ABSENT = "the request does not have it"
    UNKNOWN = "it is not known whether it has it, or which"


@dataclass(frozen=True, slots=True)
class Beginning:
    """A value of which only the beginning is known."""

    text: str


@dataclass(frozen=True, slots=True)
class Perhaps:
    """The value, if the request has the key at all."""

    value: str | Beginning


ContextValue: TypeAlias = str | Beginning | Missing | Perhaps


@dataclass(frozen=True, slots=True)
class ServiceRequest:
    """An IAM action of a service on a resource, on behalf of the source, which belongs to an account.

    `organization` is the account's: None where it was not asked for, `NotFound` where the account is in none.
    `encryption_context` is what the service tells KMS.
    """

    service: str
    action: str
    resource: str
    source_arn: str
    source_account: str
    organization: Organization | NotFound | None = None
    encryption_context: tuple[tuple[str, str], ...] = ()

    def context(self, key: str) -> ContextValue:
        """The value of a condition key.

        Of a source whose name is not ASCII only the account can be tested (SNS developer guide). `AWS:SourceOwner` is
        SNS's own key. A service is no member of an organization: `aws:PrincipalOrgID` and `aws:PrincipalOrgPaths` are
        never in its request, whosever alarm it is. That SNS tells more of a topic than its ARN is not documented: a
        permission of Lambda with the account too did not admit it (aws-cli issue 1996).
        """
        known: dict[str, ContextValue] = {
            "aws:sourceaccount": self._told(self.source_account),
            "aws:securetransport": "true",
            "aws:principalisawsservice": "true",
            "aws:principalservicename": self.service,
            "aws:principalorgid": Missing.ABSENT,
            "aws:principalorgpaths": Missing.ABSENT,
            **self._of_organization(),
            **{f"kms:encryptioncontext:{name.lower()}": value for name, value in self.encryption_context},
        }
        if self.source_arn.isascii():
            known["aws:sourcearn"] = self.source_arn
        if self.action.startswith("sns:"):
            known["aws:sourceowner"] = self.source_account
        return known.get(key.lower(), Missing.UNKNOWN)

    def _told(self, value: str | Beginning) -> ContextValue:
        """What CloudWatch tells of an alarm, and SNS perhaps of a topic."""
        return value if self.service == CLOUDWATCH else Perhaps(value)

    def _of_organization(self) -> dict[str, ContextValue]:
        """A path is `o-.../r-.../` and what lies between the root and the account, which DescribeOrganization omits."""
        match self.organization:
            case None:
                return {}
            case NotFound():
                return {"aws:sourceorgid": Missing.ABSENT, "aws:sourceorgpaths": Missing.ABSENT}
            case Organization(id=found):
                paths = Beginning(f"{found}/r-")
                return {"aws:sourceorgid": self._told(found), "aws:sourceorgpaths": self._told(paths)}


def by_alarm(
    alarm: MetricAlarm | CompositeAlarm,
    action: str,
    resource: str,
    organization: Organization | NotFound | None,
    *encryption_context: tuple[str, str],
) -> ServiceRequest:
    """What CloudWatch asks for when the alarm runs its action."""
    account_id = alarm.place.account_id
    return ServiceRequest(CLOUDWATCH, action, resource, alarm.alarm_arn, account_id, organization, encryption_context)


def by_topic(topic: Topic, action: str, resource: str, organization: Organization | NotFound | None) -> ServiceRequest:
    """What SNS asks for when the topic hands a message over."""
    service = principal_of_sns(topic, resource) or SNS
    return ServiceRequest(service, action, resource, topic.topic_arn, topic.account_id, organization)


def principal_of_sns(topic: Topic, resource: str) -> str | None:
    """As whom SNS sends to a resource; None where the guide does not say it.

    Between two Regions of which one is an opt-in Region it is the service of that Region, of the queue's or function's
    if both are.
    """
    here, there = Arn.parse(topic.topic_arn).region, Arn.parse(resource).region
    if here == there or Arn.parse(resource).partition != "aws":
        return SNS
    if _DOUBTFUL_REGION in (here, there):
        return None
    if there not in _ENABLED_BY_DEFAULT:
        return f"sns.{there}.amazonaws.com"
    return SNS if here in _ENABLED_BY_DEFAULT else f"sns.{here}.amazonaws.com"
