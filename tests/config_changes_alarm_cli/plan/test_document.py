"""What is read as a plan, and what is said of everything else."""

from __future__ import annotations

import json
from typing import Any

import pytest

from config_changes_alarm_cli.plan import MalformedPlan, read_plan

from .plans import Document, a_plan

_STRANGE = "its resources are not written as Terraform writes them"
_GIVE = ": give what `terraform show -json PLAN` prints"


def _with(**members: Any) -> bytes:
    return json.dumps({**a_plan("alarms_only"), **members}).encode()


def _without(*members: str) -> bytes:
    document = a_plan("alarms_only")
    return json.dumps({name: value for name, value in document.items() if name not in members}).encode()


NO_PLANS: tuple[tuple[str, bytes, str], ...] = (
    ("nothing", b"", f"it is empty{_GIVE}"),
    ("white space", b" \n", f"it is empty{_GIVE}"),
    ("a saved plan", b"PK\x03\x04tfplan", f"it is a plan as Terraform saves it{_GIVE}"),
    ("no text", b"\x89PNG\xff", f"it is no text{_GIVE}"),
    ("the plan for people", b"Terraform will perform the following actions:", f"it is no JSON{_GIVE}"),
    (
        "the log of a plan", b'{"@level":"info","@message":"Terraform 1.11.4"}\n{"@level":"info"}\n',
        f"it is the log that `terraform plan -json` prints{_GIVE}",
    ),
    ("a list", b"[]", f"it is no plan{_GIVE}"),
    ("another object", b"{}", f"it has no format_version{_GIVE}"),
    (
        "the state as JSON", b'{"format_version":"1.0","values":{"root_module":{}}}',
        f"it is a state, which says what is there and not what would be{_GIVE}",
    ),
    (
        "a state file", b'{"version":4,"lineage":"0","resources":[]}',
        f"it is a state, which says what is there and not what would be{_GIVE}",
    ),
    ("a format to come", _with(format_version="2.0"), "its format version is 2.0, this program reads 1.x"),
    ("a plan that failed", _with(errored=True), "the plan is one that failed half-way: plan again"),
    ("changes alone", _without("planned_values"), f"it has no planned values, only a part of a plan{_GIVE}"),
    ("no configuration", _without("configuration"), f"it has no configuration, only a part of a plan{_GIVE}"),
    ("changes of something else", _with(resource_changes=[1]), f"{_STRANGE}{_GIVE}"),
    ("planned values of something else", _with(planned_values={"root_module": {"resources": [{}]}}),
     f"{_STRANGE}{_GIVE}"),
)  # fmt: skip


@pytest.mark.parametrize(("content", "sentence"), [each[1:] for each in NO_PLANS], ids=[each[0] for each in NO_PLANS])
def test_what_is_no_plan_is_told_in_a_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(MalformedPlan) as error:
        read_plan(content)
    assert str(error.value) == sentence


@pytest.mark.parametrize("version", ["0.1", "0.2", "1.0", "1.2", "1.99"])
def test_minor_versions_only_add(version: str) -> None:
    assert read_plan(_with(format_version=version, something_new={}))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_what_a_windows_shell_redirects_is_read_too(encoding: str) -> None:
    assert (
        read_plan(json.dumps(a_plan()).encode(encoding)).resources.keys()
        == read_plan(_plain(a_plan())).resources.keys()
    )


def test_resources_of_modules_are_known_by_their_addresses() -> None:
    plan = read_plan(_plain(a_plan("baseline_modules")))
    alarm = plan.resources["module.alarms.aws_cloudwatch_metric_alarm.config_changes[0]"]
    assert (alarm.module, alarm.type, alarm.index, alarm.is_new) == (
        "module.alarms", "aws_cloudwatch_metric_alarm", 0, True,
    )  # fmt: skip
    assert "alarm_actions" not in alarm.values
    assert alarm.unknown["alarm_actions"] is True


def test_what_is_deleted_is_no_resource_of_the_plan() -> None:
    document = a_plan()
    gone = {"address": "aws_sns_topic.old", "mode": "managed", "type": "aws_sns_topic", "name": "old"}
    document["resource_changes"].append(
        {**gone, "change": {"actions": ["delete"], "before": {"name": "old"}, "after": None, "after_unknown": {}}}
    )
    plan = read_plan(_plain(document))
    assert "aws_sns_topic.old" not in plan.resources
    assert [each.values for each in plan.deleted] == [{"name": "old"}]


def _plain(document: Document) -> bytes:
    return json.dumps(document).encode()
