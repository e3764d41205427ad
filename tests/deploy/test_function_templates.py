"""What every function brings along: what companies demand of it, and what watches it."""

from __future__ import annotations

import json

import pytest

from .test_templates import WITH_A_ROLE, stack


@pytest.mark.parametrize("name", ["single-account", "organization"])
def test_runtime_processor_and_all_that_companies_demand_are_parameters(name: str) -> None:
    resources = stack(name)["Resources"]
    function, log, role = (resources[each]["Properties"] for each in ("Function", "LogGroup", "Role"))
    assert (function["Runtime"], function["Architectures"]) == ({"Ref": "Runtime"}, [{"Ref": "Architecture"}])
    assert function["ReservedConcurrentExecutions"]["Fn::If"][1] == {"Ref": "ReservedConcurrency"}
    assert log["KmsKeyId"]["Fn::If"][1] == {"Ref": "LogGroupKeyArn"}
    assert max(stack(name)["Parameters"]["LogRetentionInDays"]["AllowedValues"]) == 3653  # ten years
    assert (role["Path"], role["PermissionsBoundary"]["Fn::If"][1]) == (
        {"Ref": "RolePath"},
        {"Ref": "PermissionsBoundaryArn"},
    )


@pytest.mark.parametrize("name", WITH_A_ROLE)
def test_every_role_can_be_bounded(name: str) -> None:
    assert (
        stack(name)["Resources"]["Role"]["Properties"]["PermissionsBoundary"]["Fn::If"][0] == "HasPermissionsBoundary"
    )


WATCHING = {"FailedEvaluations", "MissingEvaluations", "ThrottledEvaluations", "DroppedEvaluations", "LastEvaluations"}


def test_what_watches_the_rule_comes_with_every_way_of_deploying() -> None:
    alone = stack("alarms")["Resources"]
    assert set(alone) == WATCHING
    for name in ("single-account", "organization"):
        resources = stack(name)["Resources"]
        for each in WATCHING - {"LastEvaluations"}:
            named = json.dumps(resources[each]).replace('{"Ref": "Function"}', '{"Ref": "RuleName"}')
            assert json.loads(named) == alone[each]


def test_a_new_alarm_on_missing_evaluations_tells_nobody_before_there_was_a_first_one() -> None:
    """It is made in INSUFFICIENT_DATA, stays there while there is nothing, and acts on changes alone."""
    alarm = stack("alarms")["Resources"]["MissingEvaluations"]["Properties"]
    assert (alarm["TreatMissingData"], "OKActions" in alarm) == ("missing", False)
    assert "FILL" not in alarm["Metrics"][0]["Expression"], "filled gaps would be evaluations that failed"
    assert alarm["InsufficientDataActions"] == alarm["AlarmActions"]


def test_no_alarm_says_that_evaluations_stop_with_the_recorder() -> None:
    """AWS Config developer guide, "Evaluating resources": periodic rules go on while the recorder is off."""
    descriptions = " ".join(
        each["Properties"]["AlarmDescription"]
        for each in stack("alarms")["Resources"].values()
        if "AlarmDescription" in each["Properties"]
    )
    assert "Is AWS Config on" not in descriptions
    assert "Rules evaluate also while the recorder is off" in descriptions
