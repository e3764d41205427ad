"""What an account is asked, and the ways AWS may not answer; behind it, AWS.

May import `resources`. Only `aws` knows boto3, and nothing here judges what was read.
"""

from .door import Account, AccountSource, Identity, Source
from .listing import ListingSource
from .memory import Memory
from .outcomes import EvaluationFailed, NotFound, Unreadable
from .questions import (
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

__all__ = [
    "Account",
    "AccountSource",
    "ActionHistoryIn",
    "ActionHistoryOf",
    "AlarmsIn",
    "AlarmsOn",
    "AnyMuteRuleIn",
    "EvaluationFailed",
    "EventSelectorsOf",
    "FunctionOf",
    "Identity",
    "KeyOf",
    "ListingSource",
    "LogGroupOf",
    "MatchesOf",
    "Memory",
    "MetricFiltersIn",
    "MetricFiltersOf",
    "MetricFiltersOn",
    "MuteRulesOf",
    "NotFound",
    "OrganizationOf",
    "Question",
    "QueueOf",
    "Source",
    "SubscriptionAttributesOf",
    "SubscriptionsOf",
    "TopicOf",
    "TrailStatusOf",
    "Trails",
    "Unreadable",
    "answered_with",
]
