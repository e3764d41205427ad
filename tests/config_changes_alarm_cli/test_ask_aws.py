"""`ask-aws`, with an AWS that shares no code with the product and decides the open points as it is told."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from moto.logs.exceptions import InvalidParameterException
from moto.logs.responses import LogsResponse

from config_changes_alarm_cli import main
from config_changes_alarm_cli.asking import questions
from demo.embedded_aws import EmbeddedAws

from ..filter_pattern.service.answers import answer
from ..filter_pattern.service.open_points import OpenPoint, Reading
from ..filter_pattern.service.patterns import Atom, Both, Either, Refused, Word, atoms, read

Played = Callable[[str, str], bool]
"""Whether the pattern matches the message. Raises `Refused`."""


def service(reading: Reading) -> Played:
    """The service with its open points decided; of a key that is named twice it reads the last, as most parsers do."""

    def play(text: str, message: str) -> bool:
        pattern = read(text)
        if reading[OpenPoint.BARE_PUNCTUATION] is False and isinstance(pattern, (Atom, Both, Either)):
            operands = [each.operand for each in atoms(pattern)]
            if any(isinstance(operand, Word) and operand.bare for operand in operands):
                raise Refused("Invalid character(s) in term")
        told = answer(pattern, message, reading)
        assert told is not None
        return told

    return play


@pytest.fixture
def play(aws: EmbeddedAws, monkeypatch: pytest.MonkeyPatch) -> Callable[[Played], list[str]]:
    """Lets the service answer TestMetricFilter; what it is asked is noted."""

    def with_service(played: Played) -> list[str]:
        asked: list[str] = []

        def test_metric_filter(self: Any) -> str:
            text, messages = self._get_param("filterPattern"), self._get_param("logEventMessages")
            asked.append(text)
            assert 0 < len(messages) <= 50
            try:
                found = [{"eventMessage": each} for each in messages if played(text, each)]
            except Refused as refused:
                raise InvalidParameterException(msg=str(refused)) from None
            return json.dumps({"matches": found})

        monkeypatch.setattr(LogsResponse, "test_metric_filter", test_metric_filter)
        return asked

    monkeypatch.setattr("config_changes_alarm.account.aws.pace._CALLS_PER_SECOND", {})
    return with_service


def answered(capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, dict[str, Any]]:
    status = main(["ask-aws", "--format", "json", *options])
    return status, json.loads(capsys.readouterr().out)


READINGS = [dict.fromkeys(OpenPoint, decided) for decided in (True, False)]


@pytest.mark.parametrize("reading", READINGS, ids=["every point so", "every point otherwise"])
def test_whatever_the_open_points_are_nothing_that_is_known_differs(
    reading: Reading, play: Callable[[Played], list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    asked = play(service(reading))
    status, found = answered(capsys)
    assert status == 0
    assert found["counts"]["differs"] == 0
    assert found["counts"]["settled now"] > 40
    assert len(found["answers"]) == len(questions())
    assert len(asked) == len({each.pattern for each in questions()})


@pytest.mark.parametrize("point", list(OpenPoint))
def test_either_way_of_an_open_point_is_found(point: OpenPoint) -> None:
    """Some question is answered otherwise when this point alone is decided otherwise, and the product does not know."""
    known = dict.fromkeys(OpenPoint, True)
    one, other = service(known), service({**known, point: False})
    open_ = [each for each in questions() if each.about not in ("a published answer", "a monitoring control")]
    assert any(told(one, each.pattern, each.message) != told(other, each.pattern, each.message) for each in open_)


def told(played: Played, pattern: str, message: str) -> object:
    try:
        return played(pattern, message)
    except Refused:
        return Refused


def test_no_point_of_the_list_is_closed_already() -> None:
    from config_changes_alarm_cli.asking.comparison import _ours

    places = {"a published answer", "a monitoring control", "a pattern in use"}
    of_points: dict[str, set[str]] = {}
    for each in questions():
        if each.about not in places:
            of_points.setdefault(each.about, set()).add(_ours(each))
    assert len(of_points) > 30
    assert [point for point, ours in of_points.items() if "unknown" not in ours] == []


def test_what_aws_answers_otherwise_is_told(
    play: Callable[[Played], list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    as_told = service(READINGS[0])

    def otherwise(pattern: str, message: str) -> bool:
        return as_told(pattern, message) is not (pattern == "{ $.eventType = UpdateTrail }" or '!= "*222"' in pattern)

    play(otherwise)
    status, found = answered(capsys)
    assert status == 1
    differing = [each for each in found["answers"] if each["outcome"] == "differs"]
    assert differing
    assert all('"*222"' in each["pattern"] or "UpdateTrail" in each["pattern"] for each in differing)
    assert all(each["aws"] != each["ours"] for each in differing)


def test_a_known_pattern_that_aws_refuses_is_told(
    play: Callable[[Played], list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    as_told = service(READINGS[0])

    def strict(pattern: str, message: str) -> bool:
        if re.match(r"\[\.\.\..*,\]", pattern):
            raise Refused("a comma at the end")
        return as_told(pattern, message)

    play(strict)
    status, found = answered(capsys)
    refused = [each for each in found["answers"] if each["outcome"] == "AWS refuses the pattern"]
    assert status == 1
    assert {each["pattern"] for each in refused} == {"[..., request=*.html*, status_code=4*,]"}


def test_a_word_that_aws_refuses_without_quotes_is_no_difference(
    play: Callable[[Played], list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    play(service({**READINGS[0], OpenPoint.BARE_PUNCTUATION: False}))
    status, found = answered(capsys)
    assert (status, found["counts"]["differs"]) == (0, 0)
    assert found["counts"]["AWS refuses the pattern"] > 3


def test_a_pattern_that_aws_takes_though_it_is_invalid_here_is_told(
    play: Callable[[Played], list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    as_told = service(READINGS[0])
    play(lambda pattern, message: True if pattern == '""' else as_told(pattern, message))
    status, found = answered(capsys)
    assert status == 1
    assert [each["pattern"] for each in found["answers"] if each["outcome"] == "differs"] == ['""']


def test_the_table_is_short_and_says_nothing_of_the_account(
    play: Callable[[Played], list[str]], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    play(service(READINGS[0]))
    assert main(["ask-aws"]) == 0
    text = capsys.readouterr().out
    assert text.startswith(f"{len(questions())} questions put to logs:TestMetricFilter\n")
    assert '\n  != on a field that is null\n    { $.a != "x" } on {"a":null}\n    AWS: match; here: unknown\n' in text
    assert max(map(len, text.splitlines())) <= 140
    path = tmp_path / "answers.json"
    assert main(["ask-aws", "--format", "json", "--output", str(path), "--quiet"]) == 0
    assert capsys.readouterr().out == ""
    written = json.loads(path.read_text())
    assert set(written) == {"format", "version", "counts", "answers"}
    own = {each["message"] + each["pattern"] for each in written["answers"]}
    assert own == {each.message + each.pattern for each in questions()}


def test_without_the_permission_it_says_so(
    aws: EmbeddedAws, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from moto.core.exceptions import JsonRESTError

    def denied(self: Any) -> str:
        raise JsonRESTError("AccessDeniedException", "not authorized")

    monkeypatch.setattr(LogsResponse, "test_metric_filter", denied)
    assert main(["ask-aws"]) == 2
    assert "logs:TestMetricFilter: AccessDeniedException" in capsys.readouterr().err
