"""Laws of what is not known: less knowledge never proves more, and never disproves anything."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from config_changes_alarm.assessment import Compliance

from .plans import Document, Edit, a_plan, an_unknown_bucket, judged, known_after_apply, planned, without

TYPES = ("cloudtrail", "cloudwatch", "sns", "kms", "sqs", "lambda")
BUCKET = "aws_s3_bucket.somewhere.id"


def _attributes(name: str) -> Iterator[tuple[str, str]]:
    """Every attribute of every resource of the chain, known or not."""
    for change in a_plan(name)["resource_changes"]:
        if change["mode"] == "managed" and change["type"].split("_")[1] in TYPES:
            for attribute in sorted(change["change"]["after"].keys() | change["change"]["after_unknown"].keys()):
                yield change["address"], attribute


def _is_of_the_root(address: str) -> bool:
    return not address.startswith("module.")


UNKNOWN = [
    (name, address, attribute)
    for name in ("complete", "endpoints", "math_and_composite")
    for address, attribute in _attributes(name)
    if _is_of_the_root(address)
]


@pytest.mark.parametrize(("name", "address", "attribute"), UNKNOWN, ids=["-".join(each) for each in UNKNOWN])
def test_what_is_not_known_disproves_nothing(name: str, address: str, attribute: str) -> None:
    made = judged(a_plan(name, an_unknown_bucket, known_after_apply(address, attribute, BUCKET)))
    assert made.assessment.compliance is Compliance.COMPLIANT or not made.assessment.disproved


BREAKS: dict[str, Edit] = {
    "complete": without("aws_sns_topic_subscription.security"),
    "endpoints": without("aws_sqs_queue_policy.alarms", "aws_lambda_permission.topic"),
    "math_and_composite": planned("aws_cloudwatch_composite_alarm.any", actions_enabled=False),
}


@pytest.mark.parametrize(("name", "address", "attribute"), UNKNOWN, ids=["-".join(each) for each in UNKNOWN])
def test_what_is_not_known_proves_nothing(name: str, address: str, attribute: str) -> None:
    document = a_plan(name, an_unknown_bucket, BREAKS[name])
    if any(change["address"] == address for change in document["resource_changes"]):
        known_after_apply(address, attribute, BUCKET)(document)
    assert judged(document).assessment.compliance is Compliance.NON_COMPLIANT


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
