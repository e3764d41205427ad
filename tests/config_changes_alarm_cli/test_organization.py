"""Many accounts side by side, against the embedded AWS: one account's failure is its own."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import boto3
import jsonschema
import pytest
from moto.logs.exceptions import LogsClientError
from moto.logs.responses import LogsResponse
from moto.sts.exceptions import STSClientError
from moto.sts.responses import TokenResponse

from config_changes_alarm_cli import main
from demo.embedded_aws import ACCOUNT_ID, REGION, EmbeddedAws, embedded_aws

from .organization import ROLE, an_organization, monitored, session_in

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "control-reports.schema.json").read_text())
MEMBERS = 50 if os.environ.get("DEEP") else 6

NOT_IN_THE_MODEL = pytest.mark.filterwarnings("ignore:Exception.STSClientError. with code AccessDenied")
"""The service model of STS does not name this error, although STS answers it."""


@pytest.fixture(scope="module")
def members() -> Any:
    """The members of an organization: all are monitored but the first two, where somebody has been at work."""
    with embedded_aws() as aws:
        ids = an_organization(aws, MEMBERS)
        monitored(*ids)
        session_in(ids[0]).client("cloudtrail").stop_logging(Name="everything")
        session_in(ids[1]).client("cloudwatch").delete_alarms(AlarmNames=["config-changes"])
        yield ids


@pytest.fixture
def _two_shut(members: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    """The third member denies the role; in the fourth CloudWatch Logs answers what nobody can make sense of."""
    assume_role = TokenResponse.assume_role
    describe_metric_filters = LogsResponse.describe_metric_filters

    def denied(self: Any) -> Any:
        if members[2] in self._get_param("RoleArn"):
            raise STSClientError("AccessDenied", "no")
        return assume_role(self)

    def odd(self: Any) -> Any:
        if self.current_account == members[3]:
            raise LogsClientError("OddException", "never heard of")
        return describe_metric_filters(self)

    monkeypatch.setattr(TokenResponse, "assume_role", denied)
    monkeypatch.setattr(LogsResponse, "describe_metric_filters", odd)


@pytest.mark.usefixtures("_two_shut")
@NOT_IN_THE_MODEL
def test_every_account_has_its_line_and_the_worst_decides(
    members: tuple[str, ...], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    assert main(["evaluate", "--organization", ROLE]) == 2
    output = capsys.readouterr()
    assert output.err == ""
    lines = [re.sub(r"\s{2,}", " | ", line) for line in output.out.splitlines() if re.match(r"\d{12}", line)]
    compliant = [
        f"{account} | member-{number:02} | us-east-1 | COMPLIANT" for number, account in enumerate(members[4:], 5)
    ]
    assert lines[-1].startswith(f"{members[3]} | member-04 | us-east-1 | NOT EVALUATED | logs:DescribeMetricFilters")
    assert lines[:-1] == [
        *compliant,
        f"{ACCOUNT_ID} | master | us-east-1 | NON_COMPLIANT | No CloudTrail trail covers this Region",
        f"{members[0]} | member-01 | us-east-1 | NON_COMPLIANT | Trail everything is not logging",
        f"{members[1]} | member-02 | us-east-1 | NON_COMPLIANT | No alarm watches metric CIS/ConfigChanges",
        f"{members[2]} | member-03 | us-east-1 | NOT EVALUATED | "
        f"sts:AssumeRole of arn:aws:iam::{members[2]}:role/{ROLE}:",  # and more on the next line
    ]
    assert output.out.splitlines()[-1] == (
        f"{MEMBERS + 1} accounts: {MEMBERS - 4} COMPLIANT, 3 NON_COMPLIANT, 2 not evaluated"
    )


@pytest.mark.usefixtures("_two_shut")
@NOT_IN_THE_MODEL
def test_as_json_the_accounts_and_those_without_a_verdict(
    members: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", "--organization", ROLE, "--format", "json"]) == 2
    answer = json.loads(capsys.readouterr().out)
    verdicts = {each["account"]: each["compliance"] for each in answer["accounts"]}
    bad = {ACCOUNT_ID, *members[:2]}
    assert verdicts == {
        account: "NON_COMPLIANT" if account in bad else "COMPLIANT"
        for account in (ACCOUNT_ID, *members[:2], *members[4:])
    }
    assert [each["account"] for each in answer["not_evaluated"]] == list(members[2:4])


def test_reports_and_recordings_go_into_directories(
    members: tuple[str, ...], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    reports, recordings = tmp_path / "reports", tmp_path / "recordings"
    arguments = ["--organization", ROLE, "--format", "html", "--output", str(reports), "--record", str(recordings)]
    assert main(["evaluate", *arguments]) == 1
    assert "NON_COMPLIANT" in capsys.readouterr().out
    names = {f"{account}-{REGION}" for account in (ACCOUNT_ID, *members)}
    assert {path.name for path in reports.iterdir()} == {f"{name}.html" for name in (*names, "index")}
    assert {path.name for path in recordings.iterdir()} == {f"{name}.json" for name in names}
    assert main(["replay", str(recordings / f"{members[0]}-{REGION}.json")]) == 1
    assert "Trail everything is not logging" in capsys.readouterr().out


def test_a_page_of_several_accounts_needs_a_directory(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "--profile", "a", "--profile", "b", "--format", "html"]) == 2
    assert capsys.readouterr().err == (
        "config-changes-alarm: --format html makes one file for each account: give --output DIRECTORY\n"
    )


def test_without_the_right_to_list_accounts(
    members: tuple[str, ...], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from moto.organizations.exceptions import AWSOrganizationsNotInUseException
    from moto.organizations.responses import OrganizationsResponse

    def not_in_use(self: Any) -> Any:
        raise AWSOrganizationsNotInUseException

    monkeypatch.setattr(OrganizationsResponse, "list_accounts", not_in_use)
    assert main(["evaluate", "--organization", ROLE]) == 2
    assert capsys.readouterr().err == (
        "config-changes-alarm: organizations:ListAccounts: AWSOrganizationsNotInUseException\n"
    )


# --------------------------------------------------------------------------- accounts by controls


@pytest.mark.usefixtures("_two_shut")
@NOT_IN_THE_MODEL
def test_accounts_by_controls(
    members: tuple[str, ...], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that is monitored, one that is not, one that is shut, and one that cannot be read."""
    monkeypatch.setenv("COLUMNS", "120")
    assert main(["evaluate", "--organization", ROLE, "--control", "root-usage", "--control", "CloudWatch.9"]) == 2
    output = capsys.readouterr().out
    marks = {line.split()[0]: line.split()[3:] for line in output.splitlines() if re.match(r"\d{12}", line)}
    assert marks[members[4]] == ["✗", "✓"]
    assert marks[members[0]] == ["✗", "✗"]
    assert marks[members[2]] == marks[members[3]] == ["!", "!"]
    assert f" 1 root-usage: 0 of {MEMBERS + 1} COMPLIANT" in output.splitlines()
    assert f" 2 aws-config-changes: {MEMBERS - 4} of {MEMBERS + 1} COMPLIANT" in output.splitlines()
    assert f"! {members[2]} member-03: sts:AssumeRole of" in output
    assert f"! {members[3]} member-04 root-usage: logs:DescribeMetricFilters" in output
    assert output.splitlines()[-1].startswith(f"{MEMBERS + 1} accounts, 2 controls: {MEMBERS - 4} COMPLIANT, ")


@pytest.mark.usefixtures("_two_shut")
@NOT_IN_THE_MODEL
def test_as_json_each_account_has_its_controls(members: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--control", "root-usage", "--control", "CloudWatch.9", "--format", "json"]
    assert main(["evaluate", "--organization", ROLE, *arguments]) == 2
    answer = json.loads(capsys.readouterr().out)
    by_account = {each["account"]: each for each in answer["accounts"]}
    assert [each["account"] for each in answer["not_evaluated"]] == [members[2]]
    assert {each["control"]: each["compliance"] for each in by_account[members[4]]["controls"]} == {
        "root-usage": "NON_COMPLIANT",
        "aws-config-changes": "COMPLIANT",
    }
    assert by_account[members[4]]["name"] == "member-05"
    assert by_account[members[3]]["controls"] == []
    assert [each["control"] for each in by_account[members[3]]["not_evaluated"]] == ["root-usage", "aws-config-changes"]
    for each in by_account.values():
        each.pop("name")
        jsonschema.validate(each, SCHEMA)


# --------------------------------------------------------------------------- several profiles


@pytest.fixture
def profiles(aws: EmbeddedAws, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """Two profiles with credentials of two accounts, of which one is monitored; and the name of one that is none."""
    text = ""
    for name, account_id in (("production", "111111111111"), ("staging", "222222222222")):
        arn = f"arn:aws:iam::{account_id}:role/builder"
        given = boto3.client("sts").assume_role(RoleArn=arn, RoleSessionName="builder")["Credentials"]
        text += (
            f"[profile {name}]\naws_access_key_id={given['AccessKeyId']}\n"
            f"aws_secret_access_key={given['SecretAccessKey']}\naws_session_token={given['SessionToken']}\n"
            f"region={REGION}\n"
        )
    aws.confirm("security@example.com")
    monitored("111111111111")
    (tmp_path / "config").write_text(text)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    return ["production", "staging", "nobody"]


def test_several_profiles(profiles: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    arguments = [argument for name in profiles for argument in ("--profile", name)]
    assert main(["evaluate", *arguments]) == 2
    assert capsys.readouterr().out == (
        "ACCOUNT       NAME        REGION     VERDICT        WHY\n"
        "111111111111  production  us-east-1  COMPLIANT\n"
        "222222222222  staging     us-east-1  NON_COMPLIANT  No CloudTrail trail covers\n"
        "                                                    this Region\n"
        "?             nobody                 NOT EVALUATED  The config profile (nobody)\n"
        "                                                    could not be found\n"
        "\n"
        "3 accounts: 1 COMPLIANT, 1 NON_COMPLIANT, 1 not evaluated\n"
    )
    assert main(["evaluate", "--profile", "production", "--profile", "production", "--quiet"]) == 0
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(("names", "status"), [(["production", "staging"], 1), (["production", "nobody"], 2)])
def test_the_exit_status_of_several(profiles: list[str], names: list[str], status: int) -> None:
    arguments = [argument for name in names for argument in ("--profile", name)]
    assert main(["evaluate", "--quiet", *arguments]) == status


def test_two_profiles_of_one_account_have_a_report_each(profiles: list[str], tmp_path: Path) -> None:
    config = tmp_path / "config"
    config.write_text(config.read_text() + config.read_text().replace("production", "again").replace("staging", "more"))
    reports = tmp_path / "reports"
    arguments = ["--profile", "production", "--profile", "again", "--output", str(reports), "--quiet"]
    assert main(["evaluate", *arguments]) == 0
    assert {path.name for path in reports.iterdir()} == {f"111111111111-{REGION}.txt", f"111111111111-{REGION}-2.txt"}


def test_a_directory_that_cannot_be_made_is_named_before_anything_is_read(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    arguments = ["--profile", "a", "--profile", "b", "--output", str(tmp_path / "file")]
    assert main(["evaluate", *arguments]) == 2
    assert capsys.readouterr().err == (
        f"config-changes-alarm: cannot make the directory {tmp_path / 'file'}: File exists\n"
    )


def test_an_organization_is_entered_by_one_profile(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "--organization", ROLE, "--profile", "a", "--profile", "b"]) == 2
    assert "--organization takes one --profile" in capsys.readouterr().err
