"""The plans of the tests are what Terraform prints, and what a plan would leave is what apply leaves.

For that Terraform has to be there, and TERRAFORM_PLUGINS has to name a folder that mirrors the provider hashicorp/aws,
as `terraform providers mirror` makes it. The plans are written anew with GOLDEN=write.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import boto3
import pytest
from config_changes_alarm.account import Identity
from config_changes_alarm.account.aws import AwsSource
from config_changes_alarm.assessment import Compliance
from config_changes_alarm.chain import assess
from config_changes_alarm.requirement import Requirement

from demo.embedded_aws import ACCOUNT_ID, EmbeddedAws, embedded_aws

from .plans import CONFIGURATIONS, HERE, Document, a_plan, judged

PLUGINS = os.environ.get("TERRAFORM_PLUGINS")
pytestmark = pytest.mark.skipif(
    PLUGINS is None or shutil.which("terraform") is None,
    reason="Terraform is not there, or TERRAFORM_PLUGINS names no folder with the provider",
)


@pytest.fixture(scope="module")
def aws() -> Iterator[EmbeddedAws]:
    with embedded_aws() as made:
        place = {"LocationConstraint": "eu-west-1"}
        client = boto3.client("s3", region_name="eu-west-1", endpoint_url=made.endpoint)
        client.create_bucket(Bucket="trails-of-everybody", CreateBucketConfiguration=place)
        yield made


class _Terraform:
    def __init__(self, name: str, folder: Path, aws: EmbeddedAws) -> None:
        self._folder = folder / name
        shutil.copytree(HERE / "configurations" / name, self._folder)
        settings = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "TF_"))}
        self._environment = {
            **settings,
            "AWS_ENDPOINT_URL": aws.endpoint,
            "AWS_ACCESS_KEY_ID": "embedded",
            "AWS_SECRET_ACCESS_KEY": "embedded",
            "AWS_EC2_METADATA_DISABLED": "true",
        }
        self.run("init", "-input=false", f"-plugin-dir={PLUGINS}")

    def run(self, *arguments: str) -> str:
        command = ["terraform", arguments[0], *arguments[1:]]
        if arguments[0] != "show":
            command.append("-no-color")
        done = subprocess.run(
            command, cwd=self._folder, env=self._environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def plan(self) -> Document:
        self.run("plan", "-input=false", "-out=plan.out")
        document: Document = json.loads(self.run("show", "-json", "plan.out"))
        document.pop("timestamp", None)
        return document


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_terraform_prints_such_a_plan(name: str, tmp_path: Path, aws: EmbeddedAws) -> None:
    document = _Terraform(name, tmp_path, aws).plan()
    if os.environ.get("GOLDEN") == "write":
        path = HERE / "plans" / f"{name}.json"
        text = re.sub(r'"[\w.]+/(hashicorp/\w+")', r'"\1', json.dumps(document, indent=1))  # no host
        path.write_text(text + "\n", encoding="utf-8")
    assert judged(document) == judged(a_plan(name))


def test_what_a_plan_would_leave_is_what_apply_leaves(tmp_path: Path, aws: EmbeddedAws) -> None:
    terraform = _Terraform("complete", tmp_path, aws)
    before = judged(terraform.plan())
    terraform.run("apply", "-auto-approve", "plan.out")
    session = boto3.Session(region_name="eu-west-1")
    now = datetime.now(UTC) + timedelta(minutes=1)

    def verdict() -> Compliance:
        source = AwsSource(session, Identity(ACCOUNT_ID, "eu-west-1"))
        return assess(source.account(), Requirement.parse({}), now).compliance

    def planned_verdict() -> Compliance:
        return judged(terraform.plan()).assessment.compliance

    assert before.assessment.compliance is Compliance.COMPLIANT  # which assumes that somebody confirms
    assert (planned_verdict(), verdict()) == (Compliance.NON_COMPLIANT, Compliance.NON_COMPLIANT)
    aws.confirm("security@example.com")
    assert (planned_verdict(), verdict()) == (Compliance.COMPLIANT, Compliance.COMPLIANT)
