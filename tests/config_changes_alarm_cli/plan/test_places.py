"""In which account and Region the plan's resources lie, and what is asked where it does not say so."""

from __future__ import annotations

from typing import Any

import pytest
from config_changes_alarm.assessment import Compliance

from config_changes_alarm_cli.plan import Told, UnknownPlace

from .plans import Document, Edit, a_plan, judged, planned


def _provider(name: str, **expressions: Any) -> Edit:
    def edit(document: Document) -> None:
        provider = document["configuration"]["provider_config"][name]
        provider["expressions"] = {**provider["expressions"], **expressions}

    return edit


def _home(*edits: Edit, name: str = "complete", **told: Any) -> tuple[str, str]:
    assessment = judged(a_plan(name, *edits), told=Told(**told)).assessment
    return assessment.account_id, assessment.region


def _variables(**values: str) -> Edit:
    def edit(document: Document) -> None:
        document["variables"] = {name: {"value": value} for name, value in values.items()}

    return edit


def test_the_account_is_what_aws_has_told_the_provider() -> None:
    assert _home() == ("123456789012", "eu-west-1")


def test_the_region_may_be_a_variable() -> None:
    assert _home(name="alarms_only") == ("123456789012", "eu-west-1")
    assert (
        _home(_provider("aws", region={"references": ["var.where"]}), _variables(where="eu-north-1"))[1] == "eu-north-1"
    )


def test_version_6_of_the_provider_says_the_region_of_each_resource() -> None:
    virginia = planned("aws_sns_topic.security", region="us-east-1")
    reasons = judged(a_plan("policy_as_json", virginia)).assessment.reasons
    assert str(reasons[0].id) == "topic-in-another-region"


def test_a_region_that_nobody_says_is_asked_for() -> None:
    unsaid = _provider("aws", region={"references": ["local.region"]})
    with pytest.raises(UnknownPlace) as error:
        _home(unsaid)
    assert str(error.value) == "the plan does not say its Region: give --region, such as --region eu-west-1"
    assert _home(unsaid, regions={"aws": "eu-west-3"})[1] == "eu-west-3"
    assert _home(unsaid, environment="eu-west-2")[1] == "eu-west-2"


def test_a_provider_that_a_module_configures_itself_is_not_the_root_s() -> None:
    def within(document: Document) -> None:
        document["configuration"]["provider_config"]["module.x:aws"] = {"module_address": "module.x", "expressions": {}}
        for block in document["configuration"]["root_module"]["resources"]:
            block["provider_config_key"] = "module.x:aws"

    with pytest.raises(UnknownPlace, match=r"provider module\.x:aws: give --region module\.x:aws=REGION"):
        judged(a_plan("policy_as_json", within))
    judged(a_plan("policy_as_json", within), told=Told(regions={"module.x:aws": "eu-west-1"}))


def test_what_the_plan_says_goes_before_what_is_said_of_it() -> None:
    """A configuration file and the environment say the Region that is evaluated, which need not be the plan's."""
    assert _home(regions={"aws": "eu-west-3"}, accounts={"aws": "999988887777"}) == ("123456789012", "eu-west-1")


def test_so_is_the_region_of_another_provider() -> None:
    unsaid = _provider("aws.virginia", region={"references": ["local.region"]})
    with pytest.raises(UnknownPlace) as error:
        judged(a_plan("two_regions", unsaid))
    assert str(error.value) == (
        "the plan does not say the Region of provider aws.virginia: give --region aws.virginia=REGION"
    )
    made = judged(a_plan("two_regions", unsaid), told=Told(regions={"aws.virginia": "eu-west-1"}))
    assert made.assessment.compliance is Compliance.COMPLIANT


def test_a_provider_with_a_role_works_in_the_account_of_the_role() -> None:
    role = {"role_arn": {"constant_value": "arn:aws:iam::999988887777:role/terraform"}}
    near = _provider("aws.virginia", region={"constant_value": "eu-west-1"}, assume_role=[role])
    reasons = judged(a_plan("two_regions", near)).assessment.reasons
    assert str(reasons[0].id) == "topic-policy-denies-alarm"


def test_the_account_of_a_provider_with_credentials_of_its_own_is_asked_for() -> None:
    unsaid = _provider(
        "aws.virginia",
        region={"constant_value": "eu-west-1"},
        assume_role=[{"role_arn": {"references": ["local.role"]}}],
    )
    with pytest.raises(UnknownPlace) as error:
        judged(a_plan("two_regions", unsaid))
    assert (
        str(error.value) == "the plan does not say the account of provider aws.virginia: give --account aws.virginia=ID"
    )
    made = judged(a_plan("two_regions", unsaid), told=Told(accounts={"aws.virginia": "123456789012"}))
    assert made.assessment.compliance is Compliance.COMPLIANT


def test_an_account_that_nobody_says_is_one_that_stands_for_it() -> None:
    made = judged(a_plan("alarms_only", planned("aws_cloudwatch_metric_alarm.config", alarm_actions=[])))
    assert made.assessment.account_id == "111122223333"
    assert any("111122223333, which stands for it" in each.text for each in made.assumed)


def test_the_partition_is_that_of_the_region() -> None:
    made = judged(a_plan("controls_module", _provider("aws", region={"constant_value": "us-gov-west-1"})))
    arns = [dict(step.facts).get("arn", "") for chain in made.assessment.chains for step in chain.steps]
    assert {arn.split(":")[1] for arn in arns if arn} == {"aws-us-gov"}


def test_opentofu_s_plans_are_the_same() -> None:
    def of_opentofu(document: Document) -> None:
        document["terraform_version"] = "1.10.6"
        for each in document["resource_changes"]:
            each["provider_name"] = f"opentofu.example/{each['provider_name']}"

    assert judged(a_plan("complete", of_opentofu)).assessment.compliance is Compliance.COMPLIANT
