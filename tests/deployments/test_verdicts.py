"""Real deployments get the verdict that is right, broken in turn they lose it, and the annotation names what broke."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from config_changes_alarm.assessment import Compliance
from config_changes_alarm.report import annotation

from .breaks import BREAKS, Break, filters_of_the_control
from .deployment import Deployment, assessed, deployments

DEPLOYMENTS = deployments()
SCHEMA = Path(__file__).with_name("deployment.schema.json")
COMPLIANT = [each for each in DEPLOYMENTS if each.compliance == "COMPLIANT"]


def test_there_are_as_many_as_were_collected() -> None:
    assert (len(DEPLOYMENTS), len(COMPLIANT)) == (37, 21)


@pytest.mark.parametrize("deployment", DEPLOYMENTS, ids=str)
def test_a_vector_is_as_its_schema_says(deployment: Deployment) -> None:
    jsonschema.validate(deployment.vector, json.loads(SCHEMA.read_text(encoding="utf-8")))


@pytest.mark.parametrize("deployment", DEPLOYMENTS, ids=str)
def test_a_deployment_gets_the_verdict_that_is_right_and_the_annotation_says_why(deployment: Deployment) -> None:
    found = assessed(deployment.account())
    told = annotation(found)
    assert (found.compliance, told) == (deployment.compliance, told)
    for words in deployment.vector["named"]:
        assert any(word.lower() in told.lower() for word in words), told


@pytest.mark.parametrize("deployment", COMPLIANT, ids=str)
def test_nobody_who_is_told_is_told_by_accident(deployment: Deployment) -> None:
    """A deployment whose verdict is COMPLIANT has a filter that was meant for the control: there is one to break."""
    assert deployment.vector["told"]
    assert filters_of_the_control(deployment.account())


HOPS = (
    "cloudtrail:DescribeTrails",
    "cloudtrail:GetTrailStatus",
    "cloudtrail:GetEventSelectors",
    "logs:DescribeLogGroups",
    "logs:DescribeMetricFilters",
    "cloudwatch:DescribeAlarmsForMetric",
    "cloudwatch:ListAlarmMuteRules",
    "cloudwatch:DescribeAlarmHistory",
    "sns:GetTopicAttributes",
    "sns:ListSubscriptionsByTopic",
    "sns:GetSubscriptionAttributes",
)


@pytest.mark.parametrize("deployment", COMPLIANT, ids=str)
def test_it_asks_one_thing_a_hop_and_of_a_function_only_where_nobody_else_is_told(deployment: Deployment) -> None:
    account = deployment.account()
    assessed(account)
    more = ["kms:DescribeKey"] * len(account.keys) + ["lambda:GetPolicy"] * len(account.functions)
    assert set(account.calls) == {*HOPS, *more}
    assert [account.calls.count(each) for each in more] == [1] * len(more)


OTHER_CONTROLS = {
    each["filterPattern"].replace(" ", ""): pytest.param(
        deployment, each["filterPattern"], id=f"{deployment}, {each['filterName']}"
    )
    for deployment in COMPLIANT
    if deployment.name != "cloudposse-policy"  # its topic's policy names two alarms
    for each in deployment.vector["other_controls"]
}
"""The filter pattern of every other control, each once, with a deployment that monitors it with that very pattern."""


@pytest.mark.parametrize(("deployment", "pattern"), OTHER_CONTROLS.values())
def test_what_a_filter_was_made_for_is_no_noise_to_it(deployment: Deployment, pattern: str) -> None:
    found = assessed(deployment.account(), RequiredFilterPattern=pattern)
    assert (found.compliance, pattern) == (Compliance.COMPLIANT, pattern), annotation(found)


@pytest.mark.parametrize("broken", BREAKS, ids=str)
@pytest.mark.parametrize("deployment", COMPLIANT, ids=str)
def test_broken_in_one_hop_it_is_not_compliant_and_the_annotation_names_it(
    deployment: Deployment, broken: Break
) -> None:
    account = deployment.account()
    found = assessed(broken.change(account))
    told = annotation(found)
    assert (found.compliance, told) == (Compliance.NON_COMPLIANT, told)
    assert found.reasons[0].id in broken.findings, told
    assert any(subject in told for subject in broken.subjects(account)), told
