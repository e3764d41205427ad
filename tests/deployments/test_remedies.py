"""The commands that are printed mend this control, and leave every other one of the deployment as it was."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache

import pytest
from awscli.clidriver import CLIDriver, create_clidriver
from config_changes_alarm.assessment import Assessment, Compliance
from config_changes_alarm.findings import finding
from config_changes_alarm.requirement import Requirement

from demo.embedded_aws import EmbeddedAws

from ..fake_account import FakeAccount
from .breaks import BREAKS, Break
from .carrying_out import ADMITTING_KEY, carried_out
from .commands import calls_of, command_lines, decided
from .deployment import Deployment, deployments
from .embedding import an_admitting_key, build, observed, one_embedded_aws, opened
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


def remedies_of(found: Assessment, account: FakeAccount) -> list[str]:
    """Every command of the report, the first finding's first."""
    assert found.compliance is Compliance.NON_COMPLIANT
    return [decided(finding(reason).remedy, decisions(account)) for reason in found.reasons]


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
    first, *more = remedies_of(found(Requirement.parse()), account)
    after = carried_out(account, calls_of(first))
    assert mended(found(Requirement.parse()), assessing(after.opened())(Requirement.parse())), first
    told = covered(others_of(deployment), found)
    for remedy in (first, *more):
        after = carried_out(account, calls_of(remedy))
        assert harm(account, after, remedy, of_the_control(deployment.account())) == [], remedy
        assert lost(told, covered(told, assessing(after.opened()))) == [], remedy


# --------------------------------------------------------------------------- on the embedded AWS


@pytest.fixture(scope="module")
def running() -> Iterator[EmbeddedAws]:
    with one_embedded_aws() as aws:
        yield aws


@cache
def _command_line_interface() -> CLIDriver:
    return create_clidriver()


def run(aws: EmbeddedAws, remedy: str) -> None:
    """Carries the commands out with the real CLI; whoever is asked to confirm a subscription does."""
    interface = _command_line_interface()
    for line in command_lines(remedy):
        assert interface.main([*line, "--endpoint-url", aws.endpoint]) == 0, line
    aws.confirm("person@example.com")


@pytest.mark.parametrize(("deployment", "broken"), REMEDIES, ids=IDS)
def test_all_carried_out_on_the_embedded_aws_they_do_the_same(
    running: EmbeddedAws, deployment: Deployment, broken: Break | None
) -> None:
    account = broken_account(deployment, broken)
    running.empty()
    build(running, account)
    before, found = observed(account), assessing(opened())
    told = covered(others_of(deployment), found)
    remedies = remedies_of(found(Requirement.parse()), account)
    remedy = "\n".join(remedies).replace(ADMITTING_KEY, an_admitting_key())
    run(running, remedy)
    after, mended_account = observed(account), assessing(opened())
    assert set(after.filters) == set(carried_out(before, calls_of(remedy)).filters)
    assert harm(before, after, remedy, of_the_control(deployment.account())) == [], remedy
    assert mended(found(Requirement.parse()), mended_account(Requirement.parse())), remedy
    assert lost(told, covered(told, mended_account)) == [], remedy
