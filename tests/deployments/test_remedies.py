"""The command that is printed mends this control, and leaves every other one of the deployment as it was."""

from __future__ import annotations

import os

import boto3
import pytest
from awscli.clidriver import create_clidriver
from config_changes_alarm.assessment import Assessment, Compliance
from config_changes_alarm.findings import finding
from config_changes_alarm.requirement import Requirement

from demo.embedded_aws import EmbeddedAws

from ..fake_account import FakeAccount
from .breaks import BREAKS, Break
from .carrying_out import ADMITTING, ADMITTING_KEY, carried_out
from .commands import calls_of, command_lines, decided
from .deployment import Deployment, deployments
from .embedding import build, observed, opened
from .remedies import assessing, covered, decisions, harm, lost, of_the_control

DEEP = bool(os.environ.get("DEEP"))
DEPLOYMENTS = deployments()
COMPLIANT = [each for each in DEPLOYMENTS if each.compliance == "COMPLIANT"]
ELSEWHERE = {
    "lza-healthcare-member": "a role in the management account",
    "schubergphilis": "the topic's policy in the audit account",
}
"""What the remedy of these concerns lies in another account."""

REMEDIES = [(each, None) for each in DEPLOYMENTS if each.compliance != "COMPLIANT" and each.name not in ELSEWHERE] + [
    (each, broken)
    for number, each in enumerate(COMPLIANT)
    for broken in (BREAKS if DEEP else (BREAKS[number % len(BREAKS)],))
]
"""Deployments as they are, or broken in one hop; not every pair, but every deployment and every break."""

IDS = [f"{each}, {broken or 'as it is'}" for each, broken in REMEDIES]


def others_of(deployment: Deployment) -> tuple[str, ...]:
    """Required patterns of its other controls: every fifth, the long runs all."""
    return deployment.other_patterns[:: 1 if DEEP else 5]


def broken_account(deployment: Deployment, broken: Break | None) -> FakeAccount:
    return deployment.account() if broken is None else broken.change(deployment.account())


def remedy_of(found: Assessment, account: FakeAccount) -> str:
    assert found.compliance is Compliance.NON_COMPLIANT
    return decided(finding(found.reasons[0]).remedy, decisions(account))


def mended(before: Assessment, after: Assessment) -> bool:
    """Whether the first finding is gone: the account is compliant, or the next link is what breaks."""
    first = before.reasons[0]
    return (first.id, first.subject) not in {(each.id, each.subject) for each in after.reasons[:1]}


@pytest.mark.parametrize(("deployment", "broken"), REMEDIES, ids=IDS)
def test_a_remedy_mends_the_control_and_leaves_the_others_as_they_were(
    deployment: Deployment, broken: Break | None
) -> None:
    account = broken_account(deployment, broken)
    found = assessing(account.opened())
    remedy = remedy_of(found(Requirement.parse()), account)
    after = carried_out(account, calls_of(remedy))
    assert harm(account, after, remedy, of_the_control(deployment.account())) == [], remedy
    assert mended(found(Requirement.parse()), assessing(after.opened())(Requirement.parse())), remedy
    told = covered(others_of(deployment), found)
    assert lost(told, covered(told, assessing(after.opened()))) == [], remedy


# --------------------------------------------------------------------------- on the embedded AWS

KINDS_OF_COMMANDS = (
    ("asr-as-deployed", None),
    ("observability-key", None),
    ("mitre", None),
    ("avishayil", "filter gone"),
    ("cis-text", "threshold 3"),
)
EMBEDDED = (
    REMEDIES
    if DEEP
    else [
        (each, next((one for one in BREAKS if one.words == words), None))
        for name, words in KINDS_OF_COMMANDS
        for each in DEPLOYMENTS
        if each.name == name
    ]
)
"""One of each kind of command; the long runs try all."""


def run(aws: EmbeddedAws, remedy: str) -> None:
    """Carries the commands out with the real CLI; whoever is asked to confirm a subscription does."""
    for line in command_lines(remedy):
        assert create_clidriver().main([*line, "--endpoint-url", aws.endpoint]) == 0, line
    aws.confirm("person@example.com")


@pytest.mark.parametrize(("deployment", "broken"), EMBEDDED, ids=[f"{each}, {broken}" for each, broken in EMBEDDED])
def test_carried_out_on_the_embedded_aws_it_does_the_same(
    aws: EmbeddedAws, deployment: Deployment, broken: Break | None
) -> None:
    account = broken_account(deployment, broken)
    build(aws, account)
    before, found = observed(account), assessing(opened())
    told = covered(others_of(deployment), found)
    key = boto3.client("kms").create_key(Policy=ADMITTING)["KeyMetadata"]["Arn"]
    remedy = remedy_of(found(Requirement.parse()), account).replace(ADMITTING_KEY, key)
    run(aws, remedy)
    after, mended_account = observed(account), assessing(opened())
    assert set(after.filters) == set(carried_out(before, calls_of(remedy)).filters)
    assert harm(before, after, remedy, of_the_control(deployment.account())) == [], remedy
    assert mended(found(Requirement.parse()), mended_account(Requirement.parse())), remedy
    assert lost(told, covered(told, mended_account)) == [], remedy
