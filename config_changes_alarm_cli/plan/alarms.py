"""A plan's alarms, as CloudWatch would answer about them: never yet in ALARM, as new ones are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from config_changes_alarm.resources import (
    AlarmListing,
    CompositeAlarm,
    EvaluationWindow,
    Metric,
    MetricAlarm,
    MetricDataQuery,
    MetricStat,
)

from .attributes import TOPICS, Attributes, Kinds, Unknown
from .document import Plan, Resource
from .unplanned import Unplanned, unknown

__all__ = ["PlannedAlarms", "alarms_of"]

_RIVALS = (
    "aws_autoscaling_policy",
    "aws_appautoscaling_policy",
    "aws_lambda_alias",
    "aws_lambda_function",
    "aws_ssmincidents_response_plan",
)
"""What an alarm may act on besides topics (CloudWatch user guide, "Alarm actions")."""
_METRICS: Kinds = {"aws_cloudwatch_log_metric_filter": "id"}
"""A metric filter's id is its name. Modules that give its metric the same name take it for the metric's."""
_DECISIVE = (
    "actions_enabled", "statistic", "extended_statistic", "period", "unit", "evaluation_periods",
    "datapoints_to_alarm", "threshold", "threshold_metric_id", "comparison_operator", "treat_missing_data",
    "metric_query", "dimensions",
)  # fmt: skip
"""What decides whether an alarm fires."""


@dataclass(frozen=True, slots=True)
class PlannedAlarms:
    """The alarms that are known, and why others are not: of these nobody knows what they watch or when they fire.

    `unknown_topics` are the ARNs that stand for actions that are not known.
    """

    listing: AlarmListing
    unknown: tuple[Unplanned, ...]
    unknown_topics: Mapping[str, Unplanned]
    addresses: Mapping[str, str]


def alarms_of(plan: Plan, attributes: Attributes, is_published: Callable[[str, str], bool]) -> PlannedAlarms:
    """`is_published` says whether a metric filter may publish to a metric. Raises `UnknownPlace`."""
    unknown_topics: dict[str, Unplanned] = {}
    resources = (*plan.of_type("aws_cloudwatch_metric_alarm"), *plan.of_type("aws_cloudwatch_composite_alarm"))
    made = [(each, _alarm(attributes, each, unknown_topics)) for each in resources]
    made = [(each, alarm) for each, alarm in made if not isinstance(alarm, Unplanned) or _may_watch(each, is_published)]
    return PlannedAlarms(
        AlarmListing(
            tuple(alarm for _, alarm in made if isinstance(alarm, MetricAlarm)),
            tuple(alarm for _, alarm in made if isinstance(alarm, CompositeAlarm)),
        ),
        (*(alarm for _, alarm in made if isinstance(alarm, Unplanned)), *_unnamed(attributes, resources)),
        unknown_topics,
        {alarm.alarm_arn: each.address for each, alarm in made if not isinstance(alarm, Unplanned)},
    )


def _unnamed(attributes: Attributes, resources: Sequence[Resource]) -> Sequence[Unplanned]:
    """The alarms whose names are not known, where composite alarms may name them in their rules."""
    if all(each.type == "aws_cloudwatch_metric_alarm" for each in resources):
        return ()
    unnamed = [each for each in resources if attributes.is_unknown(each, "alarm_name")]
    return [unknown(Unknown(each.address, "alarm_name"), each.address) for each in unnamed]


def _may_watch(resource: Resource, is_published: Callable[[str, str], bool]) -> bool:
    """Whether an alarm that is not wholly known may watch what a metric filter publishes.

    Dimensions are seldom known of instances that are not there yet; namespace and name tell enough.
    """
    if resource.type != "aws_cloudwatch_metric_alarm" or resource.unknown.get("metric_query") is True:
        return True
    queries: Sequence[Mapping[str, Any]] = resource.values.get("metric_query") or ()
    metrics = [metric for query in queries for metric in query.get("metric") or ()] or [resource.values]
    names = [(each.get("namespace"), each.get("metric_name")) for each in metrics]
    return not all(namespace and name and not is_published(namespace, name) for namespace, name in names)


def _alarm(
    attributes: Attributes, resource: Resource, unknown_topics: dict[str, Unplanned]
) -> MetricAlarm | CompositeAlarm | Unplanned:
    attributes.assume(resource, "no mute rule silences it, and it is not in ALARM already")
    if resource.type == "aws_cloudwatch_composite_alarm":
        return _composite(attributes, resource, unknown_topics)
    unclear = [attributes.setting(resource, name) for name in _DECISIVE]
    unclear.append(attributes.choice(resource, "evaluate_low_sample_count_percentiles"))
    namespace, name = attributes.setting(resource, "namespace"), _metric_name(attributes, resource)
    told = next((each for each in (*unclear, namespace, name) if isinstance(each, Unknown)), None)
    if told is not None:
        return unknown(told, resource.address)
    planned = resource.values
    criteria = "evaluation_criteria"
    return MetricAlarm(
        alarm_name=attributes.identity(resource, "alarm_name"),
        alarm_arn=attributes.identity(resource),
        actions_enabled=planned.get("actions_enabled") is not False,
        alarm_actions=_actions(attributes, resource, unknown_topics),
        ok_actions=tuple(planned.get("ok_actions") or ()),
        insufficient_data_actions=tuple(planned.get("insufficient_data_actions") or ()),
        metric=Metric(str(namespace), str(name), _dimensions(planned.get("dimensions") or {})) if name else None,
        statistic=_text(planned, "statistic") or _text(planned, "extended_statistic"),
        period=_whole(planned.get("period")),
        unit=_text(planned, "unit"),
        evaluation_periods=_whole(planned.get("evaluation_periods")),
        datapoints_to_alarm=_whole(planned.get("datapoints_to_alarm")),
        threshold=None if planned.get("threshold") is None else float(planned["threshold"]),
        comparison_operator=_text(planned, "comparison_operator"),
        treat_missing_data=_text(planned, "treat_missing_data"),
        evaluate_low_sample_count_percentile=_text(planned, "evaluate_low_sample_count_percentiles"),
        metrics=tuple(map(_query, planned.get("metric_query") or ())),
        threshold_metric_id=planned.get("threshold_metric_id") or None,
        evaluation_window=_window(planned),
        evaluation_interval=_whole(planned.get("evaluation_interval")),
        has_evaluation_criteria=bool(planned.get(criteria) or resource.unknown.get(criteria)),
    )


def _metric_name(attributes: Attributes, resource: Resource) -> str | Unknown | None:
    """Its metric's name; or that of the filter whose id it is, where its metric has no other name."""
    if not attributes.is_unknown(resource, "metric_name"):
        value = resource.values.get("metric_name")
        return None if value in (None, "") else str(value)
    origin = attributes.maker(resource, "metric_name", _METRICS)
    if isinstance(origin, Unknown):
        return origin
    name = origin.values.get("name")
    return name if isinstance(name, str) else Unknown(origin.address, "name")


def _actions(attributes: Attributes, resource: Resource, unknown_topics: dict[str, Unplanned]) -> tuple[str, ...]:
    """The alarm's actions; a topic that stands for them where they are not known."""
    actions = attributes.links(resource, "alarm_actions", TOPICS, _RIVALS)
    if not isinstance(actions, Unknown):
        return actions
    place = attributes.places.of_resource(resource)
    name = f"known-after-apply/{resource.address}".replace(":", "_")
    stand_in = f"arn:{attributes.places.partition}:sns:{place.region}:{place.account_id}:{name}"
    unknown_topics[stand_in] = unknown(actions, resource.address)
    return (stand_in,)


def _composite(
    attributes: Attributes, resource: Resource, unknown_topics: dict[str, Unplanned]
) -> CompositeAlarm | Unplanned:
    settings = [attributes.setting(resource, name) for name in ("alarm_rule", "actions_enabled", "actions_suppressor")]
    told = next((each for each in settings if isinstance(each, Unknown)), None)
    if told is not None:
        return unknown(told, resource.address)
    suppressors: Sequence[Mapping[str, Any]] = resource.values.get("actions_suppressor") or ()
    return CompositeAlarm(
        alarm_name=attributes.identity(resource, "alarm_name"),
        alarm_arn=attributes.identity(resource),
        alarm_rule=str(resource.values.get("alarm_rule") or ""),
        actions_enabled=resource.values.get("actions_enabled") is not False,
        alarm_actions=_actions(attributes, resource, unknown_topics),
        actions_suppressor=next((str(each.get("alarm")) for each in suppressors), None),
    )


def _query(planned: Mapping[str, Any]) -> MetricDataQuery:
    """Terraform's `return_data` is false where it is not given, AWS's true: the provider sends Terraform's."""
    metric = next(iter(planned.get("metric") or ()), None)
    return MetricDataQuery(
        id=str(planned.get("id")),
        metric_stat=None if metric is None else _stat(metric),
        expression=planned.get("expression") or None,
        period=_whole(planned.get("period")),
        return_data=planned.get("return_data") is True,
        account_id=planned.get("account_id") or None,
    )


def _stat(planned: Mapping[str, Any]) -> MetricStat:
    metric = Metric(
        str(planned.get("namespace") or ""),
        str(planned.get("metric_name")),
        _dimensions(planned.get("dimensions") or {}),
    )
    return MetricStat(metric, _whole(planned.get("period")) or 0, str(planned.get("stat")), planned.get("unit") or None)


def _dimensions(planned: Mapping[str, Any]) -> frozenset[tuple[str, str]]:
    return frozenset((name, str(value)) for name, value in planned.items())


def _window(planned: Mapping[str, Any]) -> EvaluationWindow:
    return EvaluationWindow.OTHER if planned.get("evaluation_window") else EvaluationWindow.SLIDING


def _text(planned: Mapping[str, Any], name: str) -> str | None:
    """A word; the provider has none as null or as an empty one."""
    value = planned.get(name)
    return None if value in (None, "") else str(value)


def _whole(value: Any) -> int | None:
    """A number, or the digits that version 5 of the provider takes too; 0 is none."""
    return int(value) if value not in (None, "", 0) else None
