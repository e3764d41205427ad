"""Exceptions on purpose: whom and what they excuse, that they expire, and that no report is silent about them."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from config_changes_alarm.assessment import Compliance
from config_changes_alarm.filter_pattern import Answer, matches
from config_changes_alarm.report import annotation
from config_changes_alarm.requirement import Requirement

from config_changes_alarm_cli import main
from config_changes_alarm_cli.commands.verdict import exit_of
from config_changes_alarm_cli.evaluation import Evaluated, judged
from config_changes_alarm_cli.exceptions import ExcusedIdentity, Limits, MalformedRegister, Register, Standing
from config_changes_alarm_cli.formats.rendering import SINGLE, rendered
from config_changes_alarm_cli.recording import Recorder
from tests.accounts import EVENTS
from tests.fake_account import ACCOUNT, NOW, FakeAccount, a_filter, a_monitored_account, an_alarm

DEPLOYER = f"arn:aws:iam::{ACCOUNT}:role/ci/deployer"
SOON = NOW.date() + timedelta(days=30)
WHY = {"reason": "Deploys AWS Config itself", "expires": SOON}
EXCUSED = {"identity": DEPLOYER, **WHY}
OFF = {"finding": "alarm-actions-disabled", "subject": "config-changes", "reason": "Moves in spring", "expires": SOON}
ISSUER = "$.userIdentity.sessionContext.sessionIssuer.arn"
UNWATCHED = a_monitored_account(
    filters=(
        a_filter(
            f"{{ $.eventSource = config.amazonaws.com && ({' || '.join(f'$.eventName = {name}' for name in EVENTS)}) "
            f'&& ({ISSUER} NOT EXISTS || {ISSUER} != "{DEPLOYER}") }}'
        ),
    )
)
"""The deployer alone goes unnoticed."""
SILENCED = a_monitored_account(metric_alarms=(an_alarm(actions_enabled=False),))


def evaluated(account: FakeAccount, *exceptions: Mapping[str, Any], **parameters: str) -> Evaluated:
    register = Register.parse(list(exceptions))
    assessment = judged(account.opened(), Requirement.parse(parameters), NOW, register)
    return Evaluated("production", assessment, NOW, Recorder(account).recording(NOW, parameters), register)


def standings(found: Evaluated) -> list[tuple[Standing, tuple[str, ...]]]:
    return [(use.standing, use.events) for use in found.uses]


# --------------------------------------------------------------------------- an identity


def test_who_is_excused_may_go_unnoticed() -> None:
    assert evaluated(UNWATCHED).assessment.compliance is Compliance.NON_COMPLIANT
    found = evaluated(UNWATCHED, EXCUSED)
    assert found.assessment.compliance is Compliance.COMPLIANT
    assert standings(found) == [(Standing.COUNTS, EVENTS)]
    assert exit_of([found]) == 0


def test_nobody_else_may() -> None:
    other = {**EXCUSED, "identity": DEPLOYER.replace("deployer", "deployers")}
    found = evaluated(UNWATCHED, other)
    assert found.assessment.compliance is Compliance.NON_COMPLIANT
    assert exit_of([found]) == 1


def test_an_exception_that_excuses_nothing_is_named() -> None:
    found = evaluated(a_monitored_account(), EXCUSED, OFF)
    assert standings(found) == [(Standing.IDLE, ()), (Standing.IDLE, ())]
    assert "which excuses nothing here" in str(found.uses[0])


@pytest.mark.parametrize(("expires", "counts"), [(NOW.date(), True), (NOW.date() - timedelta(days=1), False)])
def test_an_exception_counts_to_the_end_of_its_last_day(expires: date, counts: bool) -> None:
    found = evaluated(UNWATCHED, {**EXCUSED, "expires": expires})
    assert (found.assessment.compliance is Compliance.COMPLIANT) is counts
    assert found.uses[0].standing is (Standing.COUNTS if counts else Standing.EXPIRED)
    assert exit_of([found]) == (0 if counts else 1)


@pytest.mark.parametrize(
    ("limit", "concerns"),
    [
        ({"account": ACCOUNT}, True),
        ({"account": "999999999999"}, False),
        ({"control": "CIS-5.0/4.9"}, True),
        ({"control": "CloudWatch.9"}, True),
        ({"control": "root-usage"}, False),
        ({"control": "custom"}, False),
    ],
)
def test_an_exception_may_be_for_one_account_or_control(limit: dict[str, str], concerns: bool) -> None:
    found = evaluated(UNWATCHED, {**EXCUSED, **limit})
    assert (found.assessment.compliance is Compliance.COMPLIANT) is concerns
    assert bool(found.uses) is concerns


def record(**identity: object) -> str:
    return json.dumps({"userIdentity": identity})


@pytest.mark.parametrize(
    ("message", "is_the_role_s"),
    [
        (record(arn=DEPLOYER), True),
        (record(sessionContext={"sessionIssuer": {"arn": DEPLOYER}}), True),
        (record(arn=f"{DEPLOYER}2"), False),
        (record(arn=f"x{DEPLOYER}"), False),
        (record(arn=DEPLOYER.upper()), False),
        (record(principalId=DEPLOYER), False),
        (record(userName="deployer"), False),
        (record(sessionContext={"sessionIssuer": {"userName": "deployer"}}), False),
        (record(), False),
        ("{}", False),
    ],
)
def test_whose_record_is_excused(message: str, is_the_role_s: bool) -> None:
    pattern = ExcusedIdentity(DEPLOYER, Limits("why", SOON, "", "")).pattern
    assert matches(pattern, message) is (Answer.MATCH if is_the_role_s else Answer.NO_MATCH)


# --------------------------------------------------------------------------- a finding


def test_what_is_accepted_keeps_its_verdict_and_is_not_counted() -> None:
    assert exit_of([evaluated(SILENCED)]) == 1
    found = evaluated(SILENCED, OFF)
    assert found.assessment.compliance is Compliance.NON_COMPLIANT
    assert found.accepted == set(EVENTS)
    assert standings(found) == [(Standing.COUNTS, EVENTS)]
    assert exit_of([found]) == 0


@pytest.mark.parametrize("other", [{"subject": "another-alarm"}, {"finding": "alarm-muted"}], ids=["name", "id"])
def test_another_finding_is_not_accepted(other: dict[str, str]) -> None:
    found = evaluated(SILENCED, {**OFF, **other})
    assert standings(found) == [(Standing.IDLE, ())]
    assert exit_of([found]) == 1


def test_an_event_is_accepted_only_when_all_its_reasons_are() -> None:
    doubly = a_monitored_account(filters=(a_filter("{ $.eventSource = config.amazonaws.com }", metric_value="0"),))
    reasons = evaluated(doubly).assessment.events[0].reasons
    assert len(reasons) == 2
    accepted = [{**OFF, "finding": str(each.id), "subject": each.subject} for each in reasons]
    assert exit_of([evaluated(doubly, accepted[0])]) == exit_of([evaluated(doubly, accepted[1])]) == 1
    assert exit_of([evaluated(doubly, *accepted)]) == 0


def test_what_is_not_accepted_still_counts() -> None:
    """A subscription that may not be read, behind an alarm, and an event that no filter sees."""
    account = a_monitored_account(
        filters=(a_filter(f"{{ $.eventSource = config.amazonaws.com && $.eventName = {EVENTS[0]} }}", "one"),),
    ).refusing("sns:ListSubscriptionsByTopic")
    found = evaluated(account)
    assert exit_of([found]) == 1
    missed = next(event for event in found.assessment.events if event.disproved)
    accepted = {**OFF, "finding": str(missed.reasons[0].id), "subject": missed.reasons[0].subject}
    assert exit_of([evaluated(account, accepted)]) == 4


def test_of_many_the_worst_that_is_not_accepted_decides() -> None:
    assert exit_of([evaluated(SILENCED, OFF), evaluated(a_monitored_account())]) == 0
    assert exit_of([evaluated(SILENCED, OFF), evaluated(FakeAccount(), OFF)]) == 1


# --------------------------------------------------------------------------- in every report

PENDING = {
    "finding": "subscription-pending",
    "subject": "security-notices",
    "reason": "Nobody was there to confirm",
    "expires": NOW.date() - timedelta(days=400),
}


def test_json_says_what_was_excepted_why_and_until_when() -> None:
    told = json.loads(rendered("json", evaluated(UNWATCHED, EXCUSED, PENDING)))
    assert told["exceptions"] == [
        {
            "identity": DEPLOYER,
            "reason": WHY["reason"],
            "expires": str(SOON),
            "standing": "counts",
            "events": [*EVENTS],
        },
        {
            "finding": "subscription-pending",
            "subject": "security-notices",
            "reason": "Nobody was there to confirm",
            "expires": str(PENDING["expires"]),
            "standing": "expired",
            "events": [],
        },
    ]
    assert told["events"][EVENTS[0]]["excused"] == [DEPLOYER]
    told = json.loads(rendered("json", evaluated(SILENCED, OFF)))
    assert {event["accepted"] for event in told["events"].values()} == {True}


def test_json_with_exceptions_follows_the_published_schema() -> None:
    schema = json.loads((Path(__file__).parents[2] / "docs" / "report.schema.json").read_text())
    for found in (evaluated(UNWATCHED, EXCUSED, PENDING), evaluated(SILENCED, OFF), evaluated(FakeAccount(), OFF)):
        jsonschema.validate(json.loads(rendered("json", found)), schema)


@pytest.mark.parametrize("name", SINGLE)
@pytest.mark.parametrize(
    ("account", "exceptions"),
    [(UNWATCHED, [EXCUSED]), (SILENCED, [OFF]), (a_monitored_account(), [EXCUSED]), (SILENCED, [OFF, PENDING])],
    ids=["excused", "accepted", "excuses nothing", "expired"],
)
def test_no_format_is_silent(name: str, account: FakeAccount, exceptions: Sequence[Mapping[str, Any]]) -> None:
    report = _words(rendered(name, evaluated(account, *exceptions)))
    for each in exceptions:
        for said in (each["reason"], each["expires"], each.get("identity") or each["finding"]):
            assert _words(str(said)) in report


def _words(text: str) -> str:
    """Without what a format escapes or leaves out, and where its lines end."""
    return re.sub(r"[^A-Za-z0-9]+", " ", re.sub(r"<[^>]*>", " ", text))


def test_csv_has_a_sentence_for_each() -> None:
    (row,) = csv.DictReader(io.StringIO(rendered("csv", evaluated(UNWATCHED, EXCUSED))))
    assert row["exceptions"] == (
        f"{DEPLOYER} may go unnoticed until {SOON} ({EVENTS[0]} and 3 more): Deploys AWS Config itself"
    )


# --------------------------------------------------------------------------- the file


def load(tmp_path: Path, text: str) -> Register:
    path = tmp_path / "exceptions.toml"
    path.write_text(text, encoding="utf-8")
    return Register.load(path)


def test_a_file_as_it_is_documented(tmp_path: Path) -> None:
    from config_changes_alarm_cli import exceptions

    assert exceptions.__doc__ is not None
    example = "\n".join(
        line.removeprefix("    ") for line in exceptions.__doc__.splitlines() if line.startswith("    ")
    )
    identity, finding = load(tmp_path, example).entries
    assert str(identity) == "arn:aws:iam::123456789012:role/deployer may go unnoticed"
    assert str(finding) == "alarm-does-not-rearm of config-changes is accepted"
    assert load(tmp_path, "").entries == ()


PAGE = (Path(__file__).parents[2] / "docs" / "exceptions.md").read_text(encoding="utf-8")


def test_the_example_of_the_page_excuses_what_its_filter_leaves_out(tmp_path: Path) -> None:
    register = load(tmp_path, PAGE.split("```toml\n")[1].split("```")[0])
    pattern = PAGE.split("```\n{ ")[1].split("\n```")[0]
    account = a_monitored_account(filters=(a_filter(f"{{ {pattern}"),))
    required = "{ $.eventSource = config.amazonaws.com && $.eventName = PutConfigurationRecorder }"
    requirement = Requirement.parse({"RequiredFilterPattern": required})
    found = judged(account.opened(), requirement, NOW, register)
    assert found.compliance is Compliance.COMPLIANT
    assert "but for what arn:aws:iam::123456789012:role/deployer may do unnoticed" in annotation(found)
    assert judged(account.opened(), requirement, NOW, Register()).compliance is Compliance.NON_COMPLIANT


VALID = 'identity = "arn:aws:iam::123456789012:role/deployer"\nreason = "why"\nexpires = 2027-03-31\n'


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("nonsense", "it is no TOML"),
        ("exceptions = 1", "exceptions are tables"),
        ("[exceptions]\nidentity = 'x'", "exceptions are tables"),
        ("other = 1", "unknown key 'other'"),
        ("[[exceptions]]\nreason = 'why'", "exception 1: expected identity or finding"),
        (f"[[exceptions]]\n{VALID}finding = 'no-trail'", "identity and finding are both given"),
        (f"[[exceptions]]\n{VALID}owner = 'me'", "unknown key 'owner', expected identity, reason, expires"),
        (f"[[exceptions]]\n{VALID}[[exceptions]]\n{VALID.replace('reason', '#')}", "exception 2: reason is missing"),
        (f"[[exceptions]]\n{VALID.replace('why', ' ')}", "reason is ' ', expected a text"),
        (f"[[exceptions]]\n{VALID.replace('expires', '#')}", "expires is missing"),
        (f"[[exceptions]]\n{VALID.replace('2027-03-31', '2027-03-31T00:00:00Z')}", "expected a date without quotes"),
        ("[[exceptions]]\n" + VALID.replace("2027-03-31", "'2027-03-31'"), "expected a date without quotes"),
        (f"[[exceptions]]\n{VALID.replace('deployer', '*')}", "expected the ARN of an IAM user or role"),
        (f"[[exceptions]]\n{VALID.replace('deployer', 'x/*/y')}", "expected the ARN of an IAM user or role"),
        (f"[[exceptions]]\n{VALID.replace('role/deployer', 'root')}", "expected the ARN of an IAM user or role"),
        (f"[[exceptions]]\n{VALID.replace('iam', 'sts')}", "expected the ARN of an IAM user or role"),
        (f"[[exceptions]]\n{VALID}account = '12'", "account is '12', expected the twelve digits"),
        (f"[[exceptions]]\n{VALID}control = 'nothing'", "control is 'nothing', expected a control"),
        ("[[exceptions]]\nfinding = 'nothing'\nsubject = 'x'\nreason = 'why'\nexpires = 2027-03-31", "id of a finding"),
        ("[[exceptions]]\nfinding = 'no-trail'\nreason = 'why'\nexpires = 2027-03-31", "subject is missing"),
    ],
)
def test_what_is_wrong_with_a_register_is_said(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(MalformedRegister) as caught:
        load(tmp_path, text)
    assert sentence in str(caught.value)


def test_a_recording_is_replayed_with_exceptions(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    recording = tmp_path / "silenced.json"
    recorder = Recorder(SILENCED)
    judged(recorder.account(), Requirement.parse(), NOW, Register())
    recorder.recording(NOW, {}).save(recording)
    register = tmp_path / "exceptions.toml"
    register.write_text(
        f"[[exceptions]]\nfinding = '{OFF['finding']}'\nsubject = '{OFF['subject']}'\n"
        f"reason = '{OFF['reason']}'\nexpires = {SOON}\n"
    )
    assert main(["replay", str(recording), "--quiet"]) == 1
    assert main(["replay", str(recording), "--exceptions", str(register), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["exceptions"][0]["standing"] == "counts"


def test_a_configuration_file_may_hold_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    recorder = Recorder(SILENCED)
    judged(recorder.account(), Requirement.parse(), NOW, Register())
    recorder.recording(NOW, {}).save(tmp_path / "silenced.json")
    configuration = tmp_path / "configuration.toml"
    table = f"[[exceptions]]\nfinding = '{OFF['finding']}'\nsubject = '{OFF['subject']}'\nreason = 'Moves'\n"
    configuration.write_text(f"{table}expires = {SOON}\n")
    arguments = ["replay", str(tmp_path / "silenced.json"), "--config", str(configuration)]
    assert main([*arguments, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["exceptions"][0]["reason"] == "Moves"
    configuration.write_text(table)
    assert main(arguments) == 2
    assert "exception 1: expires is missing" in capsys.readouterr().err


def test_a_register_that_cannot_be_read_is_named_before_anything_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", "--exceptions", str(tmp_path / "nothing.toml")]) == 2
    assert "nothing.toml: No such file or directory" in capsys.readouterr().err
    (tmp_path / "wrong.toml").write_text("[[exceptions]]\n")
    assert main(["evaluate", "--exceptions", str(tmp_path / "wrong.toml")]) == 2
    assert "wrong.toml: exception 1: expected identity or finding" in capsys.readouterr().err
