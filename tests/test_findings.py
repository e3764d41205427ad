"""Every finding has its words, an example that leads to it, and commands that the AWS CLI understands."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore import xform_name
from config_changes_alarm.account import NotFound, Unreadable
from config_changes_alarm.chain import Assessment, Compliance, assess
from config_changes_alarm.finding_examples import EXAMPLES, Answers, page
from config_changes_alarm.findings import CATALOGUE, FindingId, Reason, finding
from config_changes_alarm.requirement import Requirement
from config_changes_alarm.resources import LogGroup, LogGroupId, MetricFilter

from .delivery.fake_account import NOW, OTHER, OWN, FakeAccount, compliant_answers

ROOT = Path(__file__).parents[1]


def test_every_kind_is_in_the_catalogue_and_has_an_example_in_the_chains_order() -> None:
    assert list(CATALOGUE) == list(EXAMPLES) == list(FindingId)


@pytest.mark.parametrize("kind", FindingId)
def test_a_finding_names_its_subject_and_says_what_to_do(kind: FindingId) -> None:
    told = finding(Reason(kind, "the-subject", "the detail"))
    assert told.summary.endswith(": the detail")
    assert told.step
    assert told.remedy


def test_a_remedy_has_the_accounts_own_names_quoted_for_the_shell() -> None:
    facts = (("alarm_name", "it's mine"), ("region", "eu-west-1"))
    told = finding(Reason(FindingId.ALARM_ACTIONS_DISABLED, "it's mine", "", facts))
    assert told.remedy == ("aws cloudwatch enable-alarm-actions --region eu-west-1 --alarm-names 'it'\"'\"'s mine'")


def test_the_page_is_made_from_the_catalogue_and_the_examples() -> None:
    assert (ROOT / "docs/findings.md").read_text() == page()


# --------------------------------------------------------------------------- the examples


class ExampleAccount(FakeAccount):
    """Whose role in the other account may be refused: then nothing there can be read."""

    def _elsewhere(self, log_group: LogGroupId) -> Unreadable | None:
        if log_group.account_id == OWN or "sts:AssumeRole" not in self.refusals:
            return None
        role = f"arn:aws:iam::{OTHER}:role/config-changes-reader"
        return Unreadable("sts:AssumeRole", self.refusals["sts:AssumeRole"], role)

    def log_group(self, log_group: LogGroupId) -> LogGroup | NotFound | Unreadable:
        return self._elsewhere(log_group) or super().log_group(log_group)

    def metric_filters(self, log_group: LogGroupId) -> tuple[MetricFilter, ...] | NotFound | Unreadable:
        return self._elsewhere(log_group) or super().metric_filters(log_group)


def laid_over(value: Any, change: Any) -> Any:
    """Members over members and elements over elements; None removes, an empty list empties."""
    if isinstance(change, dict):
        merged = dict(value) if isinstance(value, dict) else {}
        for name, each in change.items():
            merged[name] = laid_over(merged.get(name), each)
        return {name: each for name, each in merged.items() if each is not None}
    if isinstance(change, list) and change and isinstance(value, list):
        both = [laid_over(had, each) for had, each in zip(value, change, strict=False)]
        return both + change[len(value) :]
    return change


def assessed(example: Answers) -> Assessment:
    answers = compliant_answers()
    for operation, change in example.items():
        answers[operation] = None if change is None else laid_over(answers.get(operation), change)
    account = ExampleAccount.of(answers)
    return assess(account, Requirement.parse(dict(example.get("RuleParameters", {}))), NOW)


@pytest.mark.parametrize("kind", FindingId)
def test_the_example_leads_to_its_finding_before_and_to_none_after(kind: FindingId) -> None:
    example = EXAMPLES[kind]
    before, after = assessed(example.before), assessed(example.after)
    assert before.compliance is Compliance.NON_COMPLIANT
    assert before.reasons[0].id is kind
    assert (after.compliance, after.reasons) == (Compliance.COMPLIANT, ())


# --------------------------------------------------------------------------- the commands

PLACEHOLDERS = {
    FindingId.CANNOT_READ: {"<role-of-the-rule>"},
    FindingId.NO_TRAIL: {"<trail-name>", "<bucket>", "<log-group-arn>", "<role-arn>"},
    FindingId.TRAIL_NO_LOG_GROUP: {"<log-group-arn>", "<role-arn>"},
    FindingId.LOG_GROUP_CLASS: {"<new-log-group-name>"},
    FindingId.LOG_GROUP_IN_ANOTHER_ACCOUNT: {"<role-name>"},
    FindingId.METRIC_SPOILED: {"<new-metric-name>"},
    FindingId.NO_ALARM: {"<topic-arn>"},
    FindingId.ALARM_NO_TOPIC: {"<topic-arn>"},
    FindingId.TOPIC_IN_ANOTHER_REGION: {"<topic-arn-in-that-region>"},
    FindingId.TOPIC_KEY_DENIES_ALARM: {"<customer-key-arn>"},
    FindingId.NO_SUBSCRIPTION: {"<endpoint>"},
}
"""What the person who follows the remedy has to decide; everything else is known and filled in."""


def command(kind: FindingId) -> str:
    return finding(assessed(EXAMPLES[kind].before).reasons[0]).remedy


@pytest.mark.parametrize("kind", FindingId)
def test_a_remedy_asks_only_for_what_the_account_cannot_tell(kind: FindingId) -> None:
    assert set(re.findall(r"<[a-z-]+>", command(kind))) == PLACEHOLDERS.get(kind, set())


@pytest.mark.parametrize("kind", FindingId)
def test_the_aws_cli_knows_the_command_and_every_option(kind: FindingId) -> None:
    program, service, operation, *words = shlex.split(command(kind), comments=True)
    assert program == "aws"
    model = botocore.session.get_session().get_service_model({"logs": "logs"}.get(service, service))
    names = {xform_name(name, "-"): name for name in model.operation_names}
    shape = model.operation_model(names[operation]).input_shape
    assert shape is not None
    members = {xform_name(name, "-"): name for name in shape.members}
    options = {word[2:] for word in words if word.startswith("--")}
    known = {*members, *(f"no-{name}" for name in members), "region", "query", "notification-endpoint", "max-records"}
    assert options <= known
    required = {xform_name(name, "-") for name in shape.required_members}
    assert required <= options
