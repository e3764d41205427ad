"""Laws of what is not known: less knowledge never proves more, and never disproves anything."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

import pytest
from config_changes_alarm.assessment import Compliance

from .plans import Document, Edit, a_plan, an_unknown_bucket, judged, known_after_apply, planned, without

TYPES = ("cloudtrail", "cloudwatch", "sns", "kms", "sqs", "lambda")
BUCKET = "aws_s3_bucket.somewhere.id"


def _attributes(name: str) -> Iterator[tuple[str, Sequence[str]]]:
    """Every resource of the chain with every attribute that it has, known or not."""
    for change in a_plan(name)["resource_changes"]:
        if change["mode"] == "managed" and change["type"].split("_")[1] in TYPES:
            yield change["address"], sorted(change["change"]["after"].keys() | change["change"]["after_unknown"].keys())


RESOURCES = [
    (name, address, attributes)
    for name in ("complete", "endpoints", "math_and_composite")
    for address, attributes in _attributes(name)
]
IDS = [f"{name}-{address}" for name, address, _ in RESOURCES]


@pytest.mark.parametrize(("name", "address", "attributes"), RESOURCES, ids=IDS)
def test_what_is_not_known_disproves_nothing(name: str, address: str, attributes: Sequence[str]) -> None:
    for attribute in attributes:
        made = judged(a_plan(name, an_unknown_bucket, known_after_apply(address, attribute, BUCKET)))
        assert made.assessment.compliance is Compliance.COMPLIANT or not made.assessment.disproved, attribute


BREAKS: dict[str, Edit] = {
    "complete": without("aws_sns_topic_subscription.security"),
    "endpoints": without("aws_sqs_queue_policy.alarms", "aws_lambda_permission.topic"),
    "math_and_composite": planned("aws_cloudwatch_composite_alarm.any", actions_enabled=False),
}


@pytest.mark.parametrize(("name", "address", "attributes"), RESOURCES, ids=IDS)
def test_what_is_not_known_proves_nothing(name: str, address: str, attributes: Sequence[str]) -> None:
    for attribute in attributes:
        document = a_plan(name, an_unknown_bucket, known_after_apply(address, attribute, BUCKET), BREAKS[name])
        assert judged(document).assessment.compliance is Compliance.NON_COMPLIANT, attribute


def _all_unknown(document: Document) -> None:
    """Nothing of any resource is known, as if everything came from somewhere else."""
    for change in document["resource_changes"]:
        named = change["change"]["after"].keys() | change["change"]["after_unknown"].keys()
        change["change"]["after_unknown"] = dict.fromkeys(named, True)
        change["change"]["after"] = {}
    for resource in document["planned_values"]["root_module"]["resources"]:
        resource["values"] = {}


@pytest.mark.parametrize("name", ["complete", "endpoints", "math_and_composite", "two_topics", "alarms_only"])
def test_a_plan_of_which_nothing_is_known_says_nothing(name: str) -> None:
    made = judged(json.loads(json.dumps(a_plan(name, _all_unknown))))
    assert made.assessment.compliance is Compliance.NON_COMPLIANT
    assert not made.assessment.disproved
