"""A plan's trails, log groups and metric filters, as AWS would answer about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from config_changes_alarm.resources import (
    EventSelectors,
    LogGroup,
    LogGroupId,
    MalformedAnswer,
    MalformedArn,
    MetricFilter,
    MetricTransformation,
    Trail,
    TrailStatus,
)

from .attributes import LOG_GROUPS, Attributes, Unknown, any_unknown
from .document import Plan, Resource
from .unplanned import Unplanned, unknown

__all__ = ["PlannedTrail", "UnknownFilter", "log_groups_of", "metric_filters_of", "trails_of"]

_ALL_OF = {
    "AWS::S3::Object": "arn:aws:s3",
    "AWS::Lambda::Function": "arn:aws:lambda",
    "AWS::DynamoDB::Table": "arn:aws:dynamodb",
}
"""How a basic event selector names all resources of a type (CloudTrail API reference, DataResource)."""
_LOG_GROUP_NAMES = {"aws_cloudwatch_log_group": "name"}


@dataclass(frozen=True, slots=True)
class PlannedTrail:
    """A trail with what AWS would say of it; `log_group` says why where it is not known which one it fills."""

    address: str
    trail: Trail
    status: TrailStatus | Unplanned
    selectors: EventSelectors | Unplanned
    log_group: Unplanned | None


@dataclass(frozen=True, slots=True)
class UnknownFilter:
    """A metric filter that is not wholly known. What of its log group and its metrics is not known is None."""

    log_group: LogGroupId | None
    metrics: tuple[tuple[str | None, str | None], ...]
    why: Unplanned

    def may_publish_to(self, namespace: str, name: str) -> bool:
        """Whether its metric may be of that name."""
        return any(each[0] in (None, namespace) and each[1] in (None, name) for each in self.metrics)


def trails_of(plan: Plan, attributes: Attributes, now: datetime) -> tuple[PlannedTrail, ...]:
    """The trails of the plan. That one delivers is assumed: `now` it starts. Raises `UnknownPlace`."""
    return tuple(_trail(attributes, each, now) for each in plan.of_type("aws_cloudtrail"))


def _trail(attributes: Attributes, resource: Resource, now: datetime) -> PlannedTrail:
    arn = attributes.identity(resource)
    settings = {
        name: attributes.setting(resource, name)
        for name in ("is_multi_region_trail", "is_organization_trail", "enable_logging")
    }
    unclear = next((each for each in settings.values() if isinstance(each, Unknown)), None)
    group = attributes.link(resource, "cloud_watch_logs_group_arn", LOG_GROUPS)
    trail = Trail(
        name=attributes.identity(resource, "name"),
        trail_arn=arn,
        home_region=str(resource.values.get("home_region") or attributes.places.of_resource(resource).region),
        is_multi_region_trail=settings["is_multi_region_trail"] not in (None, False),
        is_organization_trail=settings["is_organization_trail"] is True,
        cloud_watch_logs_log_group_arn=_unknown_group(attributes, resource)
        if isinstance(group, Unknown)
        else group or None,
    )
    status = TrailStatus(is_logging=settings["enable_logging"] is not False, start_logging_time=now)
    attributes.assume(resource, "it is allowed to deliver to its log group and its bucket, and does")
    return PlannedTrail(
        resource.address,
        trail,
        status if unclear is None else unknown(unclear, arn),
        _selectors(resource, arn),
        unknown(group, arn) if isinstance(group, Unknown) else None,
    )


def _unknown_group(attributes: Attributes, resource: Resource) -> str:
    """The ARN of a log group that stands for the one that is not known."""
    place = attributes.places.of_resource(resource)
    name = f"known-after-apply/{resource.address}".replace(":", "_")
    return f"arn:{attributes.places.partition}:logs:{place.region}:{place.account_id}:log-group:{name}"


def _selectors(resource: Resource, arn: str) -> EventSelectors | Unplanned:
    basic = [_basic(*each) for each in _with_unknown(resource, "event_selector")]
    advanced = [_advanced(*each) for each in _with_unknown(resource, "advanced_event_selector")]
    for name, selectors in (("event_selector", basic), ("advanced_event_selector", advanced)):
        if None in selectors or resource.unknown.get(name) is True:
            return unknown(Unknown(resource.address, name), arn)
    try:
        return EventSelectors.from_api({"EventSelectors": basic, "AdvancedEventSelectors": advanced})
    except MalformedAnswer as error:
        return unknown(f"advanced_event_selector of {resource.address} is malformed: {error}", arn)


def _with_unknown(resource: Resource, name: str) -> Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """The blocks of that name, each with what of it is not known."""
    planned = resource.values.get(name) or ()
    unknowns = resource.unknown.get(name)
    listed = unknowns if isinstance(unknowns, list) and len(unknowns) == len(planned) else [{}] * len(planned)
    return list(zip(planned, listed, strict=True))


def _basic(planned: Mapping[str, Any], unknowns: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """As the API spells it. Data events whose resources are not known are taken to be those of all of them."""
    if any_unknown({**unknowns, "data_resource": False}):
        return None
    return {
        "ReadWriteType": planned.get("read_write_type") or "All",
        "IncludeManagementEvents": planned.get("include_management_events") is not False,
        "ExcludeManagementEventSources": list(planned.get("exclude_management_event_sources") or ()),
        "DataResources": [
            {"Type": each.get("type"), "Values": _data_values(each)} for each in planned.get("data_resource") or ()
        ],
    }


def _data_values(planned: Mapping[str, Any]) -> Sequence[str]:
    values = planned.get("values") or [None]
    return values if None not in values else [_ALL_OF.get(str(planned.get("type")), "arn:")]


def _advanced(planned: Mapping[str, Any], unknowns: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """As the API spells it. A field that is not known is left out, so that more is recorded, unless it is about
    management events, of which nothing may be added.
    """
    fields: Sequence[Mapping[str, Any]] = planned.get("field_selector") or ()
    told = unknowns.get("field_selector")
    listed = told if isinstance(told, list) and len(told) == len(fields) else [told] * len(fields)
    known = [each for each, unclear in zip(fields, listed, strict=True) if not any_unknown(unclear)]
    management = any(
        each.get("field") == "eventCategory" and "Management" in (each.get("equals") or ()) for each in known
    )
    if not known or (management and len(known) < len(fields)):
        return None
    operators = ("equals", "starts_with", "ends_with", "not_equals", "not_starts_with", "not_ends_with")
    return {
        "Name": planned.get("name") or None,
        "FieldSelectors": [
            {"Field": each.get("field"), **{_in_api(name): list(each.get(name) or ()) for name in operators}}
            for each in known
        ],
    }


def _in_api(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))


def log_groups_of(plan: Plan, attributes: Attributes) -> Mapping[LogGroupId, LogGroup | Unplanned]:
    """The log groups of the plan, and those that it reads. Raises `UnknownPlace`."""
    found: dict[LogGroupId, LogGroup | Unplanned] = {}
    read = (each for each in plan.resources.values() if each.mode == "data" and each.type in LOG_GROUPS)
    for each in (*plan.of_type(*LOG_GROUPS), *read):
        try:
            identity = LogGroupId.parse(attributes.identity(each))
        except MalformedArn:
            continue
        told = attributes.choice(each, "log_group_class")
        found[identity] = unknown(told, each.address) if isinstance(told, Unknown) else LogGroup(identity, told or None)
    return found


def metric_filters_of(plan: Plan, attributes: Attributes) -> tuple[tuple[MetricFilter, str] | UnknownFilter, ...]:
    """The metric filters of the plan, each with its address. Raises `UnknownPlace`."""
    return tuple(_metric_filter(attributes, each) for each in plan.of_type("aws_cloudwatch_log_metric_filter"))


def _metric_filter(attributes: Attributes, resource: Resource) -> tuple[MetricFilter, str] | UnknownFilter:
    place = attributes.places.of_resource(resource)
    group = attributes.link(resource, "log_group_name", _LOG_GROUP_NAMES)
    known = not isinstance(group, Unknown)
    log_group = LogGroupId(attributes.places.partition, place.account_id, place.region, str(group)) if known else None
    settings = ("pattern", "apply_on_transformed_logs", "field_selection_criteria", "metric_transformation")
    unclear = [group, *(attributes.setting(resource, name) for name in settings)]
    why = next((each for each in unclear if isinstance(each, Unknown)), None)
    transformations: Sequence[Mapping[str, Any]] = resource.values.get("metric_transformation") or ()
    if why is not None or log_group is None:
        metrics = [(each.get("namespace"), each.get("name")) for each in transformations] or [(None, None)]
        return UnknownFilter(log_group, tuple(metrics), unknown(why, resource.address))
    made = MetricFilter(
        filter_name=attributes.identity(resource, "name"),
        filter_pattern=str(resource.values.get("pattern") or ""),
        log_group=log_group,
        metric_transformations=tuple(map(_transformation, transformations)),
        apply_on_transformed_logs=resource.values.get("apply_on_transformed_logs") is True,
        field_selection_criteria=resource.values.get("field_selection_criteria") or None,
        emit_system_field_dimensions=tuple(resource.values.get("emit_system_field_dimensions") or ()),
    )
    return made, resource.address


def _transformation(planned: Mapping[str, Any]) -> MetricTransformation:
    """Terraform has the default value as text, empty for none."""
    default = planned.get("default_value")
    return MetricTransformation(
        metric_name=str(planned.get("name")),
        metric_namespace=str(planned.get("namespace")),
        metric_value=str(planned.get("value")),
        default_value=None if default in (None, "") else float(default),
        unit=planned.get("unit") or None,
        dimensions=tuple(sorted((planned.get("dimensions") or {}).items())),
    )
