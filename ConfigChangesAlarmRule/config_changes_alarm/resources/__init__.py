"""What AWS answers, as frozen values named as AWS names them: a module a service.

`from_api` builds each from one element of an API answer. A required member that is missing or of the wrong type raises
`MalformedAnswer`; members this product does not read are ignored. Imports the standard library alone, and judges
nothing: that is the work of the packages for each hop. Times are timezone-aware datetimes, periods and durations are
seconds unless a name says otherwise.
"""

from .answers import MalformedAnswer
from .aws_lambda import Function
from .cloudtrail import (
    AdvancedEventSelector,
    AdvancedFieldSelector,
    DataResource,
    EventSelector,
    EventSelectors,
    Trail,
    TrailStatus,
)
from .cloudwatch import (
    ActionListing,
    AlarmHistoryItem,
    AlarmListing,
    AlarmMuteRule,
    AlarmType,
    CompositeAlarm,
    EvaluationWindow,
    ListedAction,
    LogAlarm,
    Metric,
    MetricAlarm,
    MetricDataQuery,
    MetricStat,
)
from .kms import Key
from .logs import LogGroup, MetricFilter, MetricTransformation
from .names import Arn, LogGroupId, MalformedArn, Place
from .organizations import Organization
from .sns import Subscription, SubscriptionAttributes, Topic
from .sqs import Queue

__all__ = [
    "ActionListing",
    "AdvancedEventSelector",
    "AdvancedFieldSelector",
    "AlarmHistoryItem",
    "AlarmListing",
    "AlarmMuteRule",
    "AlarmType",
    "Arn",
    "CompositeAlarm",
    "DataResource",
    "EvaluationWindow",
    "EventSelector",
    "EventSelectors",
    "Function",
    "Key",
    "ListedAction",
    "LogAlarm",
    "LogGroup",
    "LogGroupId",
    "MalformedAnswer",
    "MalformedArn",
    "Metric",
    "MetricAlarm",
    "MetricDataQuery",
    "MetricFilter",
    "MetricStat",
    "MetricTransformation",
    "Organization",
    "Place",
    "Queue",
    "Subscription",
    "SubscriptionAttributes",
    "Topic",
    "Trail",
    "TrailStatus",
]
