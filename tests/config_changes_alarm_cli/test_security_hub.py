"""Verdicts for Security Hub: a file for each account, or sent to each account's own hub."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.securityhub.responses import SecurityHubResponse
from moto.sts.exceptions import STSClientError
from moto.sts.responses import TokenResponse

from config_changes_alarm_cli import main
from demo.embedded_aws import ACCOUNT_ID, REGION, EmbeddedAws, embedded_aws

from .organization import ROLE, an_organization, monitored, session_in

TWO = ["--control", "aws-config-changes", "--control", "root-usage"]

NOT_IN_THE_MODEL = pytest.mark.filterwarnings("ignore:Exception.STSClientError. with code AccessDenied")


@pytest.fixture(scope="module")
def members() -> Any:
    with embedded_aws() as aws:
        ids = an_organization(aws, 3)
        monitored(*ids)
        yield ids


@pytest.fixture
def _one_shut(members: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    assume_role = TokenResponse.assume_role

    def denied(self: Any) -> Any:
        if members[2] in self._get_param("RoleArn"):
            raise STSClientError("AccessDenied", "no")
        return assume_role(self)

    monkeypatch.setattr(TokenResponse, "assume_role", denied)


def findings_in(session: Any) -> dict[str, str]:
    """The id of each finding of a hub, with its status."""
    found = session.client("securityhub", region_name=REGION).get_findings()["Findings"]
    return {each["Id"]: each["Compliance"]["Status"] for each in found}


@pytest.mark.usefixtures("_one_shut")
@NOT_IN_THE_MODEL
def test_each_account_has_a_file_of_its_own(members: tuple[str, ...], tmp_path: Path) -> None:
    hubs = tmp_path / "hubs.json"
    arguments = ["--organization", ROLE, *TWO, "--format", "asff", "--output", str(hubs), "--quiet"]
    assert main(["evaluate", *arguments]) == 2
    files = {path.name: json.loads(path.read_text()) for path in hubs.iterdir()}
    assert set(files) == {f"{account}-{REGION}.json" for account in (ACCOUNT_ID, *members)}
    for name, findings in files.items():
        assert {each["AwsAccountId"] for each in findings} == {name[:12]}
        assert len({each["Id"] for each in findings}) == 2
    assert {each["Compliance"]["Status"] for each in files[f"{members[2]}-{REGION}.json"]} == {"NOT_AVAILABLE"}


@pytest.mark.usefixtures("_one_shut")
@NOT_IN_THE_MODEL
def test_each_account_s_verdicts_are_sent_to_its_own_hub(members: tuple[str, ...]) -> None:
    assert main(["evaluate", "--organization", ROLE, *TWO, "--send", "--quiet"]) == 2  # one could not be entered
    for account_id in members[:2]:
        start = f"config-changes-alarm/{REGION}/{account_id}"
        assert findings_in(session_in(account_id)) == {start: "PASSED", f"{start}/root-usage": "FAILED"}
    assert f"config-changes-alarm/{REGION}/{ACCOUNT_ID}" in findings_in(boto3.Session())


def test_a_verdict_of_one_account_is_sent_again_as_the_same_finding(aws: EmbeddedAws) -> None:
    for _ in range(2):
        assert main(["evaluate", "--send", "--quiet"]) == 1
    assert findings_in(boto3.Session()) == {f"config-changes-alarm/{REGION}/{ACCOUNT_ID}": "FAILED"}


@pytest.fixture
def imports(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many findings each call has."""
    made: list[int] = []
    answer = SecurityHubResponse.batch_import_findings

    def counted(self: Any) -> Any:
        made.append(len(json.loads(self.body)["Findings"]))
        return answer(self)

    monkeypatch.setattr(SecurityHubResponse, "batch_import_findings", counted)
    return made


def test_many_controls_are_sent_in_one_call(aws: EmbeddedAws, imports: list[int]) -> None:
    assert main(["evaluate", "--control", "all", "--send", "--quiet"]) == 1
    assert imports == [15]


def test_nothing_is_sent_unless_it_is_asked_for(aws: EmbeddedAws, imports: list[int]) -> None:
    assert main(["evaluate", "--quiet"]) == 1
    assert imports == []


def test_what_the_hub_refuses_is_said_after_the_report(
    aws: EmbeddedAws, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(self: Any) -> str:
        failed = [{"Id": "x", "ErrorCode": "InvalidInput", "ErrorMessage": "no such product"}]
        return json.dumps({"FailedCount": 1, "SuccessCount": 0, "FailedFindings": failed})

    monkeypatch.setattr(SecurityHubResponse, "batch_import_findings", refused)
    assert main(["evaluate", "--send"]) == 2
    output = capsys.readouterr()
    assert "NON_COMPLIANT" in output.out
    assert output.err == (
        f"config-changes-alarm: not sent to Security Hub: {ACCOUNT_ID}, {REGION}: "
        "Security Hub refuses 1 of 1 findings: InvalidInput, no such product\n"
    )
