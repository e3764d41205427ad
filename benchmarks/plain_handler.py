"""What any rule of this kind costs: a handler of boto3 and rdklib alone that makes the same calls and decides nothing.

Written as such handlers are: one call after the other, clients from rdklib.
"""

from __future__ import annotations

from typing import Any

from rdklib import ComplianceType, ConfigRule, Evaluation, Evaluator


class PlainRule(ConfigRule):  # type: ignore[misc]  # rdklib has no types
    """Reads the chain of one trail, one filter, one alarm, one topic."""

    delete_old_evaluations_on_scheduled_notification = False

    def evaluate_periodic(
        self,
        event: dict[str, Any],
        client_factory: Any,
        valid_rule_parameters: object,  # noqa: ARG002 - rdklib passes it by position
    ) -> list[Evaluation]:
        """Reads, and says COMPLIANT."""
        cloudtrail, logs, cloudwatch, sns = map(
            client_factory.build_client, ("cloudtrail", "logs", "cloudwatch", "sns")
        )
        trail = cloudtrail.describe_trails()["trailList"][0]
        cloudtrail.get_trail_status(Name=trail["TrailARN"])
        cloudtrail.get_event_selectors(TrailName=trail["TrailARN"])
        group = trail["CloudWatchLogsLogGroupArn"].split(":")[6]
        logs.describe_log_groups(logGroupNamePrefix=group)
        found = logs.describe_metric_filters(logGroupName=group)["metricFilters"][0]["metricTransformations"][0]
        metric = {"metricNamespace": found["metricNamespace"], "metricName": found["metricName"]}
        logs.describe_metric_filters(**metric)
        alarm = cloudwatch.describe_alarms_for_metric(
            Namespace=metric["metricNamespace"], MetricName=metric["metricName"]
        )["MetricAlarms"][0]
        cloudwatch.list_alarm_mute_rules(AlarmName=alarm["AlarmName"])
        cloudwatch.describe_alarm_history(AlarmName=alarm["AlarmName"], HistoryItemType="Action")
        topic = alarm["AlarmActions"][0]
        sns.get_topic_attributes(TopicArn=topic)
        subscriptions = sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
        sns.get_subscription_attributes(SubscriptionArn=subscriptions[0]["SubscriptionArn"])
        return [Evaluation(ComplianceType.COMPLIANT, event["accountId"], "AWS::::Account")]


def lambda_handler(event: dict[str, Any], context: object) -> Any:
    """Entry point."""
    return Evaluator(PlainRule()).handle(event, context)
