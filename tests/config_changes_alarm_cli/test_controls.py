"""`evaluate --control`: several controls of an account from one read, and how every format tells them apart."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import jsonschema
import pytest
from config_changes_alarm.control import control, control_ids

from config_changes_alarm_cli import main
from demo.embedded_aws import ACCOUNT_ID, REGION, EmbeddedAws, embedded_aws
from tests.accounts import LOG_GROUP
from tests.monitoring_section import a_filter, the_section
from tests.rule_calls import recorded

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "control-reports.schema.json").read_text())
ALL = ["evaluate", "--control", "all"]
MISSING = "root-usage"


@pytest.fixture(scope="module")
def section() -> Iterator[EmbeddedAws]:
    """An account that monitors the whole section."""
    with embedded_aws() as aws:
        the_section(aws)
        yield aws


@pytest.fixture
def fourteen(section: EmbeddedAws) -> Iterator[EmbeddedAws]:
    """The same account while the use of the root user is not monitored."""
    boto3.client("logs").delete_metric_filter(logGroupName=LOG_GROUP, filterName=MISSING)
    yield section
    a_filter(MISSING)


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    main(["evaluate", *arguments, "--format", "json"])
    return json.loads(capsys.readouterr().out)


@pytest.mark.usefixtures("section")
def test_the_whole_section_holds(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(ALL) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == f"15 COMPLIANT  account {ACCOUNT_ID}, {REGION}"
    rows = [line.split() for line in lines[1:16]]
    assert rows == [[id_, *"✓✓✓✓✓✓"] for id_ in control_ids()]
    assert max(map(len, lines)) <= 80


@pytest.mark.usefixtures("fourteen")
def test_the_first_break_of_each_control_and_then_the_details(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(ALL) == 1
    details, matrix = capsys.readouterr().out.split("\n\n\n")
    assert matrix.splitlines()[-1].startswith("14 COMPLIANT, 1 NON_COMPLIANT  account")
    assert len(matrix.splitlines()) <= 24
    row = re.search(rf"^{MISSING} .*\n(    .*\n)+", matrix, re.MULTILINE)
    assert row is not None
    first, why = row[0].split("\n", 1)
    assert first.split()[1:] == ["✓", "✓", "✗", "·", "·", "·"]
    assert "has no metric filter for the event" in " ".join(why.split())
    assert why.rstrip().endswith("[no-metric-filter]")
    assert details.startswith(f"{MISSING}: {control(MISSING).title}\n")
    assert details.count("Would somebody be told?") == 1


@pytest.mark.usefixtures("fourteen")
def test_json_has_a_report_of_each_control(capsys: pytest.CaptureFixture[str]) -> None:
    told = answer(capsys, "--control", "all")
    jsonschema.validate(told, SCHEMA)
    assert (told["account"], told["region"], told["not_evaluated"]) == (ACCOUNT_ID, REGION, [])
    by_id = {each["control"]: each for each in told["controls"]}
    assert list(by_id) == list(control_ids())
    assert {id_ for id_, each in by_id.items() if each["compliance"] != "COMPLIANT"} == {MISSING}
    assert by_id[MISSING]["broken_at"] == "metric filter"
    assert by_id["vpc-changes"]["broken_at"] is None
    assert by_id[MISSING]["title"] == "Usage of the 'root' account is monitored"
    assert "CIS AWS Foundations v1.2.0/3.3" in by_id[MISSING]["requirements"]


@pytest.mark.usefixtures("fourteen")
def test_each_control_is_answered_as_it_is_alone(capsys: pytest.CaptureFixture[str]) -> None:
    together = {each["control"]: each for each in answer(capsys, "--control", "all")["controls"]}
    for id_ in (MISSING, "vpc-changes", "aws-config-changes"):
        alone = answer(capsys, "--control", id_)
        at = alone.pop("evaluated_at")
        assert at >= together[id_].pop("evaluated_at")
        assert together[id_] == alone


@pytest.mark.usefixtures("fourteen")
def test_other_programs_can_keep_the_controls_apart(capsys: pytest.CaptureFixture[str]) -> None:
    main([*ALL, "--format", "asff"])
    asff = json.loads(capsys.readouterr().out)
    main([*ALL, "--format", "ocsf"])
    ocsf = json.loads(capsys.readouterr().out)
    main([*ALL, "--format", "csv"])
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    ids = [each["Id"] for each in asff]
    assert len(set(ids)) == 15
    assert ids == [each["finding_info"]["uid"] for each in ocsf] == [row["finding_id"] for row in rows]
    assert f"config-changes-alarm/{REGION}/{ACCOUNT_ID}" in ids
    assert f"config-changes-alarm/{REGION}/{ACCOUNT_ID}/{MISSING}" in ids
    titles = [control(id_).title for id_ in control_ids()]
    assert [each["Title"] for each in asff] == [row["title"] for row in rows] == titles
    assert [each["finding_info"]["title"] for each in ocsf] == titles
    number = control_ids().index(MISSING)
    assert "CIS AWS Foundations v5.0.0/4.3" in asff[number]["Compliance"]["RelatedRequirements"]
    assert ocsf[number]["compliance"]["control"] == "4.3"
    assert [row["control"] for row in rows if row["compliance"] == "NON_COMPLIANT"] == [MISSING]
    assert (rows[number]["broken_at"], rows[number]["finding"]) == ("metric filter", "no-metric-filter")


@pytest.mark.usefixtures("section")
@pytest.mark.parametrize(
    ("names", "ids"),
    [
        (["CIS-5.0/4.3", "CloudWatch.14"], ["root-usage", "vpc-changes"]),
        (["vpc-changes", "all"], ["vpc-changes", *(id_ for id_ in control_ids() if id_ != "vpc-changes")]),
        (["vpc-changes", "CloudWatch.14", "root-usage"], ["vpc-changes", "root-usage"]),
    ],
)
def test_controls_by_any_of_their_names_each_once(
    capsys: pytest.CaptureFixture[str], names: list[str], ids: list[str]
) -> None:
    told = answer(capsys, *(word for name in names for word in ("--control", name)))
    assert [each["control"] for each in told["controls"]] == ids


@pytest.mark.usefixtures("section")
def test_one_control_is_reported_as_ever(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "--control", "CloudWatch.1"]) == 0
    by_option = capsys.readouterr().out
    assert main(["evaluate", "--parameter", "Control=root-usage"]) == 0
    assert capsys.readouterr().out == by_option
    assert "\nCOMPLIANT  account" in by_option


@pytest.mark.usefixtures("section")
def test_the_calls_of_one_three_and_fifteen_controls() -> None:
    three = [word for id_ in control_ids()[:3] for word in ("--control", id_)]
    counts = []
    for arguments in ([], three, ["--control", "all"]):
        with recorded() as calls:
            assert main(["evaluate", "--quiet", *arguments]) == 0
        counts.append(len(calls.made))
    assert counts == [12, 11, 11]


@pytest.mark.usefixtures("fourteen")
def test_recordings_and_pages_go_into_directories(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    pages, recordings = tmp_path / "pages", tmp_path / "recordings"
    arguments = ["--format", "html", "--output", str(pages), "--record", str(recordings)]
    assert main([*ALL, *arguments]) == 1
    assert "\n14 COMPLIANT, 1 NON_COMPLIANT" in capsys.readouterr().out
    names = {f"{ACCOUNT_ID}-{REGION}-{id_}" for id_ in control_ids()}
    assert {path.stem for path in recordings.iterdir()} == names
    assert {path.stem for path in pages.iterdir()} == names | {"index"}
    index = (pages / "index.html").read_text(encoding="utf-8")
    assert {Path(link).stem for link in re.findall(r'href="([^"]*)"', index)} == names
    assert main(["replay", str(recordings / f"{ACCOUNT_ID}-{REGION}-{MISSING}.json"), "--format", "json"]) == 1
    assert json.loads(capsys.readouterr().out)["control"] == MISSING


@pytest.mark.usefixtures("fourteen")
def test_one_file_holds_all_controls_where_the_format_can(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    assert main([*ALL, "--format", "json", "--output", str(report)]) == 1
    assert capsys.readouterr().out == ""
    assert len(json.loads(report.read_text())["controls"]) == 15


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--control", "all", "--format", "svg"], "--format svg makes one file for each control"),
        (["--control", "nothing"], "parameter Control is 'nothing', expected a control by its number"),
        (["--control", "all", "--parameter", "Control=root-usage"], "are both given: give one of the two"),
        (
            ["--control", "root-usage", "--parameter", "RequiredFilterPattern={ $.a = 1 }"],
            "parameters Control and RequiredFilterPattern are both given",
        ),
    ],
)
def test_what_cannot_be_asked_for(capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str) -> None:
    assert main(["evaluate", *arguments]) == 2
    assert sentence in capsys.readouterr().err


def test_what_could_not_be_verified_has_a_status_of_its_own(
    aws: EmbeddedAws, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """4 where nothing is disproved; 1 as soon as one control is."""
    from moto.sns.exceptions import SNSException
    from moto.sns.responses import SNSResponse

    the_section(aws)

    def denied(self: Any) -> Any:
        raise SNSException("AuthorizationError", "no")

    monkeypatch.setattr(SNSResponse, "list_subscriptions_by_topic", denied)
    assert main(["evaluate", "--control", "vpc-changes"]) == 4
    capsys.readouterr()
    assert main(ALL) == 4
    matrix = capsys.readouterr().out.split("\n\n\n")[-1]
    assert re.search(r"^vpc-changes +✓ +✓ +✓ +✓ +\? +·$", matrix, re.MULTILINE)
    assert "? could not be verified" in matrix
    boto3.client("logs").delete_metric_filter(logGroupName=LOG_GROUP, filterName=MISSING)
    assert main([*ALL, "--quiet"]) == 1
