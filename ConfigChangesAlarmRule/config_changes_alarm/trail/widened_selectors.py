"""A trail's event selectors with more, for the command that puts them: PutEventSelectors replaces them all.

Sources: CloudTrail API reference, PutEventSelectors and DataResource; user guide, "Understanding CloudTrail events".
Selectors are alternatives, so that more of them take nothing away. Selectors of the other kind would replace those
that are there, so that none are proposed. A trail without any records all management events, and has to go on so.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from ..resources import AdvancedEventSelector, DataResource, EventSelector, EventSelectors

__all__ = ["widened"]

_MOST = 5
"""So many basic event selectors a trail may have (CloudTrail user guide, quotas)."""


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
_OF_BASIC = {
    "AWS::DynamoDB::Table": "dynamodb",
    "AWS::Lambda::Function": "lambda",
    "AWS::S3::Object": "s3",
}
"""The types that basic event selectors take, with the service in the ARN that stands for every resource of the type."""


def widened(
    selectors: EventSelectors, management: bool, sources: Sequence[str | None], partition: str
) -> tuple[tuple[str, str], ...]:
    """The facts for the command that adds all that is missing: management events, and data events by their service.

    All at once, because a second command would take away what the first has added. None where it takes another kind of
    selectors, there is no room, or a service's resources are not known.
    """
    kinds = [_RESOURCE_TYPES.get(each or "") for each in dict.fromkeys(sources)]
    known = [kind for kind in kinds if kind is not None]
    if len(known) < len(kinds):
        return ()
    if selectors.advanced_event_selectors:
        added = [_MANAGEMENT] * management + [_of_data(kind) for kind in known]
        return _facts("--advanced-event-selectors", [*map(_advanced, selectors.advanced_event_selectors), *added])
    basic = list(selectors.event_selectors) or [EventSelector()] * (not management)
    basic += [EventSelector()] * management
    if known:
        every = (DataResource(kind, (f"arn:{partition}:{_OF_BASIC.get(kind)}",)) for kind in known)
        basic.append(EventSelector(include_management_events=False, data_resources=tuple(every)))
    if len(basic) > _MOST or not set(known) <= _OF_BASIC.keys():
        return ()
    return _facts("--event-selectors", [_basic(each) for each in basic])


_MANAGEMENT: dict[str, Any] = {"FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}]}


def _of_data(kind: str) -> dict[str, Any]:
    of_kind = [{"Field": "eventCategory", "Equals": ["Data"]}, {"Field": "resources.type", "Equals": [kind]}]
    return {"FieldSelectors": of_kind}


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
