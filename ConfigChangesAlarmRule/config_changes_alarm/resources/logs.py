"""What CloudWatch Logs says of log groups and metric filters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from .answers import Answer, flag, number, optional, required, structures, text, texts
from .names import LogGroupId

__all__ = ["LogGroup", "MetricFilter", "MetricTransformation"]


@dataclass(frozen=True, slots=True)
class LogGroup:
    """One element of DescribeLogGroups. `log_group_class` None means AWS did not say, which is STANDARD."""

    id: LogGroupId
    log_group_class: str | None = None

    @classmethod
    def from_api(cls, answer: Answer) -> Self:
        return cls(LogGroupId.parse(required(answer, "arn", str)), text(answer, "logGroupClass"))


@dataclass(frozen=True, slots=True)
class MetricTransformation:
    """What a metric filter publishes. `dimensions` maps a dimension's name to the selector that fills it."""

    metric_name: str
    metric_namespace: str
    metric_value: str
    default_value: float | None = None
    unit: str | None = None
    dimensions: tuple[tuple[str, str], ...] = ()

    @classmethod
    def from_api(cls, answer: Answer) -> Self:
        dimensions: Mapping[str, Any] = optional(answer, "dimensions", dict) or {}
        return cls(
            metric_name=required(answer, "metricName", str),
            metric_namespace=required(answer, "metricNamespace", str),
            metric_value=required(answer, "metricValue", str),
            default_value=number(answer, "defaultValue"),
            unit=text(answer, "unit"),
            dimensions=tuple(sorted((str(name), str(source)) for name, source in dimensions.items())),
        )


@dataclass(frozen=True, slots=True)
class MetricFilter:
    """One element of DescribeMetricFilters, with the log group's whole identity."""

    filter_name: str
    filter_pattern: str
    log_group: LogGroupId
    metric_transformations: tuple[MetricTransformation, ...]
    apply_on_transformed_logs: bool = False
    field_selection_criteria: str | None = None
    emit_system_field_dimensions: tuple[str, ...] = ()

    @classmethod
    def from_api(cls, answer: Answer, log_group: LogGroupId) -> Self:
        return cls(
            filter_name=required(answer, "filterName", str),
            filter_pattern=required(answer, "filterPattern", str),
            log_group=log_group,
            metric_transformations=tuple(
                MetricTransformation.from_api(each) for each in structures(answer, "metricTransformations")
            ),
            apply_on_transformed_logs=flag(answer, "applyOnTransformedLogs"),
            field_selection_criteria=text(answer, "fieldSelectionCriteria"),
            emit_system_field_dimensions=texts(answer, "emitSystemFieldDimensions"),
        )

    def publishes_to(self, metric_namespace: str, metric_name: str) -> bool:
        """Whether it publishes to a metric of that name, with whatever dimensions."""
        return (metric_namespace, metric_name) in self.metrics

    @property
    def metrics(self) -> tuple[tuple[str, str], ...]:
        """Namespace and name of each metric that it publishes to."""
        return tuple((each.metric_namespace, each.metric_name) for each in self.metric_transformations)

    @property
    def identity(self) -> tuple[LogGroupId, str]:
        """What tells it from every other filter."""
        return self.log_group, self.filter_name

    @property
    def names(self) -> dict[str, str]:
        """What the commands about the filter call it and its metric."""
        names = {
            "region": self.log_group.region,
            "log_group_arn": self.log_group.arn,
            "log_group_name": self.log_group.name,
            "filter_name": self.filter_name,
        }
        for transformation in self.metric_transformations[:1]:
            names |= {"namespace": transformation.metric_namespace, "metric_name": transformation.metric_name}
        return names
