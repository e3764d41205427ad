"""JSON by its published schemas, Security Hub's findings by AWS's own model of them, OCSF by what it requires."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.validate import ParamValidator
from config_changes_alarm.assessment import Assessment
from config_changes_alarm.chain import assess
from config_changes_alarm.findings import FindingId
from config_changes_alarm.requirement import DEFAULT_REQUIRED_FILTER_PATTERN, Requirement
from config_changes_alarm.resources import LogGroupId

from config_changes_alarm_cli import main
from config_changes_alarm_cli.evaluation import NotEvaluated, Outcome
from config_changes_alarm_cli.formats.json_report import as_json
from config_changes_alarm_cli.formats.ocsf import as_ocsf
from config_changes_alarm_cli.formats.rendering import SEVERAL, SINGLE, Together, rendered, rendered_together
from config_changes_alarm_cli.formats.security_finding import as_security_findings
from config_changes_alarm_cli.formats.style import PLAIN
from tests.accounts import EVENTS
from tests.fake_account import ACCOUNT, NOW, REGION, ConfiguredTrail, FakeAccount, a_monitored_account, a_trail, logging

from .accounts import a_big_account, a_compliant_assessment, assessed, broken_by, evaluated, one_event_missed
from .golden import golden

DOCS = Path(__file__).parents[3] / "docs"
SCHEMA = json.loads((DOCS / "report.schema.json").read_text())
ASSESSMENTS = {
    "compliant": a_compliant_assessment(),
    "one event missed": one_event_missed(),
    "an empty account": assessed(FakeAccount()),
    "a big account": assessed(a_big_account()),
    **{str(kind): broken_by(kind) for kind in FindingId},
}
each_assessment = pytest.mark.parametrize("assessment", ASSESSMENTS.values(), ids=list(ASSESSMENTS))


@each_assessment
def test_json_follows_the_published_schema(assessment: Assessment) -> None:
    jsonschema.validate(json.loads(json.dumps(as_json(evaluated(assessment)))), SCHEMA)


def test_the_schema_refuses_what_is_not_such_a_report() -> None:
    report = as_json(evaluated(a_compliant_assessment()))
    for wrong in ({"compliance": "FAILED"}, {"annotation": "x" * 257}, {"findings": [{"id": "x"}]}, {"extra": 1}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({**report, **wrong}, SCHEMA)


def _problems(findings: list[dict[str, Any]]) -> str:
    model = ServiceModel(Loader().load_service_model("securityhub", "service-2"))
    shape = model.operation_model("BatchImportFindings").input_shape
    assert shape is not None
    report: str = ParamValidator().validate({"Findings": findings}, shape).generate_report()
    return report


@each_assessment
def test_security_hub_takes_the_finding(assessment: Assessment) -> None:
    findings = as_security_findings(evaluated(assessment))
    assert _problems(findings) == ""
    for found in findings:
        assert len(found["Title"]) <= 256
        assert len(found["Description"]) <= 1024
        assert len(found["ProductFields"]) <= 50
        assert len(found.get("Remediation", {}).get("Recommendation", {}).get("Text", "")) <= 512


def test_the_check_of_the_finding_can_fail() -> None:
    assert "Unknown parameter" in _problems([{"Nonsense": 1}])


def test_a_finding_keeps_its_id_and_tells_the_verdict() -> None:
    (failed,) = as_security_findings(evaluated(one_event_missed()))
    (passed,) = as_security_findings(evaluated(a_compliant_assessment()))
    assert failed["Id"] == passed["Id"]
    assert (failed["Compliance"]["Status"], failed["Severity"]["Label"]) == ("FAILED", "LOW")
    assert (passed["Compliance"]["Status"], passed["Severity"]["Label"]) == ("PASSED", "INFORMATIONAL")
    assert failed["Remediation"]["Recommendation"]["Text"].startswith("Add a second filter to its metric: aws logs")
    assert "would go unnoticed" in failed["ProductFields"].values()
    assert events_of(passed) == dict.fromkeys(EVENTS, "covered")


def unverified() -> Assessment:
    """Nobody may read who subscribes to the topic."""
    return assessed(a_monitored_account().refusing("sns:ListSubscriptionsByTopic"))


def put_off() -> Assessment:
    """The log group lies in another account, which may not be read, and the rule puts that off."""
    elsewhere = LogGroupId("aws", "999999999999", REGION, "organization")
    account = FakeAccount(configured_trails=(ConfiguredTrail(a_trail("organization", elsewhere), logging()),))
    return assess(account.opened(), Requirement.parse({"UnverifiableAccount": "NOT_APPLICABLE"}), NOW)


@pytest.mark.parametrize(
    ("assessment", "security_hub", "ocsf"),
    [
        (a_compliant_assessment(), "PASSED", (1, "Pass")),
        (one_event_missed(), "FAILED", (3, "Fail")),
        (unverified(), "WARNING", (2, "Warning")),
        (put_off(), "NOT_AVAILABLE", (2, "Warning")),
    ],
    ids=["proved", "disproved", "not verified", "not applicable"],
)
def test_each_format_has_a_state_for_what_could_not_be_verified(
    assessment: Assessment, security_hub: str, ocsf: tuple[int, str]
) -> None:
    (hub,), (finding,) = as_security_findings(evaluated(assessment)), as_ocsf(evaluated(assessment))
    assert hub["Compliance"]["Status"] == security_hub
    assert (finding["compliance"]["status_id"], finding["compliance"]["status"]) == ocsf
    disproved = security_hub == "FAILED"
    assert ("would go unnoticed" in events_of(hub).values()) is disproved
    assert bool(finding["unmapped"]["unnoticed_events"]) is disproved
    assert bool(finding["unmapped"]["unverified_events"]) is (ocsf == (2, "Warning"))


def events_of(found: dict[str, Any]) -> dict[str, str]:
    """What a finding of Security Hub says of each required event."""
    return {name: found["ProductFields"][f"config-changes-alarm/{name}"] for name in EVENTS}


# --------------------------------------------------------------------------- several accounts, and patterns


def test_the_report_of_an_account_is_the_same_among_others() -> None:
    """Each schema can be used alone, and a report follows the same one wherever it stands."""
    accounts = json.loads((DOCS / "reports.schema.json").read_text())["properties"]["accounts"]["items"]
    controls = json.loads((DOCS / "control-reports.schema.json").read_text())["properties"]["controls"]["items"]
    name = accounts["properties"].pop("name")
    accounts["required"].remove("name")
    assert name["type"] == "string"
    assert accounts == controls == {key: SCHEMA[key] for key in controls}


def test_the_json_of_several_accounts_follows_its_schema() -> None:
    outcomes: list[Outcome] = [evaluated(assessment, name) for name, assessment in ASSESSMENTS.items()]
    outcomes.append(NotEvaluated("nobody", "", "", "The config profile (nobody) could not be found"))
    schema = json.loads((DOCS / "reports.schema.json").read_text())
    jsonschema.validate(json.loads(rendered_together("json", outcomes, PLAIN)), schema)
    report = schema["properties"]["accounts"]["items"]["properties"]
    assert {name: part for name, part in report.items() if name != "name"} == SCHEMA["properties"]


@pytest.mark.parametrize(
    "pattern",
    [
        DEFAULT_REQUIRED_FILTER_PATTERN,
        "{ $.eventName = Put* }",
        "{ $.a = }",
        "{ $.eventSource = config.amazonaws.com && $.sourceIPAddress != a-b }",
    ],
)
def test_the_json_of_an_explanation_follows_its_schema(capsys: pytest.CaptureFixture[str], pattern: str) -> None:
    main(["explain-pattern", pattern, "--format", "json"])
    schema = json.loads((DOCS / "explanation.schema.json").read_text())
    jsonschema.validate(json.loads(capsys.readouterr().out), schema)


def test_a_finding_lies_in_its_own_partition() -> None:
    (found,) = json.loads(rendered("asff", evaluated(one_event_missed(), partition="aws-us-gov")))
    assert found["ProductArn"].startswith("arn:aws-us-gov:securityhub:")
    assert found["Resources"][0]["Partition"] == "aws-us-gov"


REQUIRED_BY_OCSF: dict[str, type] = {
    "activity_id": int,
    "category_uid": int,
    "class_uid": int,
    "cloud": dict,
    "compliance": dict,
    "finding_info": dict,
    "metadata": dict,
    "severity_id": int,
    "time": int,
    "type_uid": int,
}
"""OCSF 1.5, class compliance_finding with the profile cloud: what must be there."""


@each_assessment
def test_ocsf_finds_what_it_requires(assessment: Assessment) -> None:
    (found,) = as_ocsf(evaluated(assessment))
    assert {name: type(found.get(name)) for name in REQUIRED_BY_OCSF} == REQUIRED_BY_OCSF
    assert found["type_uid"] == found["class_uid"] * 100 + found["activity_id"]
    assert set(found["metadata"]) >= {"product", "version"}
    assert set(found["finding_info"]) >= {"title", "uid"}
    failed = 3 if assessment.disproved else 2
    assert found["compliance"]["status_id"] == (failed if assessment.reasons else 1)
    assert found["remediation"]["desc"]


@pytest.mark.parametrize("name", ["json", "asff", "ocsf"])
def test_what_other_programs_get_of_an_account(name: str) -> None:
    golden(f"json/one-event-missed.{name}.json", rendered(name, evaluated(one_event_missed())) + "\n")


SHUT = NotEvaluated("staging", "222222222222", REGION, "sts:AssumeRole: AccessDenied", asked=("root-usage", "custom"))
UNKNOWN = NotEvaluated("nobody", "", "", "The config profile (nobody) could not be found")
"""Not even whose account it is."""
OUTCOMES: list[Outcome] = [evaluated(a_compliant_assessment()), SHUT, UNKNOWN, evaluated(one_event_missed())]


def test_security_hub_s_findings_of_several_accounts_are_one_list() -> None:
    """What could not be evaluated has a finding for each control, of an account that is not known there can be none."""
    findings = json.loads(rendered_together("asff", OUTCOMES, PLAIN))
    assert _problems(findings) == ""
    assert [(each["AwsAccountId"], each["Compliance"]["Status"]) for each in findings] == [
        (ACCOUNT, "PASSED"),
        ("222222222222", "NOT_AVAILABLE"),
        ("222222222222", "NOT_AVAILABLE"),
        (ACCOUNT, "FAILED"),
    ]
    assert findings[1]["Id"] == f"config-changes-alarm/{REGION}/222222222222/root-usage"
    assert findings[1]["Title"] == "Usage of the 'root' account is monitored"
    assert findings[1]["Description"] == "The account could not be evaluated: sts:AssumeRole: AccessDenied"


def test_the_finding_of_what_could_not_be_evaluated_takes_the_place_of_its_verdict() -> None:
    """A verdict of yesterday must not stand there as if it still held."""
    (before,) = as_security_findings(evaluated(a_compliant_assessment()))
    (after,) = as_security_findings(NotEvaluated("production", ACCOUNT, REGION, "no way in"))
    assert before["Id"] == after["Id"]
    assert before["ProductArn"] == after["ProductArn"]


@pytest.mark.parametrize(
    ("region", "partition"),
    [("eu-west-1", "aws"), ("us-gov-west-1", "aws-us-gov"), ("cn-north-1", "aws-cn"), ("us-iso-east-1", "aws-iso")],
)
def test_what_could_not_be_evaluated_lies_in_its_partition(region: str, partition: str) -> None:
    (found,) = as_security_findings(NotEvaluated("shut", ACCOUNT, region, "no way in"))
    assert found["ProductArn"] == f"arn:{partition}:securityhub:{region}:{ACCOUNT}:product/{ACCOUNT}/default"


def test_ocsf_has_a_finding_without_a_result_for_what_could_not_be_evaluated() -> None:
    findings = json.loads(rendered_together("ocsf", OUTCOMES, PLAIN))
    statuses = [each["compliance"]["status"] for each in findings]
    assert statuses == ["Pass", "Warning", "Warning", "Warning", "Fail"]
    assert len({each["finding_info"]["uid"] for each in findings[:-1]}) == 4
    for each in findings:
        assert {name: type(each.get(name)) for name in REQUIRED_BY_OCSF} == REQUIRED_BY_OCSF
    assert "account" not in findings[3]["cloud"]
    assert findings[3]["message"].endswith("The config profile (nobody) could not be found")


@pytest.mark.parametrize("name", SEVERAL)
@pytest.mark.parametrize("together", [Together.ACCOUNTS, Together.CONTROLS_OF_ACCOUNTS])
def test_every_format_of_several_names_the_accounts_that_could_not_be_evaluated(name: str, together: Together) -> None:
    report = " ".join(rendered_together(name, OUTCOMES, PLAIN, together).replace("\\", "").split())
    assert "222222222222" in report
    assert "sts:AssumeRole: AccessDenied" in report
    if name != "asff":
        assert "could not be found" in report
        assert "nobody" in report


def test_every_format_is_offered() -> None:
    assert set(SEVERAL) <= set(SINGLE)
