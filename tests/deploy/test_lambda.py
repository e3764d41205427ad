"""The packages in AWS's own Lambda runtime interface emulator, invoked with the `aws` CLI: `make test-lambda`.

The function's process sees the unpacked packages, the runtime client and the standard library; no environment of ours.
Its AWS is the embedded one.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from demo.embedded_aws import EmbeddedAws
from demo.evaluate import evaluation_shown, scheduled_event
from deploy.package import LAYER, ROOT, RULE
from deploy.settings import Settings

from ..accounts import an_account

pytestmark = pytest.mark.built

EMULATOR = ROOT / "build/emulator/aws-lambda-rie"
RUNTIME = next((ROOT / "build/tools/lib").glob("python3.*/site-packages"), ROOT)
RUNTIME_CLIENT = ("awslambdaric", "snapshot_restore_py", "simplejson")


@dataclass(frozen=True, slots=True)
class Answer:
    """What Invoke returned: `error` is Lambda's X-Amz-Function-Error, which feeds its Errors metric."""

    error: str | None
    payload: Any


@dataclass(frozen=True, slots=True)
class Function:
    """A function that runs in the emulator."""

    endpoint: str
    aws: EmbeddedAws
    folder: Path

    def invoke(self, event: dict[str, object]) -> Answer:
        """`aws lambda invoke`, the real one."""
        (self.folder / "event.json").write_text(json.dumps(event))
        command = [
            sys.executable, "-m", "awscli", "lambda", "invoke", "--endpoint-url", self.endpoint,
            "--function-name", "function", "--payload", f"file://{self.folder}/event.json", f"{self.folder}/answer",
        ]  # fmt: skip
        told = subprocess.run(command, check=True, capture_output=True, text=True, env=self.aws.environment()).stdout
        payload = json.loads((self.folder / "answer").read_text())
        # the emulator leaves the header out; the answer of a failed function has these members
        error = "Unhandled" if isinstance(payload, dict) and "errorType" in payload else None
        assert json.loads(told)["StatusCode"] == 200
        return Answer(error, payload)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def unpack(folder: Path) -> dict[str, str]:
    """Lambda's layout, and the variables that name it."""
    for package, into in ((RULE, "task"), (LAYER, "opt")):
        with zipfile.ZipFile(package) as archive:
            archive.extractall(folder / into)
    (folder / "runtime").mkdir()
    for module in RUNTIME_CLIENT:
        (folder / "runtime" / module).symlink_to(RUNTIME / module)
    for extension in RUNTIME.glob("runtime_client*.so"):
        (folder / "runtime" / extension.name).symlink_to(extension)
    return {
        "PYTHONPATH": f"{folder}/task:{folder}/opt/python:{folder}/runtime",
        "LAMBDA_TASK_ROOT": f"{folder}/task",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


@contextmanager
def running(
    aws: EmbeddedAws, folder: Path, *, compiled: bool = True, handler: str = "", path: str = ""
) -> Iterator[Function]:
    """The function in the emulator; another handler than the rule's with its own path for modules."""
    settings = Settings.load()
    port = free_port()
    python = (ROOT / "build/tools/bin/python").resolve()
    unpacked = unpack(folder)
    if path:
        unpacked["PYTHONPATH"] = f"{path}:{folder}/runtime"
    environment = {
        **{name: value for name, value in aws.environment().items() if name.startswith(("AWS_", "NO_PROXY", "no_"))},
        **unpacked,
        "PATH": os.environ["PATH"],
        "AWS_LAMBDA_FUNCTION_NAME": settings.rule_name,
        "AWS_LAMBDA_FUNCTION_TIMEOUT": str(settings.timeout_seconds),
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(settings.memory_mb),
    }
    for file in () if compiled else list(folder.rglob("*.pyc")):
        file.unlink()
    command = [
        str(EMULATOR), "--runtime-interface-emulator-address", f"127.0.0.1:{port}",
        "--runtime-api-address", f"127.0.0.1:{free_port()}", str(python), "-S", "-m", "awslambdaric",
        handler or settings.handler,
    ]  # fmt: skip
    with (folder / "log").open("w") as log, subprocess.Popen(command, env=environment, stdout=log, stderr=log) as rie:
        try:
            wait_for(port, rie)
            yield Function(f"http://127.0.0.1:{port}", aws, folder)
        finally:
            rie.terminate()


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    while process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    pytest.fail(f"the emulator ended with status {process.returncode}")


@pytest.fixture
def function(aws: EmbeddedAws, tmp_path: Path) -> Iterator[Function]:
    with running(aws, tmp_path) as it:
        yield it


def test_it_sees_that_nobody_has_confirmed_and_then_that_somebody_has(function: Function, aws: EmbeddedAws) -> None:
    an_account(aws, subscription="pending")
    answer = function.invoke(scheduled_event())
    assert answer.error is None
    compliance, annotation = evaluation_shown()
    assert compliance == "NON_COMPLIANT"
    assert "has no confirmed subscription: security@example.com has not confirmed." in annotation

    aws.confirm("security@example.com")
    answer = function.invoke(scheduled_event())
    assert answer.error is None
    compliance, annotation = evaluation_shown()
    assert compliance == "COMPLIANT"
    assert annotation.startswith("All 4 required events reach email security@example.com")
    assert [each["ComplianceType"] for each in aws.evaluations] == ["NON_COMPLIANT", "COMPLIANT"]


def test_a_runtime_of_another_version_runs_the_sources(aws: EmbeddedAws, tmp_path: Path) -> None:
    """None of the compiled files bears the name that such a runtime looks for: as if there were none."""
    an_account(aws)
    with running(aws, tmp_path, compiled=False) as function:
        assert not list(tmp_path.rglob("task/**/*.pyc"))
        assert function.invoke(scheduled_event()).error is None
    assert [each["ComplianceType"] for each in aws.evaluations] == ["COMPLIANT"]


def test_a_change_of_an_alarm_leads_to_the_same_evaluation(function: Function, aws: EmbeddedAws) -> None:
    an_account(aws)
    event = scheduled_event()
    invoking = json.loads(str(event["invokingEvent"]))
    invoking |= {
        "messageType": "ConfigurationItemChangeNotification",
        "configurationItem": {"resourceType": "AWS::CloudWatch::Alarm", "resourceId": "config-changes"},
    }
    assert function.invoke({**event, "invokingEvent": json.dumps(invoking)}).error is None
    assert [(each["ComplianceType"], each["ComplianceResourceType"]) for each in aws.evaluations] == [
        ("COMPLIANT", "AWS::::Account")
    ]


def test_an_evaluation_that_cannot_be_made_is_an_error_of_the_function(function: Function, aws: EmbeddedAws) -> None:
    answer = function.invoke({**scheduled_event(), "invokingEvent": "{}"})
    assert (answer.error, answer.payload["errorType"]) == ("Unhandled", "EvaluationFailed")
    assert "is not one that AWS Config sends" in answer.payload["errorMessage"]
    assert aws.evaluations == []
