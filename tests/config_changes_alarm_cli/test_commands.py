"""The command line: what can be asked, and one clear sentence for whatever goes wrong."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from config_changes_alarm_cli import main
from demo import evaluate as make_evaluate


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
        "plan",
    ]
    assert output.err == ""


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["evaluates"], "No such command 'evaluates'"),
        (["evaluate", "--regions", "x"], "No such option '--regions'"),
        (["evaluate", "--region"], "Option '--region' requires an argument"),
        (["evaluate", "account"], "Got unexpected extra argument (account)"),
        (["evaluate", "--format", "pdf"], "'pdf' is not one of text, json, "),
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
