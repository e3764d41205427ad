"""Recordings that were written when the format was young are replayed to the very reports that were given then.

`config-changes-alarm replay FILE --format FORMAT` wrote each report. A change of a report's words rewrites the reports;
a change that needs other recordings than these breaks what users have sent.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from config_changes_alarm import account
from config_changes_alarm.account import EvaluationFailed, Identity, Question
from config_changes_alarm.chain import assess
from config_changes_alarm.requirement import Requirement

from config_changes_alarm_cli import main
from config_changes_alarm_cli.recording import Recorder, Recording, replayed
from config_changes_alarm_cli.recording.reads import QUESTIONS

FOLDER = Path(__file__).parent / "recordings"
STATUS = {"compliant": 0, "broken": 4, "failed": 2}
every_recording = pytest.mark.parametrize("name", STATUS)


class Replayed:
    """A recording as a source that can be recorded again."""

    partition, threads = "aws", 1

    def __init__(self, recording: Recording) -> None:
        self.identity = Identity(recording.account_id, recording.region)
        self._account = replayed(recording)

    def answer(self, question: Question[Any]) -> Any:
        return self._account.ask(question)


@every_recording
def test_a_recording_is_replayed_to_the_same_text(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", str(FOLDER / f"{name}.json")]) == STATUS[name]
    told = capsys.readouterr()
    assert told.out + told.err == (FOLDER / f"{name}.report.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["compliant", "broken"])
def test_a_recording_is_replayed_to_the_same_json(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The annotation is a member of it."""
    assert main(["replay", str(FOLDER / f"{name}.json"), "--format", "json"]) == STATUS[name]
    assert capsys.readouterr().out == (FOLDER / f"{name}.report.json").read_text(encoding="utf-8")


@every_recording
def test_what_is_recorded_of_a_replay_holds_all_that_the_file_holds(name: str, tmp_path: Path) -> None:
    """A member that this version reads beyond the file's is recorded as not given.

    Which messages are put to AWS is the version's own choice.
    """
    recording = Recording.load(FOLDER / f"{name}.json")
    recorder = Recorder(Replayed(recording))
    try:
        assess(recorder.account(), Requirement.parse(recording.parameters), recording.evaluated_at)
    except EvaluationFailed:
        assert name == "failed"
    recorder.recording(recording.evaluated_at, recording.parameters).save(tmp_path / "again.json")
    again, before = (
        json.loads((folder / f"{file}.json").read_text()) for folder, file in ((tmp_path, "again"), (FOLDER, name))
    )
    for content in (again, before):
        content["reads"] = [read for read in content["reads"] if read["read"] != "test_metric_filter"]
    assert without_newer(again, before) == before


def without_newer(value: Any, before: Any) -> Any:
    """The value without members that it has beyond another's and that say nothing."""
    if isinstance(value, dict) and isinstance(before, dict):
        return {
            name: without_newer(each, before.get(name))
            for name, each in value.items()
            if name in before or each not in (None, [])
        }
    if isinstance(value, list) and isinstance(before, list) and len(value) == len(before):
        return [without_newer(each, had) for each, had in zip(value, before, strict=True)]
    return value


def test_the_recordings_hold_every_read_and_every_outcome() -> None:
    reads = [read for name in STATUS for read in json.loads((FOLDER / f"{name}.json").read_text())["reads"]]
    assert {read["read"] for read in reads} == {
        "trails",
        "trail_status",
        "event_selectors",
        "log_group",
        "metric_filters",
        "metric_filters_publishing",
        "alarms_on_metric",
        "alarms",
        "alarm_mute_rules",
        "alarm_actions_history",
        "topic",
        "subscriptions",
        "subscription_attributes",
        "key",
        "test_metric_filter",
    }
    outcomes = {outcome for read in reads for outcome in read.keys() - {"read", "of"}}
    assert outcomes == {"answer", "unreadable", "not_found", "failed"}


def test_every_question_has_a_name_in_the_file() -> None:
    exported = [getattr(account, name) for name in account.__all__]
    assert set(QUESTIONS.values()) == {each for each in exported if Question in getattr(each, "__bases__", ())}
