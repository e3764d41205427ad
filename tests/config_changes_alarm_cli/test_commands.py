"""The command line: statuses, JSON, and one clear sentence for whatever goes wrong."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from config_changes_alarm.requirement import DEFAULT_REQUIRED_FILTER_PATTERN

from config_changes_alarm_cli import main
from demo import evaluate as make_evaluate

EVENTS = ("StopConfigurationRecorder", "DeleteDeliveryChannel", "PutDeliveryChannel", "PutConfigurationRecorder")


@pytest.fixture(autouse=True)
def _no_aws_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    for name in (
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "AWS_PROFILE",
        "AWS_DEFAULT_REGION",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@contextmanager
def _sts_that_answers(status: int, text: str) -> Iterator[str]:
    """An endpoint that answers every request with this."""
    body = text.encode()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def _refused(capsys: pytest.CaptureFixture[str], run: Callable[[list[str]], int], arguments: list[str]) -> str:
    """Runs the command, which must say one sentence on standard error and end with 2; returns the sentence."""
    assert run(arguments) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.count("\n") == 1
    assert output.err.startswith("config-changes-alarm: ")
    return output.err.removeprefix("config-changes-alarm: ").strip()


# --------------------------------------------------------------------------- what can be asked


def test_without_a_command_the_commands_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing was told, so it is no success: a variable that is empty must not pass for a verdict."""
    assert main([]) == 2
    output = capsys.readouterr()
    assert [line.split()[0] for line in output.out.split("Commands:")[1].splitlines() if line][:2] == [
        "evaluate",
        "replay",
    ]
    assert output.err == ""


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["evaluates"], "No such command 'evaluates'"),
        (["evaluate", "--regions", "x"], "No such option '--regions'"),
        (["evaluate", "--region"], "Option '--region' requires an argument"),
        (["evaluate", "account"], "Got unexpected extra argument (account)"),
        (["evaluate", "--format", "pdf"], "Invalid value for '--format': 'pdf' is not one of 'text', 'json', "),
        (["match", "{ $.a = 1 }"], "Missing argument 'MESSAGE'"),
        (["explain-pattern", "--control", "root-usage", "--required", "x", "x"], "--control and --required are both"),
    ],
)
def test_what_cannot_be_asked_is_one_sentence_and_says_where_to_look(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    said = _refused(capsys, main, arguments)
    assert sentence in said
    assert said.endswith("--help")


RUNS = pytest.mark.parametrize(
    "run",
    [lambda given: main(["evaluate", *given]), make_evaluate.main],
    ids=["config-changes-alarm evaluate", "make evaluate"],
)


@RUNS
def test_no_credentials(capsys: pytest.CaptureFixture[str], run: Callable[[list[str]], int]) -> None:
    assert _refused(capsys, run, ["--region", "eu-west-1"]) == "Unable to locate credentials"


@RUNS
def test_an_unknown_profile(capsys: pytest.CaptureFixture[str], run: Callable[[list[str]], int]) -> None:
    said = _refused(capsys, run, ["--profile", "nobody", "--region", "eu-west-1"])
    assert said == "The config profile (nobody) could not be found"


@pytest.fixture
def _credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLEEXAMPLE12")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")


@RUNS
@pytest.mark.usefixtures("_credentials")
@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("ExpiredToken", "the credentials have expired"),
        ("InvalidClientTokenId", "AWS refuses the credentials (InvalidClientTokenId)"),
    ],
)
def test_credentials_that_aws_refuses(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    run: Callable[[list[str]], int],
    code: str,
    sentence: str,
) -> None:
    refusal = f"<ErrorResponse><Error><Code>{code}</Code><Message>no</Message></Error></ErrorResponse>"
    with _sts_that_answers(403, refusal) as url:
        monkeypatch.setenv("AWS_ENDPOINT_URL", url)
        assert _refused(capsys, run, ["--region", "eu-west-1"]) == sentence


@RUNS
@pytest.mark.usefixtures("_credentials")
@pytest.mark.parametrize(
    ("status", "text"),
    [(200, "<html>Log in to this network"), (200, "<html></html>"), (407, "<html>Proxy Authentication Required")],
    ids=["captive portal", "well-formed page", "proxy"],
)
def test_an_answer_that_is_not_from_aws(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    run: Callable[[list[str]], int],
    status: int,
    text: str,
) -> None:
    with _sts_that_answers(status, text) as url:
        monkeypatch.setenv("AWS_ENDPOINT_URL", url)
        assert _refused(capsys, run, ["--region", "eu-west-1"]) == (
            "sts:GetCallerIdentity: the answer is not from AWS; is there a proxy or a login page in between?"
        )


@RUNS
@pytest.mark.usefixtures("_credentials")
def test_no_network(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, run: Callable[[list[str]], int]
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    said = _refused(capsys, run, ["--region", "eu-west-1"])
    assert said == 'Could not connect to the endpoint URL: "http://127.0.0.1:9/"'


@RUNS
@pytest.mark.usefixtures("_credentials")
def test_a_region_that_is_none(capsys: pytest.CaptureFixture[str], run: Callable[[list[str]], int]) -> None:
    assert "'eu west'" in _refused(capsys, run, ["--region", "eu west"])


@pytest.mark.usefixtures("_credentials")
def test_no_region(capsys: pytest.CaptureFixture[str]) -> None:
    said = _refused(capsys, main, ["evaluate"])
    assert said == "no Region: give --region, or set one in the profile"


@pytest.mark.usefixtures("_credentials")
@pytest.mark.parametrize(
    ("parameter", "sentence"),
    [
        ("MaxRearmSeconds", "--parameter 'MaxRearmSeconds': expected NAME=VALUE"),
        ("MaxRearmSeconds=never", "parameter MaxRearmSeconds is 'never', expected a whole number of seconds"),
        ("Topics=x", "unknown parameter 'Topics' (value 'x'): the rule takes AdditionalEventNames, "),
    ],
)
def test_parameters_are_checked_as_the_rule_does(
    capsys: pytest.CaptureFixture[str], parameter: str, sentence: str
) -> None:
    said = _refused(capsys, main, ["evaluate", "--region", "eu-west-1", "--parameter", parameter])
    assert sentence in said


# --------------------------------------------------------------------------- explain-pattern

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
