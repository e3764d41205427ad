"""`make deploy` against what goes wrong: somebody else's bucket, a busy function, stacks that fail."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto.awslambda.exceptions import LambdaClientError
from moto.awslambda.responses import LambdaResponse
from moto.cloudformation.models import Stack

from demo.embedded_aws import ACCOUNT_ID, REGION, EmbeddedAws, embedded_aws
from deploy.package import RULE
from deploy.rdk_deployment import main

from .buckets import owners, stranger_s_s3
from .cloudformation import whole_cloudformation
from .test_rdk import BUCKET, FUNCTION, deployed, make, sha256

__all__ = ["owners"]  # a fixture

pytestmark = pytest.mark.built


@pytest.fixture
def aws() -> Iterator[EmbeddedAws]:
    with whole_cloudformation(), embedded_aws() as running:
        yield running


# --------------------------------------------------------------------------- somebody else's bucket


def test_a_bucket_of_that_name_that_is_somebody_else_s_receives_nothing(aws: EmbeddedAws, owners: None) -> None:
    stranger = stranger_s_s3()
    stranger.create_bucket(Bucket=BUCKET)
    done = make(aws, "deploy")
    assert done.returncode == 1
    assert done.stderr.startswith(
        f"make deploy: bucket {BUCKET} does not belong to account {ACCOUNT_ID}, or s3:ListBucket on it is denied: "
        "nothing was put into it."
    )
    assert stranger.list_objects_v2(Bucket=BUCKET)["KeyCount"] == 0
    assert boto3.client("lambda").list_functions()["Functions"] == []
    assert boto3.client("lambda").list_layers()["Layers"] == []
    assert boto3.client("iam").list_roles()["Roles"] == []


def test_a_bucket_that_is_taken_while_rdk_is_at_work_receives_nothing(
    aws: EmbeddedAws, owners: None, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    stranger = stranger_s_s3()
    monkeypatch.setattr("deploy.steps.own_bucket", lambda target: stranger.create_bucket(Bucket=BUCKET))
    assert main(["deploy"]) == 1
    assert "AccessDenied" in capfd.readouterr().out
    assert stranger.list_objects_v2(Bucket=BUCKET)["KeyCount"] == 0
    assert boto3.client("lambda").list_functions()["Functions"] == []


def test_removing_leaves_somebody_else_s_bucket_alone(aws: EmbeddedAws, owners: None) -> None:
    stranger = stranger_s_s3()
    stranger.create_bucket(Bucket=BUCKET)
    stranger.put_bucket_tagging(
        Bucket=BUCKET, Tagging={"TagSet": [{"Key": "created-by", "Value": "ConfigChangesAlarmRule"}]}
    )
    stranger.put_object(Bucket=BUCKET, Key="ConfigChangesAlarmRule/ConfigChangesAlarmRule.zip", Body=b"theirs")
    done = make(aws, "undeploy")
    assert done.returncode == 0, done.stderr
    assert stranger.list_objects_v2(Bucket=BUCKET)["KeyCount"] == 1


def test_what_lies_in_the_bucket_is_not_what_the_function_runs(aws: EmbeddedAws) -> None:
    """The bucket's owner could replace the object before it is read; Lambda is given the bytes themselves."""
    deployed(aws)
    configuration = boto3.client("lambda").get_function_configuration(FunctionName=FUNCTION)
    assert configuration["CodeSha256"] == sha256(RULE.read_bytes())


# --------------------------------------------------------------------------- a busy function


def busy(times: int, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Lambda is still at the stack's change when RDK sends the code, as it may be after every update of a stack."""
    asked: list[str] = []
    update = LambdaResponse.update_function_code

    def refusing(self: LambdaResponse) -> Any:
        asked.append("UpdateFunctionCode")
        if len(asked) <= times:
            message = "The operation cannot be performed at this time. An update is in progress for resource"
            raise LambdaClientError("ResourceConflictException", message)
        return update(self)

    monkeypatch.setattr(LambdaResponse, "update_function_code", refusing)
    return asked


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deploy.rdk._PAUSE_SECONDS", 0.0)
    monkeypatch.setattr("deploy.function._PAUSE_SECONDS", 0.0)


def test_a_second_deployment_waits_for_a_function_that_is_busy(
    aws: EmbeddedAws, hurried: None, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["deploy"]) == 0
    asked = busy(2, monkeypatch)
    assert main(["deploy"]) == 0
    assert len(asked) == 4  # RDK twice in vain and once with its own zip, then the package
    assert capfd.readouterr().out.count("Lambda was still busy with the change before: waiting, then once more") == 2


def test_a_function_that_stays_busy_is_named_as_the_cause(
    aws: EmbeddedAws, hurried: None, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["deploy"]) == 0
    busy(99, monkeypatch)
    assert main(["deploy"]) == 1
    assert capfd.readouterr().err == (
        "make deploy: rdk ended with status 1: Lambda was still busy with the change before, 3 times\n"
    )


# --------------------------------------------------------------------------- stacks


def test_a_stack_that_is_not_there_is_a_failure_although_rdk_ended_with_0(
    aws: EmbeddedAws, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("deploy.rdk.RDK", ("/bin/true",))
    assert main(["deploy"]) == 1
    assert capsys.readouterr().err == (
        f"make deploy: rdk ended with status 0, and stack ConfigChangesAlarmRule in {REGION} is missing\n"
    )


def role_s_stack_rolls_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """A state that the embedded AWS does not get into by itself."""

    def mark_creation_failed(self: Stack) -> None:
        self._add_stack_event("CREATE_FAILED", resource_status_reason="/aws/lambda/x exists")
        self.status = "ROLLBACK_COMPLETE"
        self._add_stack_event(self.status)

    monkeypatch.setattr(Stack, "mark_creation_complete", mark_creation_failed)


def test_the_first_thing_that_failed_in_a_stack_is_told_and_the_next_attempt_starts_anew(
    aws: EmbeddedAws, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as failing:
        role_s_stack_rolls_back(failing)
        done = make(aws, "deploy")
        assert done.returncode == 1
        assert done.stderr == (
            f"make deploy: stack ConfigChangesAlarmRule-role in {REGION} is ROLLBACK_COMPLETE: "
            "ConfigChangesAlarmRule-role: /aws/lambda/x exists\n"
        )
    deployed(aws)
