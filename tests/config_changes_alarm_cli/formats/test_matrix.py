"""Several controls of one account at a glance, and several accounts: what a person sees last."""

from __future__ import annotations

from config_changes_alarm.chain import assess
from config_changes_alarm.control import control_ids
from config_changes_alarm.requirement import Requirement

from config_changes_alarm_cli.evaluation import Evaluated, NotEvaluated, Outcome
from config_changes_alarm_cli.formats.matrix import accounts_by_controls, controls_as_text, matrix_as_text
from config_changes_alarm_cli.formats.style import Style
from config_changes_alarm_cli.formats.summary import as_table
from tests.fake_account import NOW, FakeAccount, a_monitored_account

from .accounts import a_compliant_assessment, evaluated, not_applicable, not_verified, one_event_missed
from .golden import golden

SCREEN = 24


def _all_controls(account: FakeAccount, **parameters: str) -> list[Evaluated]:
    asked = [{"Control": control, **parameters} for control in control_ids()]
    return [evaluated(assess(account.opened(), Requirement.parse(each), NOW), **each) for each in asked]


def test_fifteen_controls_with_one_cause_fit_on_a_screen() -> None:
    text = matrix_as_text(_all_controls(FakeAccount()))
    golden("text/controls-of-an-empty-account.txt", text)
    assert text.count("No CloudTrail trail covers this Region") == 1
    assert len(text.splitlines()) <= SCREEN


def test_the_matrix_comes_last_and_its_totals_are_its_last_line() -> None:
    text = controls_as_text(_all_controls(a_monitored_account()))
    assert text.splitlines()[-1] == "1 COMPLIANT, 14 NON_COMPLIANT  account 123456789012, us-east-1"
    assert text.endswith(f"\n\n\n{matrix_as_text(_all_controls(a_monitored_account()))}")


def test_what_could_not_be_verified_is_not_red() -> None:
    text = matrix_as_text([evaluated(not_verified())], Style(colour=True))
    assert "\033[33m?\033[0m" in text
    assert "\033[1;33m1 NON_COMPLIANT\033[0m" in text
    assert "31m" not in text
    assert "✗" not in text


OUTCOMES: list[Outcome] = [
    evaluated(a_compliant_assessment(), "production"),
    evaluated(one_event_missed(), "staging"),
    evaluated(not_verified(), "denied"),
    evaluated(not_applicable(), "member"),
    NotEvaluated("shut", "444455556666", "eu-west-1", "sts:AssumeRole of AuditRole: AccessDenied"),
]


def test_accounts_and_accounts_by_controls() -> None:
    golden("text/accounts.txt", as_table(OUTCOMES))
    golden("text/accounts-by-controls.txt", accounts_by_controls(OUTCOMES))


def test_what_weakens_verdicts_is_told_once_in_every_summary() -> None:
    relaxed = _all_controls(a_monitored_account(), AllowRoutineMatches="true")
    for text in (matrix_as_text(relaxed), as_table(relaxed), accounts_by_controls(relaxed)):
        assert text.count("! Relaxed by AllowRoutineMatches=true:") == 1
    one = as_table([*relaxed[:1], evaluated(a_compliant_assessment())])
    assert "(123456789012 us-east-1 unauthorized-api-calls)" in " ".join(one.split())
