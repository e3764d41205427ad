"""parliament, which knows AWS's actions and resources, has nothing against the roles, nor checkov against the rest."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path

import botocore.session
import pytest

from deploy.permissions import EVALUATOR, LOG_GROUP_READER, WRITES_LOG, Permission, may_assume, policy

pytestmark = pytest.mark.built

ROOT = Path(__file__).parents[2]
PARLIAMENT = ROOT / "build/tools/bin/parliament"
MEANT = {"AWS::Partition": "aws", "AWS::AccountId": "111122223333", "AWS::Region": "eu-west-1", "RuleName": "rule"}


def document(permissions: Sequence[Permission]) -> str:
    def resolved(found: dict[str, str]) -> object:
        return found.get("Fn::Sub", found)

    text = json.dumps(policy(permissions))
    for name, value in MEANT.items():
        text = text.replace(f"${{{name}}}", value)
    return json.dumps(json.loads(text, object_hook=resolved))


def findings(text: str) -> set[tuple[str, str]]:
    command = [str(PARLIAMENT), "--json", "--string", text]
    lines = subprocess.run(command, capture_output=True, text=True).stdout.splitlines()
    return {(found["issue"], str(found["location"].get("string", found["detail"]))) for found in map(json.loads, lines)}


def operations() -> dict[str, str]:
    """Of CloudWatch, with their documentation."""
    model = botocore.session.get_session().get_service_model("cloudwatch")
    return {name: model.operation_model(name).documentation for name in model.operation_names}


@pytest.mark.parametrize(
    "permissions",
    [EVALUATOR, LOG_GROUP_READER, (WRITES_LOG, may_assume("member", ""))],
    ids=["evaluator", "log group's reader", "function"],
)
def test_it_finds_nothing_but_what_aws_says_otherwise(permissions: tuple[Permission, ...]) -> None:
    for issue, about in findings(document(permissions)):
        match issue:
            case "UNKNOWN_ACTION":  # newer than parliament's table
                assert about.removeprefix("cloudwatch:") in operations()
            case "RESOURCE_STAR":
                for action in ("DescribeAlarms", "DescribeAlarmHistory"):
                    about = about.replace(f"cloudwatch:{action}", "")
                    assert "permission that is scoped to <code>*</code>" in operations()[action]
                assert "cloudwatch:" not in about
            case _:
                pytest.fail(f"{issue}: {about}")


def test_it_would_have_told() -> None:
    wide = Permission("Wide", ("cloudtrail:GetTrailStatus",), ("arn:aws:s3:::bucket",), "")
    assert "RESOURCE_MISMATCH" in {issue for issue, _ in findings(document([wide]))}


CHECKOV = ROOT / "build/checks/bin/checkov"


def test_checkov_finds_nothing_that_is_not_excused_in_the_file() -> None:
    if not CHECKOV.exists():
        pytest.skip("checkov is not there: make test-deploy brings it")
    templates = [
        *ROOT.glob("deploy/*.yaml"),
        ROOT / "remediation/stack.yaml",
        ROOT / "remediation/automation-role.yaml",
    ]
    files = [word for path in templates for word in ("--file", str(path))]
    command = [str(CHECKOV), "--framework", "cloudformation", "--compact", "--quiet", "--skip-download", *files]
    found = subprocess.run(command, capture_output=True, text=True)
    assert found.returncode == 0, found.stdout
