"""A trail's event selectors with one more, for the command that puts them: PutEventSelectors replaces them all.

Sources: CloudTrail API reference, PutEventSelectors and DataResource; user guide, "Understanding CloudTrail events".
Selectors are alternatives, so that one more takes nothing away. Selectors of the other kind would replace those that
are there, so that none are proposed.
"""

from __future__ import annotations

import json
from typing import Any

from ..resources import AdvancedEventSelector, DataResource, EventSelector, EventSelectors

__all__ = ["with_data_events", "with_management_events"]

_MOST = 5
"""So many basic event selectors a trail may have (CloudTrail user guide, quotas)."""


def with_management_events(selectors: EventSelectors) -> tuple[tuple[str, str], ...]:
    """The facts for the command; none where there is no room for one more."""
    basic, advanced = selectors.event_selectors, selectors.advanced_event_selectors
    if advanced:
        management = {"FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}]}
        return _facts("--advanced-event-selectors", [*map(_advanced, advanced), management])
    if len(basic) == _MOST:
        return ()
    return _facts("--event-selectors", [*map(_basic, basic), _basic(EventSelector())])


_RESOURCE_TYPES = {
    "cloudtrail-data.amazonaws.com": "AWS::CloudTrail::Channel",
    "dynamodb.amazonaws.com": "AWS::DynamoDB::Table",
    "ec2-instance-connect.amazonaws.com": "AWS::EC2::InstanceConnectEndpoint",
    "ecs.amazonaws.com": "AWS::ECS::ContainerInstance",
    "events.amazonaws.com": "AWS::Events::EventBus",
    "guardduty.amazonaws.com": "AWS::GuardDuty::Detector",
    "kinesis.amazonaws.com": "AWS::Kinesis::Stream",
    "lambda.amazonaws.com": "AWS::Lambda::Function",
    "logs.amazonaws.com": "AWS::Logs::LogGroupAuthorization",
    "monitoring.amazonaws.com": "AWS::CloudWatch::Metric",
    "s3.amazonaws.com": "AWS::S3::Object",
    "sns.amazonaws.com": "AWS::SNS::Topic",
    "sqs.amazonaws.com": "AWS::SQS::Queue",
    "ssm.amazonaws.com": "AWS::SSM::ManagedNode",
}
"""The type of the resources whose data events a service makes, where it is nearly always the same one."""
_OF_BASIC_SELECTORS = {
    "AWS::DynamoDB::Table": "dynamodb",
    "AWS::Lambda::Function": "lambda",
    "AWS::S3::Object": "s3",
}
"""The types that basic event selectors take, with the service in the ARN that stands for every resource of the type."""


def with_data_events(selectors: EventSelectors, source: str | None, partition: str) -> tuple[tuple[str, str], ...]:
    """The same with the data events of a service; none where it takes another kind of selectors, or nothing is known.

    A trail without selectors records all management events, and has to go on doing so.
    """
    kind = _RESOURCE_TYPES.get(source or "")
    basic, advanced = selectors.event_selectors, selectors.advanced_event_selectors
    if kind is None:
        return ()
    if advanced:
        of_kind = [{"Field": "eventCategory", "Equals": ["Data"]}, {"Field": "resources.type", "Equals": [kind]}]
        return _facts("--advanced-event-selectors", [*map(_advanced, advanced), {"FieldSelectors": of_kind}])
    if kind not in _OF_BASIC_SELECTORS or len(basic) == _MOST:
        return ()
    every = DataResource(kind, (f"arn:{partition}:{_OF_BASIC_SELECTORS[kind]}",))
    added = EventSelector(include_management_events=False, data_resources=(every,))
    return _facts("--event-selectors", [*map(_basic, basic or (EventSelector(),)), _basic(added)])


def _facts(option: str, selectors: list[dict[str, Any]]) -> tuple[tuple[str, str], ...]:
    return (("selectors_option", option), ("selectors", json.dumps(selectors, separators=(",", ":"))))


def _basic(selector: EventSelector) -> dict[str, Any]:
    made: dict[str, Any] = {
        "ReadWriteType": selector.read_write_type,
        "IncludeManagementEvents": selector.include_management_events,
        "DataResources": [{"Type": each.type, "Values": list(each.values)} for each in selector.data_resources],
    }
    excluded = list(selector.exclude_management_event_sources)
    return {**made, "ExcludeManagementEventSources": excluded} if excluded else made


def _advanced(selector: AdvancedEventSelector) -> dict[str, Any]:
    named = {} if selector.name is None else {"Name": selector.name}
    fields = []
    for field in selector.field_selectors:
        operators = {
            "Equals": field.equals,
            "StartsWith": field.starts_with,
            "EndsWith": field.ends_with,
            "NotEquals": field.not_equals,
            "NotStartsWith": field.not_starts_with,
            "NotEndsWith": field.not_ends_with,
        }
        fields.append({"Field": field.field, **{name: list(values) for name, values in operators.items() if values}})
    return {**named, "FieldSelectors": fields}
