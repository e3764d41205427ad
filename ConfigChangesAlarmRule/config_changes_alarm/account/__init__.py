"""What an account is asked, and the ways AWS may not answer; behind it, AWS.

May import `resources`. Only `aws` knows boto3, and nothing here judges what was read.
"""

from .door import Account, Identity, Source
from .memory import Memory
from .outcomes import EvaluationFailed, NotFound, Unreadable
from .questions import (
    ActionHistoryOf,
    AlarmsIn,
    AlarmsOn,
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
    "ActionHistoryOf",
    "AlarmsIn",
    "AlarmsOn",
    "EvaluationFailed",
    "EventSelectorsOf",
    "FunctionOf",
    "Identity",
    "KeyOf",
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
