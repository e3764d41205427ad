"""The catalogue: every kind of finding with its words, in the order of the chain.

Long on purpose: it is one table, an entry for each `FindingId`, whose words are read and compared as a whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .reason import FindingId

__all__ = ["CATALOGUE", "Kind"]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of finding. `sentence` is its summary with `{subject}`, to which `: detail` is added.

    `step` is the next step in a few words; `remedy` the commands, with `{fact}` wherever a fact of the reason goes.
    A fact that the reason lacks appears as `<fact>`. No command takes anything away: what is missing is made beside
    what is there, and one that replaces something says so. `disproves` says whether what is found (a record, a setting)
    shows that the link does not hold; otherwise it only could not be verified: denied, hidden or undocumented.
    """

    id: FindingId
    sentence: str
    why: str
    step: str
    remedy: str
    disproves: bool


_PUT_METRIC_FILTER = (
    "aws logs put-metric-filter --region {region} --log-group-name {log_group_name} --filter-name {new_filter_name} "
    "--filter-pattern {required_filter_pattern} --metric-transformations "
    "metricName={new_metric_name},metricNamespace={new_namespace},metricValue=1"
)
_PUT_SECOND_METRIC_FILTER = (
    "aws logs put-metric-filter --region {region} --log-group-name {log_group_name} --filter-name {second_filter_name} "
    "--filter-pattern {required_filter_pattern} --metric-transformations {second_metric_transformation}"
)
_PUT_METRIC_ALARM = (
    "aws cloudwatch put-metric-alarm --region {region} --alarm-name {second_alarm_name} --namespace {namespace} "
    "--metric-name {metric_name} --statistic Sum --period 300 --evaluation-periods 1 --threshold {threshold} "
    "--comparison-operator GreaterThanOrEqualToThreshold --treat-missing-data notBreaching --alarm-actions {topic_arn}"
)
_PUT_FILTER_AND_ALARM = f"{_PUT_METRIC_FILTER}\n" + (
    _PUT_METRIC_ALARM.replace("{second_alarm_name}", "{new_alarm_name}")
    .replace("{namespace}", "{new_namespace}")
    .replace("{metric_name}", "{new_metric_name}")
    .replace("{threshold}", "1")
)
_PUT_EVENT_SELECTORS = (
    "aws cloudtrail put-event-selectors --region {region} --trail-name {trail_arn} {selectors_option} {selectors}  "
    "# replaces all selectors of the trail: those that it has are repeated, and what is missing is added"
)
_CREATE_LOG_GROUP = (
    "aws logs create-log-group --region {region} --log-group-name {new_log_group_name} --log-group-class STANDARD"
)
_SUBSCRIBE = (
    "aws sns subscribe --region {topic_region} --topic-arn {topic_arn} --protocol email "
    "--notification-endpoint {endpoint}"
)
_TOPIC_POLICY = (
    "aws sns set-topic-attributes --region {topic_region} --topic-arn {topic_arn} --attribute-name Policy "
    "--attribute-value {topic_policy}  # {policy_change}"
)
_KEY_POLICY = (
    "aws kms put-key-policy --region {topic_region} --key-id {key_arn} --policy-name default --policy {key_policy}  "
    "# {policy_change}"
)
_MESSAGE_SIZE = (
    "aws sns set-topic-attributes --region {topic_region} --topic-arn {topic_arn} --attribute-name MaximumMessageSize "
    "--attribute-value 262144"
)
_LOOK_AT_ALARM = "aws cloudwatch describe-alarms --region {region} --alarm-names {alarm_name}"


def _k(id: FindingId, sentence: str, why: str, step: str, remedy: str, disproves: bool = True) -> Kind:  # noqa: A002
    return Kind(id, sentence, why, step, remedy, disproves)


F = FindingId
_KINDS = (
    _k(
        F.CANNOT_READ,
        "Cannot verify",
        "What AWS refuses to show cannot be proved, and what is not proved is never compliant.",
        "Allow the rule's role to make this read",
        "aws iam put-role-policy --role-name {role_of_the_rule} "
        "--policy-name config-changes-alarm-{operation_name} --policy-document "
        '\'{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"\'{operation}\'","Resource":"*"}]}\'',
        disproves=False,
    ),
    _k(
        F.CANNOT_READ_ELSEWHERE,
        "Cannot read {subject}",
        "What another account does not show cannot be proved. Permissions of the rule's own role do not help: that "
        "account has to let it read, by its role LogGroupAccountRoleName or by the policy of what is read.",
        "Let LogGroupAccountRoleName read it there, or that account's policy",
        "aws iam put-role-policy --role-name {role_name} "
        "--policy-name config-changes-alarm-{operation_name} --policy-document "
        '\'{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"\'{operation}\'","Resource":"*"}]}\'  '
        "# in account {account_id}, of the role that the rule's parameter LogGroupAccountRoleName names",
        disproves=False,
    ),
    _k(
        F.NO_TRAIL,
        "No CloudTrail trail covers this Region",
        "Without a trail no API call reaches a log group, so no filter can see one.",
        "Create a multi-Region trail",
        "aws cloudtrail create-trail --region {region} --name {trail_name} --s3-bucket-name {bucket} "
        "--is-multi-region-trail --cloud-watch-logs-log-group-arn {log_group_arn} "
        "--cloud-watch-logs-role-arn {role_arn}",
    ),
    _k(
        F.TRAIL_SINGLE_REGION,
        "Trail {subject} covers a single Region",
        "What happens in any other Region would not be recorded.",
        "Make the trail multi-Region",
        "aws cloudtrail update-trail --region {region} --name {trail_arn} --is-multi-region-trail",
    ),
    _k(
        F.TRAIL_NOT_LOGGING,
        "Trail {subject} is not logging",
        "A stopped trail delivers nothing, although everything behind it looks complete.",
        "Start logging",
        "aws cloudtrail start-logging --region {region} --name {trail_arn}",
    ),
    _k(
        F.TRAIL_NO_LOG_GROUP,
        "Trail {subject} delivers to no log group",
        "Metric filters see only what a trail delivers to CloudWatch Logs.",
        "Connect the trail to a log group",
        "aws cloudtrail update-trail --region {region} --name {trail_arn} "
        "--cloud-watch-logs-log-group-arn {log_group_arn} --cloud-watch-logs-role-arn {role_arn}",
    ),
    _k(
        F.TRAIL_DELIVERY_ERROR,
        "Trail {subject} fails to deliver to its log group",
        "CloudTrail reports that its last delivery to CloudWatch Logs failed, usually because of the role.",
        "Repair the trail's CloudWatch Logs role",
        "aws cloudtrail get-trail-status --region {region} --name {trail_arn} "
        "--query LatestCloudWatchLogsDeliveryError",
    ),
    _k(
        F.TRAIL_DELIVERY_STALE,
        "Trail {subject} no longer delivers to its log group",
        "A trail that logs but has not delivered for a day reaches no filter.",
        "Check the trail's log group and role",
        "aws cloudtrail get-trail-status --region {region} --name {trail_arn} --query LatestCloudWatchLogsDeliveryTime",
    ),
    _k(
        F.TRAIL_SELECTORS_MISS_EVENT,
        "Trail {subject} does not record the event",
        "Event selectors decide what a trail records; what they leave out reaches no filter.",
        "Log management write events",
        _PUT_EVENT_SELECTORS,
    ),
    _k(
        F.TRAIL_SELECTORS_UNVERIFIED,
        "Trail {subject} is not known to record the event",
        "What kind of event a call makes is not always known, and a trail may record some kinds only.",
        "Log all management events",
        "aws cloudtrail get-event-selectors --region {region} --trail-name {trail_arn}",
        disproves=False,
    ),
    _k(
        F.TRAIL_SELECTORS_MISS_DATA_EVENT,
        "Trail {subject} does not record events of that category",
        "Other than management events are recorded only where a selector asks for them, by the type of the resource.",
        "Log that category for these resources",
        _PUT_EVENT_SELECTORS,
    ),
    _k(
        F.TRAIL_SELECTORS_DATA_UNVERIFIED,
        "Trail {subject} is not known to record events of that category",
        "Of which resources a trail records data events depends on selectors that are not evaluated here.",
        "Look whether it logs that category for all these resources",
        "aws cloudtrail get-event-selectors --region {region} --trail-name {trail_arn}",
        disproves=False,
    ),
    _k(
        F.LOG_GROUP_MISSING,
        "Log group {subject} does not exist",
        "The trail names a log group that is gone, so its events are lost.",
        "Create it and attach it to the trail",
        "aws logs create-log-group --region {region} --log-group-name {log_group_name}",
    ),
    _k(
        F.LOG_GROUP_CLASS,
        "Log group {subject} cannot carry metric filters",
        "Log groups of this class evaluate no metric filters, and the class of a log group cannot be changed.",
        "Use a log group of class STANDARD",
        _CREATE_LOG_GROUP,
    ),
    _k(
        F.LOG_GROUP_CLASS_UNVERIFIED,
        "Log group {subject} is not known to carry metric filters",
        "Only of the class STANDARD is it known that metric filters are evaluated, and the class cannot be changed.",
        "Use a log group of class STANDARD",
        _CREATE_LOG_GROUP,
        disproves=False,
    ),
    _k(
        F.LOG_GROUP_IN_ANOTHER_ACCOUNT,
        "Log group {subject} lies in another account",
        "The filters, alarms and topics of that log group live in its account and were not read.",
        "Set LogGroupAccountRoleName",
        "aws iam create-role --role-name {role_name} --assume-role-policy-document file://trust.json  "
        "# in account {account_id}; then name the role in the rule's parameter LogGroupAccountRoleName",
        disproves=False,
    ),
    _k(
        F.LOG_GROUP_ROLE_NOT_ASSUMABLE,
        "Role {subject} cannot be assumed",
        "What lies in that account can only be read through that role.",
        "Create the role or repair its trust policy",
        "aws iam get-role --role-name {role_name}",
        disproves=False,
    ),
    _k(
        F.NO_METRIC_FILTER,
        "Log group {subject} has no metric filter for the event",
        "Nothing turns the event into a metric, so no alarm can see it.",
        "Create the metric filter",
        _PUT_METRIC_FILTER,
    ),
    _k(
        F.PATTERN_MISSES_EVENT,
        "Metric filter {subject} misses the event",
        "Events that the pattern does not match never reach the alarm.",
        "Add a second filter to its metric",
        _PUT_SECOND_METRIC_FILTER,
    ),
    _k(
        F.PATTERN_UNDECIDED,
        "Metric filter {subject} cannot be proved to match",
        "AWS does not document how this pattern behaves, and a verdict may not rest on a guess.",
        "Add a filter with the control's own pattern, and its alarm",
        _PUT_FILTER_AND_ALARM,
        disproves=False,
    ),
    _k(
        F.PATTERN_MATCHES_ROUTINE,
        "Metric filter {subject} also matches routine events",
        "Routine events keep the alarm in ALARM, and actions run only when the state changes, so nobody is told.",
        "Add a filter for the control alone, and its alarm",
        _PUT_FILTER_AND_ALARM,
    ),
    _k(
        F.FILTER_SELECTION_CRITERIA,
        "Metric filter {subject} drops events by account or Region",
        "Field selection criteria remove events before the pattern is tried.",
        "Add a filter without selection criteria, and its alarm",
        _PUT_FILTER_AND_ALARM,
    ),
    _k(
        F.FILTER_SELECTION_UNVERIFIED,
        "Metric filter {subject} may drop events by account or Region",
        "Its field selection criteria are not of the documented form, so it is not known which events they keep.",
        "Add a filter without selection criteria, and its alarm",
        _PUT_FILTER_AND_ALARM,
        disproves=False,
    ),
    _k(
        F.FILTER_ON_TRANSFORMED_LOGS,
        "Metric filter {subject} reads transformed events",
        "A transformer may rename or drop the fields that the pattern tests.",
        "Add a filter on the original events, and its alarm",
        _PUT_FILTER_AND_ALARM,
        disproves=False,
    ),
    _k(
        F.METRIC_VALUE,
        "Metric filter {subject} publishes no usable value",
        "One event must publish a value above zero that CloudWatch takes, or the alarm has nothing to compare.",
        "Add a filter with metric value 1, and its alarm",
        _PUT_FILTER_AND_ALARM,
    ),
    _k(
        F.METRIC_VALUE_UNVERIFIED,
        "Metric filter {subject} publishes a value that is not known",
        "A value that is taken from the event may be anything, or missing, and then nothing is published.",
        "Add a filter with metric value 1, and its alarm",
        _PUT_FILTER_AND_ALARM,
        disproves=False,
    ),
    _k(
        F.METRIC_DEFAULT_VALUE,
        "Metric filter {subject} publishes a default value",
        "A default value other than 0 is published for every quiet minute and looks like an event.",
        "Add a filter without a default value, and its alarm",
        _PUT_FILTER_AND_ALARM,
    ),
    _k(
        F.METRIC_DIMENSIONS,
        "Metric filter {subject} publishes with dimensions",
        "Every value of a dimension is a metric of its own; an alarm sees only one of them.",
        "Add a filter without dimensions, and its alarm",
        _PUT_FILTER_AND_ALARM,
    ),
    _k(
        F.METRIC_SPOILED,
        "Metric filter {subject} shares its metric with another filter that spoils it",
        "Values from elsewhere keep the alarm on or hold it down.",
        "Add a filter with a metric of its own, and its alarm",
        _PUT_FILTER_AND_ALARM,
    ),
    _k(
        F.METRIC_SHARING_UNVERIFIED,
        "Metric filter {subject} shares its metric with another filter that may spoil it",
        "Nobody knows what the other filter publishes: what an application logs, or what its pattern matches.",
        "Add a filter with a metric of its own, and its alarm",
        _PUT_FILTER_AND_ALARM,
        disproves=False,
    ),
    _k(
        F.NO_ALARM,
        "No alarm watches metric {subject}",
        "The event becomes a metric that nobody looks at.",
        "Create the alarm",
        _PUT_METRIC_ALARM,
    ),
    _k(
        F.ALARM_ON_ANOTHER_METRIC,
        "Alarm {subject} watches another metric",
        "Namespace, name, dimensions and unit must all be those of the filter's metric.",
        "Add an alarm on the filter's metric",
        _PUT_METRIC_ALARM,
    ),
    _k(
        F.ALARM_NEVER_FIRES,
        "Alarm {subject} does not fire on one event",
        "One event is enough to do harm, so one event must be enough to raise the alarm. An alarm that waits for "
        "several tells of a burst of them and of no single one.",
        "Add an alarm with Sum >= 1 over 300 s, 1 of 1",
        _PUT_METRIC_ALARM,
    ),
    _k(
        F.ALARM_ALWAYS_ON,
        "Alarm {subject} is in ALARM without an event",
        "Actions run only when the state changes: an alarm that is already on tells nobody anything.",
        "Add an alarm with Sum >= 1 and missing data notBreaching",
        _PUT_METRIC_ALARM,
    ),
    _k(
        F.ALARM_DOES_NOT_REARM,
        "Alarm {subject} stays in ALARM after an event",
        "Until it returns to OK, further events go unnoticed.",
        "Add an alarm with a shorter period",
        _PUT_METRIC_ALARM,
    ),
    _k(
        F.ALARM_UNPROVABLE,
        "Alarm {subject} cannot be proved to fire",
        "Its expression, model or query does not show what one event does.",
        "Add a plain Sum >= 1 alarm",
        _PUT_METRIC_ALARM,
        disproves=False,
    ),
    _k(
        F.ALARM_EVALUATION_ERROR,
        "Alarm {subject} cannot be evaluated by CloudWatch",
        "CloudWatch itself reports that the alarm is misconfigured.",
        "Repair the alarm",
        _LOOK_AT_ALARM,
    ),
    _k(
        F.ALARM_WARMING_UP,
        "Alarm {subject} is warming up",
        "During its warm-up an alarm runs no actions.",
        "Add an alarm without a warm-up",
        _PUT_METRIC_ALARM,
    ),
    _k(
        F.ALARM_ACTIONS_DISABLED,
        "Alarm {subject} has its actions disabled",
        "The alarm changes state and tells nobody.",
        "Enable its actions",
        "aws cloudwatch enable-alarm-actions --region {region} --alarm-names {notifying_alarm_name}",
    ),
    _k(
        F.ALARM_NO_TOPIC,
        "Alarm {subject} notifies no SNS topic",
        "Only an SNS topic in the alarm's AlarmActions is known to reach a person.",
        "Add an alarm that notifies a topic",
        _PUT_METRIC_ALARM,
    ),
    _k(
        F.ALARM_MUTED,
        "Alarm {subject} is muted",
        "A muted alarm runs no actions, and does not catch up unless it is still in ALARM when the mute ends.",
        "Add an alarm that no mute rule names",
        _PUT_METRIC_ALARM,
    ),
    _k(
        F.ALARM_MUTE_UNVERIFIED,
        "It cannot be verified when alarm {subject} is muted",
        "The schedule of a mute rule is not one that is known to pass once.",
        "Add an alarm that no mute rule names",
        _PUT_METRIC_ALARM,
        disproves=False,
    ),
    _k(
        F.ALARM_ACTION_FAILED,
        "Alarm {subject} failed to reach its topic last time",
        "CloudWatch recorded that its latest notification failed. Repairing the topic does not change that record; the "
        "alarm's next notification does.",
        "Repair the topic, then send a test with aws cloudwatch set-alarm-state",
        "aws cloudwatch set-alarm-state --region {region} --alarm-name {alarm_name} --state-value ALARM "
        "--state-reason 'Test of the notification'  # once the topic is repaired: the alarm goes to ALARM, runs its "
        "alarm actions, so that everybody whom it notifies gets a test message, and soon returns to its real state",
    ),
    _k(
        F.COMPOSITE_UNPROVABLE,
        "Composite alarm {subject} cannot be proved to fire",
        "Its rule depends on other alarms as well.",
        "Add a metric alarm that notifies the topic itself",
        _PUT_METRIC_ALARM,
        disproves=False,
    ),
    _k(
        F.COMPOSITE_HELD,
        "Composite alarm {subject} is in ALARM without its child",
        "A composite that is already in ALARM does not change state, so it tells nobody.",
        "Add a metric alarm that notifies the topic itself",
        _PUT_METRIC_ALARM,
    ),
    _k(
        F.COMPOSITE_SUPPRESSED,
        "Composite alarm {subject} has an actions suppressor",
        "While the suppressor is in ALARM a short alarm vanishes.",
        "Add a metric alarm that notifies the topic itself",
        _PUT_METRIC_ALARM,
    ),
    _k(
        F.TOPIC_NOT_ACCEPTED,
        "Topic {subject} is not one of TopicArns",
        "The rule's parameter TopicArns says which topics count.",
        "Add an alarm that notifies an accepted topic, or add this one to TopicArns",
        _PUT_METRIC_ALARM,
    ),
    _k(
        F.TOPIC_MISSING,
        "Topic {subject} does not exist",
        "CloudWatch does not check that an action's target exists.",
        "Create the topic and subscribe to it",
        "aws sns create-topic --region {topic_region} --name {topic_name}",
    ),
    _k(
        F.TOPIC_IN_ANOTHER_REGION,
        "Topic {subject} lies in another Region than its alarm",
        "An alarm can only notify a topic in its own Region.",
        "Use a topic in the alarm's Region",
        _PUT_METRIC_ALARM.replace("{topic_arn}", "{topic_arn_in_that_region}"),
    ),
    _k(
        F.TOPIC_POLICY_DENIES_ALARM,
        "Topic {subject} does not let the alarm publish",
        "A replaced topic policy silently loses the right of the account's alarms to publish.",
        "Allow cloudwatch.amazonaws.com in its policy",
        _TOPIC_POLICY,
    ),
    _k(
        F.TOPIC_POLICY_UNVERIFIED,
        "Topic {subject} cannot be proved to let the alarm publish",
        "Its policy has a condition whose outcome is not known.",
        "Allow cloudwatch.amazonaws.com in its policy",
        _TOPIC_POLICY,
        disproves=False,
    ),
    _k(
        F.TOPIC_KEY_DENIES_ALARM,
        "Topic {subject} is encrypted with a key that the alarm may not use",
        "Only a customer managed, symmetric key that is enabled can admit CloudWatch.",
        "Use a customer managed key that admits CloudWatch",
        "aws sns set-topic-attributes --region {topic_region} --topic-arn {topic_arn} --attribute-name KmsMasterKeyId "
        "--attribute-value {customer_key_arn}  # replaces {key_id}",
    ),
    _k(
        F.TOPIC_KEY_POLICY_DENIES_ALARM,
        "Topic {subject} is encrypted with a key whose policy leaves the alarm out",
        "CloudWatch needs kms:GenerateDataKey* and kms:Decrypt in the policy of a customer managed key.",
        "Admit cloudwatch.amazonaws.com in the key's policy",
        _KEY_POLICY,
    ),
    _k(
        F.TOPIC_KEY_UNVERIFIED,
        "Topic {subject} is encrypted with a key that cannot be verified",
        "The key's policy has a condition whose outcome is not known, or could not be read.",
        "Admit cloudwatch.amazonaws.com in the key's policy",
        _KEY_POLICY,
        disproves=False,
    ),
    _k(
        F.TOPIC_FIFO_UNVERIFIED,
        "FIFO topic {subject} cannot be proved to take the alarm's message",
        "CloudWatch's documentation names no deduplication id, which such a topic needs.",
        "Turn on content-based deduplication",
        "aws sns set-topic-attributes --region {topic_region} --topic-arn {topic_arn} "
        "--attribute-name ContentBasedDeduplication --attribute-value true",
        disproves=False,
    ),
    _k(
        F.TOPIC_MESSAGE_SIZE,
        "Topic {subject} takes no message of the alarm's size",
        "SNS refuses a message that is larger than the topic's MaximumMessageSize.",
        "Raise the topic's MaximumMessageSize",
        _MESSAGE_SIZE,
    ),
    _k(
        F.TOPIC_MESSAGE_SIZE_UNVERIFIED,
        "Topic {subject} cannot be proved to take a message of the alarm's size",
        "SNS refuses a message that is larger than the topic's MaximumMessageSize, and the alarm's may be larger.",
        "Raise the topic's MaximumMessageSize",
        _MESSAGE_SIZE,
        disproves=False,
    ),
    _k(
        F.NO_SUBSCRIPTION,
        "Topic {subject} has no subscription",
        "The alarm notifies a topic that nobody listens to.",
        "Subscribe somebody and have them confirm",
        _SUBSCRIBE,
    ),
    _k(
        F.SUBSCRIPTION_PENDING,
        "Topic {subject} has no confirmed subscription",
        "SNS delivers nothing until the subscriber confirms.",
        "Confirm it with the link in the e-mail",
        _SUBSCRIBE,
    ),
    _k(
        F.SUBSCRIPTION_FILTERED,
        "Topic {subject} drops the alarm's message",
        "Every confirmed subscription has a filter policy that the message does not pass.",
        "Subscribe somebody without a filter policy",
        _SUBSCRIBE,
    ),
    _k(
        F.SUBSCRIPTION_FILTER_UNVERIFIED,
        "Topic {subject} cannot be proved to hand over the alarm's message",
        "The subscription's filter policy tests something whose value is not known in advance.",
        "Subscribe somebody without a filter policy",
        _SUBSCRIBE,
        disproves=False,
    ),
    _k(
        F.QUEUE_MISSING,
        "Queue {subject} does not exist",
        "A subscription stays when its queue is deleted, and what the topic sends to it is lost.",
        "Subscribe a queue that exists, or a person",
        "aws sqs create-queue --region {endpoint_region} --queue-name {queue_name}",
    ),
    _k(
        F.QUEUE_DENIES_TOPIC,
        "Queue {subject} does not let the topic send to it",
        "SNS confirms a queue of the same owner without asking it; without a policy the queue takes nothing.",
        "Allow sns.amazonaws.com in the queue's policy",
        "aws sqs set-queue-attributes --region {endpoint_region} --queue-url {queue_url} --attributes "
        "{queue_attributes}  # {policy_change}",
    ),
    _k(
        F.QUEUE_KEY_DENIES_TOPIC,
        "Queue {subject} is encrypted with a key that SNS may not use",
        "Only a customer managed, symmetric key that is enabled can admit SNS.",
        "Use a customer managed key that admits SNS",
        "aws sqs set-queue-attributes --region {endpoint_region} --queue-url {queue_url} --attributes "
        "KmsMasterKeyId={customer_key_arn}  # replaces {key_id}",
    ),
    _k(
        F.QUEUE_KEY_POLICY_DENIES_TOPIC,
        "Queue {subject} is encrypted with a key whose policy leaves SNS out",
        "SNS needs kms:GenerateDataKey* and kms:Decrypt in the policy of a customer managed key.",
        "Admit sns.amazonaws.com in the key's policy",
        _KEY_POLICY.replace("{topic_region}", "{endpoint_region}"),
    ),
    _k(
        F.FUNCTION_DENIES_TOPIC,
        "Function {subject} does not let the topic invoke it",
        "SNS confirms a function of the same owner without asking it; without a permission it invokes nothing.",
        "Let sns.amazonaws.com invoke the function",
        "aws lambda add-permission --region {endpoint_region} --function-name {function_arn} "
        "--statement-id ConfigChangesAlarm --action lambda:InvokeFunction --principal {principal} "
        "--source-arn {topic_arn}",
    ),
    _k(
        F.ENDPOINT_UNVERIFIED,
        "Endpoint {subject} cannot be proved to get the alarm's message",
        "The policy or the key of the subscribed queue or function has a condition whose outcome is not known, the "
        "queue may not take a message of that size, or delivery between these Regions is not documented.",
        "Subscribe somebody by e-mail too",
        _SUBSCRIBE,
        disproves=False,
    ),
)

CATALOGUE: Mapping[FindingId, Kind] = {kind.id: kind for kind in _KINDS}
"""Every kind of finding, in the order of the chain."""
