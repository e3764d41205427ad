"""`explain-pattern` and `match`: verdicts, statuses and JSON."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from config_changes_alarm.assessment import Compliance
from config_changes_alarm.chain import assess
from config_changes_alarm.requirement import DEFAULT_REQUIRED_FILTER_PATTERN, Requirement

from config_changes_alarm_cli import main
from tests.accounts import pattern_for
from tests.fake_account import NOW, a_filter, a_monitored_account

EVENTS = ("StopConfigurationRecorder", "DeleteDeliveryChannel", "PutDeliveryChannel", "PutConfigurationRecorder")
CIS = DEFAULT_REQUIRED_FILTER_PATTERN


def _explained(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, Any]]:
    status = main(["explain-pattern", "--format", "json", *arguments])
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert set(answer) == {"verdict", "events", "counterexample", "routine", "reason"}
    return status, answer


def test_the_control_s_own_pattern_is_covered(capsys: pytest.CaptureFixture[str]) -> None:
    assert _explained(capsys, CIS) == (
        0,
        {
            "verdict": "covered",
            "events": dict.fromkeys(EVENTS, "always"),
            "counterexample": None,
            "routine": [],
            "reason": None,
        },
    )


def test_a_pattern_that_misses_says_which_event_when_and_for_example(capsys: pytest.CaptureFixture[str]) -> None:
    pattern = (
        '{ $.eventSource = "config.amazonaws.com" && ($.eventName = Put* || $.eventName = DeleteDeliveryChannel) '
        '&& $.userIdentity.type != "Root" }'
    )
    status, answer = _explained(capsys, pattern)
    assert (status, answer["verdict"]) == (1, "missed")
    assert answer["events"] == dict(zip(EVENTS, ("never", "sometimes", "sometimes", "sometimes"), strict=True))
    assert answer["counterexample"]["eventName"] == "StopConfigurationRecorder"
    assert 'PutDeliveryChannel only when userIdentity.type is present but is not "Root"' in answer["reason"]


def test_a_pattern_that_is_not_documented_is_undecided(capsys: pytest.CaptureFixture[str]) -> None:
    status, answer = _explained(capsys, "{ $.eventSource = config.amazonaws.com && $.sourceIPAddress != a-b }")
    assert (status, answer["verdict"]) == (2, "undecided")
    assert answer["counterexample"] is None
    assert answer["reason"].startswith("AWS does not document")


def test_an_invalid_pattern_is_drawn(capsys: pytest.CaptureFixture[str]) -> None:
    status, answer = _explained(capsys, "{ $.eventName == x }")
    assert (status, answer["verdict"]) == (2, "invalid")
    assert answer["events"] == dict.fromkeys(EVENTS, "never")
    assert answer["reason"].endswith("{ $.eventName == x }\n                ^^")


def test_routine_events_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    status, answer = _explained(capsys, "{ $.eventSource = config.amazonaws.com }")
    assert (status, answer["verdict"]) == (1, "too broad")
    assert "config:PutEvaluations" in answer["routine"]


OF_ACCOUNT = (
    '($.recipientAccountId NOT EXISTS || $.recipientAccountId = "123456789012")',
    '$.recipientAccountId != "999999999999" || $.recipientAccountId NOT EXISTS',
    '$.userIdentity.type = "Root" || $.recipientAccountId = "1234*" || $.recipientAccountId NOT EXISTS',
)


@pytest.mark.parametrize("condition", OF_ACCOUNT)
def test_a_pattern_that_names_an_account_is_judged_for_the_account_that_is_named(
    condition: str, capsys: pytest.CaptureFixture[str]
) -> None:
    pattern = CIS.replace(" }", f" && ({condition}) }}")
    assert _explained(capsys, pattern, "--account", "123456789012")[0] == 0
    status, answer = _explained(capsys, pattern, "--account", "999999999999")
    assert (status, answer["verdict"]) == (1, "missed")
    assert answer["counterexample"]["recipientAccountId"] == "999999999999"
    assert "123456789012" not in json.dumps(answer["counterexample"])


@pytest.mark.parametrize("account", ["12345678901", "1234567890123", "production", "", "１23456789012"])
def test_an_account_s_id_has_twelve_digits(account: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain-pattern", CIS, "--account", account]) == 2
    assert "an account's id has twelve digits" in capsys.readouterr().err


def test_the_pattern_may_come_from_standard_input(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(CIS))
    assert _explained(capsys, "-")[0] == 0


SIGN_IN = "{ ($.eventName = ConsoleLogin) && ($.additionalEventData.MFAUsed != Yes) }"


@pytest.mark.parametrize(
    "named",
    [
        ("--control", "sign-in-without-mfa"),
        ("--control", "CIS-1.2/3.2"),
        ("--control", "cloudwatch.3"),
        ("--control", "alarm-sign-in-without-mfa"),
        ("--required", SIGN_IN),
    ],
    ids=lambda named: named[1][:20],
)
def test_another_control_is_named_or_given_by_its_pattern(
    named: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    status, answer = _explained(capsys, SIGN_IN.replace("!= Yes", "= No"), *named)
    assert (status, answer["verdict"], answer["events"]) == (0, "covered", {"ConsoleLogin": "always"})
    status, answer = _explained(capsys, "{ $.eventName = ConsoleLogin }", *named)
    assert (status, answer["verdict"], answer["events"]) == (1, "too broad", {"ConsoleLogin": "always"})


def test_a_control_whose_events_have_no_names_has_its_own_words(capsys: pytest.CaptureFixture[str]) -> None:
    status, answer = _explained(capsys, '{ $.userIdentity.type = "IAMUser" }', "--control", "root-usage")
    assert (status, answer["events"]) == (1, {"use of the root user": "never"})
    assert answer["counterexample"]["userIdentity"]["type"] == "Root"


def test_a_control_that_nobody_knows_is_named_with_those_that_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain-pattern", CIS, "--control", "CIS-9.9/1.1"]) == 2
    said = capsys.readouterr().err
    assert "CIS-5.0/4.9" in said
    assert "security-group-changes" in said


def test_a_required_pattern_that_is_wrong_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain-pattern", CIS, "--required", "{ $.x }"]) == 2
    assert "RequiredFilterPattern" in capsys.readouterr().err


# --------------------------------------------------------------------------- several patterns, and the rule

WHOLE = pattern_for(*EVENTS)
BROAD = "{ $.eventSource = config.amazonaws.com }"
DOUBTFUL = f"{WHOLE[:-2]} || ($.eventName = PutEvaluations && $.awsRegion = us-east-1) }}"
"""Nobody knows whether AWS reads the last value, with a hyphen and without quotes."""
PATTERNS = {
    (WHOLE,): ("covered", 0),
    (pattern_for(*EVENTS[:2]), pattern_for(*EVENTS[2:])): ("covered", 0),
    (WHOLE, pattern_for("DeleteConfigurationRecorder")): ("covered", 0),
    (pattern_for(*EVENTS[:2]), pattern_for(EVENTS[2])): ("missed", 1),
    (BROAD,): ("too broad", 1),
    (WHOLE, BROAD): ("too broad", 1),
    (DOUBTFUL,): ("undecided", 2),
    (WHOLE, DOUBTFUL): ("undecided", 2),
}


@pytest.mark.parametrize("patterns", PATTERNS)
def test_patterns_count_together_as_filters_of_one_metric_do(
    patterns: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    """The rule gives the same verdict on an account with these filters and nothing else to object to."""
    verdict, status = PATTERNS[patterns]
    given, answer = _explained(capsys, *patterns)
    assert (answer["verdict"], given) == (verdict, status)
    filters = tuple(a_filter(pattern, f"filter-{number}") for number, pattern in enumerate(patterns))
    assessment = assess(a_monitored_account(filters=filters).opened(), Requirement.parse(), NOW)
    assert (assessment.compliance is Compliance.COMPLIANT) is (verdict == "covered")


@pytest.mark.parametrize(
    ("parameter", "patterns", "verdict"),
    [
        ("AllowRoutineMatches=true", (BROAD,), "covered"),
        ("AllowRoutineMatches=true", (WHOLE, DOUBTFUL), "covered"),
        ("AdditionalEventNames=DeleteConfigurationRecorder", (WHOLE,), "missed"),
        (
            "AdditionalEventNames=DeleteConfigurationRecorder",
            (WHOLE, pattern_for("DeleteConfigurationRecorder")),
            "covered",
        ),
        ("IncludeFailedCalls=true", (WHOLE,), "covered"),
        ("IncludeFailedCalls=true", (f"{WHOLE[:-2]} && $.errorCode NOT EXISTS }}",), "missed"),
    ],
)
def test_the_rule_s_parameters_hold_here_too(
    parameter: str, patterns: tuple[str, ...], verdict: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _explained(capsys, *patterns, "--parameter", parameter)[1]["verdict"] == verdict


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "Missing argument 'PATTERN...'"),
        ([""], "a PATTERN is empty"),
        ([WHOLE, " "], "a PATTERN is empty"),
        (["-", "-"], "only one PATTERN may be - for standard input"),
        ([WHOLE, "--parameter", "Topics=x"], "unknown parameter 'Topics'"),
        ([WHOLE, "--control", "root-usage", "--parameter", "Control=root-usage"], "--control and --parameter Control"),
    ],
)
def test_no_pattern_is_no_answer(arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    """An empty pattern matches everything; a script that has lost its pattern must not be told that it is covered."""
    assert main(["explain-pattern", *arguments]) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert sentence in output.err


@pytest.mark.parametrize(("pattern", "status"), [(CIS, 0), (BROAD, 0), ("{ $.a = 1 }", 0), ("{ $.a == 1 }", 2)])
def test_a_neutral_exit(pattern: str, status: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain-pattern", pattern, "--exit-zero"]) == status


# --------------------------------------------------------------------------- match


@pytest.mark.parametrize(
    ("pattern", "message", "status", "word"),
    [
        ("{ $.a = 1 }", '{"a": 1}', 0, "match"),
        ("{ $.a = 1 }", '{"a": 2}', 1, "no match"),
        ("{ $.a = 1 }", "not JSON", 1, "no match"),
        ("ERROR", "an ERROR here", 0, "match"),
        ("{ $.a = a-b }", '{"a": "a-b"}', 2, "unknown"),
    ],
)
def test_match(capsys: pytest.CaptureFixture[str], pattern: str, message: str, status: int, word: str) -> None:
    assert main(["match", pattern, message]) == status
    assert capsys.readouterr().out.strip() == word


def test_match_names_what_is_wrong_with_a_pattern(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["match", "{ $.a = }", "{}"]) == 2
    assert "expected a value, at character 9" in capsys.readouterr().err
