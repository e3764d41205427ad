"""Answers questions about an account with what AWS says: which question goes to which service."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import boto3
from botocore.config import Config

from ...resources import MalformedArn, Place
from ..door import Account, Identity
from ..outcomes import EvaluationFailed, NotFound
from ..questions import (
    ActionHistoryIn,
    ActionHistoryOf,
    AlarmsIn,
    AlarmsOn,
    AnyMuteRuleIn,
    EventSelectorsOf,
    FunctionOf,
    KeyOf,
    LogGroupOf,
    MatchesOf,
    MetricFiltersIn,
    MetricFiltersOf,
    MetricFiltersOn,
    MuteRulesOf,
    OrganizationOf,
    Question,
    QueueOf,
    SubscriptionAttributesOf,
    SubscriptionsOf,
    TopicOf,
    Trails,
    TrailStatusOf,
    answered_with,
)
from . import aws_lambda, cloudtrail, cloudwatch, kms, logs, organizations, sns, sqs
from .calling import Call, Calling
from .clients import CONFIG, THREADS, OwnClient
from .errors import Absent, Denied, NotOffered
from .pace import SECONDS

_READS: Mapping[type[Question[Any]], Callable[[Calling, Any], Any]] = {
    Trails: cloudtrail.trails,
    TrailStatusOf: cloudtrail.trail_status,
    EventSelectorsOf: cloudtrail.event_selectors,
    LogGroupOf: logs.log_group,
    MetricFiltersIn: logs.metric_filters_in,
    MetricFiltersOf: logs.metric_filters_of,
    MetricFiltersOn: logs.metric_filters_on,
    MatchesOf: logs.matches,
    AlarmsOn: cloudwatch.alarms_on,
    AlarmsIn: cloudwatch.alarms_in,
    MuteRulesOf: cloudwatch.mute_rules,
    AnyMuteRuleIn: cloudwatch.any_mute_rule,
    ActionHistoryOf: cloudwatch.action_history,
    ActionHistoryIn: cloudwatch.action_history_in,
    TopicOf: sns.topic,
    SubscriptionsOf: sns.subscriptions,
    SubscriptionAttributesOf: sns.subscription_attributes,
    QueueOf: sqs.queue,
    FunctionOf: aws_lambda.function,
    KeyOf: kms.key,
    OrganizationOf: organizations.organization,
}
"""Each takes the question and returns its answer, or raises `Denied`, `Absent`, `NotOffered` or `EvaluationFailed`."""


class AwsSource:
    """AWS as the evaluator's credentials show it. Implements `account.Source`, and has no memory of answers.

    `own_client(service, region)` builds the evaluator's own clients where the session does not. Where a resource lies
    in another account, the role named `log_group_account_role_name` is assumed there. After `seconds` no attempt of
    any call begins any more: `EvaluationFailed`.
    """

    def __init__(
        self,
        session: boto3.Session,
        identity: Identity,
        log_group_account_role_name: str | None = None,
        *,
        config: Config = CONFIG,
        own_client: OwnClient | None = None,
        seconds: float = SECONDS,
    ) -> None:
        self.identity = identity
        home = Place(identity.account_id, identity.region)
        self._aws = Calling(session, home, log_group_account_role_name, config, own_client, seconds)

    @property
    def threads(self) -> int:
        """How many questions it takes at the same time."""
        return THREADS

    @property
    def partition(self) -> str:
        """The Region's. Raises `EvaluationFailed`."""
        return self._aws.partition

    def calls(self) -> tuple[Call, ...]:
        """Every request so far, in the order of their ends."""
        return self._aws.calls()

    def account(self) -> Account:
        """The account behind its door, with nothing asked yet."""
        return Account(self.identity, self, self.threads)

    def answer(self, question: Question[Any]) -> Any:
        """AWS's answer. Raises `EvaluationFailed`."""
        try:
            return _READS[type(question)](self._aws, question)
        except Denied as denied:
            return denied.unreadable
        except (Absent, MalformedArn):  # what has no valid name cannot exist
            if NotFound not in answered_with(type(question)):
                raise EvaluationFailed(f"AWS says that the listing of {question.subject} does not exist") from None
            return NotFound(question.subject)
        except NotOffered as error:
            raise EvaluationFailed(f"{error} is not offered in this Region") from None
