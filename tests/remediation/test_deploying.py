"""The document and the templates are taken as they are, and what is read back of them is the runbook."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import boto3
import pytest
import yaml

from demo.embedded_aws import ACCOUNT_ID, EmbeddedAws
from remediation.build import NAME, compact, document, document_name

FOLDER = Path(__file__).parents[2] / "remediation"
ROLE = f"arn:aws:iam::{ACCOUNT_ID}:role/{NAME}"

# what the embedded AWS does not make is only left out
pytestmark = pytest.mark.filterwarnings("ignore:Tried to parse .*RemediationConfiguration")


def read_back(name: str) -> tuple[str, str, Any]:
    found = boto3.client("ssm").get_document(Name=name)
    return found["DocumentType"], found["DocumentVersion"], json.loads(found["Content"])


def test_the_document_can_be_created_as_it_is(aws: EmbeddedAws) -> None:
    ssm = boto3.client("ssm")
    content = (FOLDER / f"{NAME}.yaml").read_text()
    ssm.create_document(Name=NAME, DocumentType="Automation", DocumentFormat="YAML", Content=content)
    assert yaml.safe_load(ssm.get_document(Name=NAME, DocumentFormat="YAML")["Content"]) == document()


def test_the_role_and_the_stack_can_be_deployed_one_after_the_other(aws: EmbeddedAws) -> None:
    cloudformation = boto3.client("cloudformation")
    role = (FOLDER / "automation-role.yaml").read_text()
    cloudformation.create_stack(StackName="role", TemplateBody=role, Capabilities=["CAPABILITY_NAMED_IAM"])
    (output,) = cloudformation.describe_stacks(StackName="role")["Stacks"][0]["Outputs"]
    assert (output["OutputKey"], output["OutputValue"]) == ("AutomationAssumeRole", ROLE)

    stack = (FOLDER / "stack.yaml").read_text()
    cloudformation.create_stack(StackName="runbook", TemplateBody=stack)
    (output,) = cloudformation.describe_stacks(StackName="runbook")["Stacks"][0]["Outputs"]
    assert (output["OutputKey"], output["OutputValue"]) == ("DocumentName", document_name())
    assert read_back(document_name()) == ("Automation", "1", compact(document()))
