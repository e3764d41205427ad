"""JSON by its published schema, and Security Hub's findings by AWS's own model of them."""

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
from config_changes_alarm.formats.security_finding import as_security_findings
from config_changes_alarm.report import as_json

from tests.plain_account import NOW, PlainAccount

from .accounts import a_big_account, a_compliant_assessment, assessed, one_event_missed

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/report.schema.json").read_text())
ASSESSMENTS = {
    "compliant": a_compliant_assessment(),
    "one event missed": one_event_missed(),
    "an empty account": assessed(PlainAccount()),
    "a big account": assessed(a_big_account()),
}
each_assessment = pytest.mark.parametrize("assessment", ASSESSMENTS.values(), ids=list(ASSESSMENTS))


@each_assessment
def test_json_follows_the_published_schema(assessment: Assessment) -> None:
    jsonschema.validate(json.loads(json.dumps(as_json(assessment))), SCHEMA)


def test_the_schema_refuses_what_is_not_such_a_report() -> None:
    report = as_json(a_compliant_assessment())
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
    findings = as_security_findings(assessment, NOW)
    assert _problems(findings) == ""
    for found in findings:
        assert len(found["Title"]) <= 256
        assert len(found["Description"]) <= 1024
        assert len(found["ProductFields"]) <= 50
        assert len(found.get("Remediation", {}).get("Recommendation", {}).get("Text", "")) <= 512


def test_the_check_of_the_finding_can_fail() -> None:
    assert "Unknown parameter" in _problems([{"Nonsense": 1}])


def test_a_finding_keeps_its_id_and_tells_the_verdict() -> None:
    (failed,) = as_security_findings(one_event_missed(), NOW)
    (passed,) = as_security_findings(a_compliant_assessment(), NOW)
    assert failed["Id"] == passed["Id"]
    assert (failed["Compliance"]["Status"], failed["Severity"]["Label"]) == ("FAILED", "LOW")
    assert (passed["Compliance"]["Status"], passed["Severity"]["Label"]) == ("PASSED", "INFORMATIONAL")
    assert failed["Remediation"]["Recommendation"]["Text"].startswith("Widen the filter's pattern: aws logs")
    assert "would go unnoticed" in failed["ProductFields"].values()
    assert set(passed["ProductFields"].values()) == {"covered"}
