"""What metric filters publish, for tests of the filters and of the alarms that watch them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from config_changes_alarm.metric_filter import Publication, Publishes, SharedMetric, Spoiled, publishes
from config_changes_alarm.resources import LogGroupId, MetricFilter

ACCOUNT = "111122223333"
LOG_GROUP = LogGroupId("aws", ACCOUNT, "us-east-1", "CloudTrail/logs")
ANOTHER_GROUP = LogGroupId("aws", ACCOUNT, "us-east-1", "CloudTrail/archive")
TRANSFORMATION = {"metricName": "ConfigChanges", "metricNamespace": "CIS", "metricValue": "1"}


def a_publication(**members: Any) -> Publication:
    answer = {
        "filterName": "config-changes",
        "filterPattern": "{ $.a = b }",
        "metricTransformations": [{**TRANSFORMATION, **members}],
    }
    published = publishes(MetricFilter.from_api(answer, LOG_GROUP), ACCOUNT)
    assert isinstance(published, Publishes)
    return published.publication


def beside(
    publication: Publication, transformations: Sequence[dict[str, Any]], log_group: LogGroupId = LOG_GROUP
) -> Publication:
    """The publication among those of other filters for the same metric, on the same log group or another one."""
    others = [
        MetricFilter.from_api(
            {
                "filterName": f"other-{number}",
                "filterPattern": "{ $.a = c }",
                "metricTransformations": [{**TRANSFORMATION, **members}],
            },
            log_group,
        )
        for number, members in enumerate(transformations)
    ]
    together = among(publication, *others)
    assert isinstance(together, Publication)
    return together


def among(publication: Publication, *filters: MetricFilter) -> Publication | Spoiled:
    """The publication among those of quiet filters."""
    return SharedMetric.of(publication.metric, filters, lambda _: None).around(publication)


def a_filter(transformation: dict[str, Any] | None = None, **members: Any) -> MetricFilter:
    answer = {
        "filterName": "config-changes",
        "filterPattern": "{ $.a = b }",
        "metricTransformations": [{**TRANSFORMATION, **(transformation or {})}],
        **members,
    }
    return MetricFilter.from_api(answer, LOG_GROUP)
