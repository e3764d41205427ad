"""The story of `make evaluate`, and what the README shows of it."""

from __future__ import annotations

import io
import re
import shlex
from contextlib import redirect_stdout
from pathlib import Path

import pytest
from config_changes_alarm.control import control_ids

from demo import evaluate
from demo.evaluate import STORY

README = (Path(__file__).parents[2] / "README.md").read_text()


@pytest.fixture(scope="module")
def told() -> str:
    output = io.StringIO()
    with redirect_stdout(output):
        status = evaluate.main([])
    assert status == 0
    return output.getvalue()


def test_every_stage_shows_what_it_has_to(told: str) -> None:
    shown = re.findall(r"^   (COMPLIANT|NON_COMPLIANT)$", told, re.MULTILINE)
    assert shown == [stage.expected for stage in STORY]


def test_the_story_goes_from_an_empty_account_through_every_stage_and_back() -> None:
    assert [stage.expected for stage in STORY].count("COMPLIANT") == 2
    assert STORY[0].commands == ()
    assert {stage.expected for stage in STORY[5:8]} == {"NON_COMPLIANT"}


def test_it_ends_with_the_matrix_of_the_section(told: str) -> None:
    """The account of the story monitors AWS Config, and nothing else of the section."""
    matrix = told.partition("The whole monitoring section, from one read of the account\n")[2]
    rows = {id_: re.search(rf"^{id_} +(.*)$", matrix, re.MULTILINE) for id_ in control_ids()}
    whole = [id_ for id_, row in rows.items() if row is not None and not set(row[1].split()) - {"✓", "+"}]
    assert None not in rows.values()
    assert whole == ["aws-config-changes"]
    assert matrix.strip().splitlines()[-1].startswith("1 COMPLIANT, 14 NON_COMPLIANT")


def test_the_readme_shows_the_real_output(told: str) -> None:
    sample = re.search(r"```text\n(4\. .*?)```", README, re.DOTALL)
    assert sample is not None
    assert sample[1] in told


def test_the_commands_that_are_shown_can_be_pasted_into_a_shell(told: str) -> None:
    shown = re.findall(r"^   \$ ((?:.*\\\n)*.*)$", told, re.MULTILINE)
    assert [shlex.split(command.replace("\\\n", "")) for command in shown] == [
        shlex.split(command) for stage in STORY for command in stage.commands
    ]


def test_nothing_but_the_story_is_printed_without_a_terminal(told: str) -> None:
    assert "\033" not in told
    assert max(map(len, (line for line in told.splitlines() if "'" not in line and "metricName" not in line))) <= 78
