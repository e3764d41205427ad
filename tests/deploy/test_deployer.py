"""The permissions that docs/deploying.md lists for the deployer are enough for `make deploy`, `verdict` and `undeploy`.

The embedded AWS checks every call against the policy of the user who makes it. What CloudFormation calls for a stack's
resources it does not check: that is on the page only.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from moto.core.authorization import ActionAuthenticatorMixin
from moto.iam.access_control import IAMRequestBase

from demo.embedded_aws import ACCOUNT_ID, EmbeddedAws, embedded_aws
from deploy.rdk_deployment import main
from deploy.verdict import main as verdict

from .cloudformation import whole_cloudformation

pytestmark = pytest.mark.built

DEPLOYING = (Path(__file__).parents[2] / "docs/deploying.md").read_text()


@pytest.fixture
def aws() -> Iterator[EmbeddedAws]:
    with whole_cloudformation(), embedded_aws() as running:
        yield running


def listed(way: str) -> list[str]:
    """The actions of a row of the page; a service is named before its first action only."""
    (row,) = re.findall(rf"^\| {way} \| (.*) \|$", DEPLOYING, re.MULTILINE)
    actions, service = [], ""
    for word in re.findall(r"`([\w:]+)`", row):
        service, _, action = word.rpartition(":") if ":" in word else (service, "", word)
        actions.append(f"{service}:{action}")
    return actions


OWN_NAMES = {"s3:ListBucket": "s3:HeadBucket"}
"""What the embedded AWS calls an action beside its name in IAM."""


def become_a_user_who_may(actions: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    iam = boto3.client("iam")
    iam.create_user(UserName="deployer")
    names = [*actions, *(OWN_NAMES[action] for action in actions if action in OWN_NAMES)]
    statement = {"Effect": "Allow", "Action": names, "Resource": "*"}
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    iam.put_user_policy(UserName="deployer", PolicyName="deployer", PolicyDocument=json.dumps(policy))
    key = iam.create_access_key(UserName="deployer")["AccessKey"]
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", key["AccessKeyId"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", key["SecretAccessKey"])
    boto3.setup_default_session()
    monkeypatch.setattr(IAMRequestBase, "check_signature", lambda self: None)  # of a path, moto reckons another
    monkeypatch.setattr(ActionAuthenticatorMixin, "request_count", 0)
    monkeypatch.setattr("moto.core.responses.settings.INITIAL_NO_AUTH_ACTION_COUNT", 0)


def test_they_are_enough(aws: EmbeddedAws, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    become_a_user_who_may([*listed("RDK"), *listed("CloudFormation"), *listed("`make verdict`")], monkeypatch)
    assert boto3.client("sts").get_caller_identity()["Account"] == ACCOUNT_ID
    assert main(["deploy"]) == 0, "".join(capfd.readouterr())[-1500:]
    assert main(["deploy"]) == 0, "".join(capfd.readouterr())[-1500:]
    verdict([])
    assert "AccessDenied" not in "".join(capfd.readouterr())
    assert main(["undeploy"]) == 0, "".join(capfd.readouterr())[-1500:]


@pytest.mark.parametrize("missing", ["s3:CreateBucket", "lambda:PublishLayerVersion", "cloudformation:CreateStack"])
def test_without_one_of_them_the_refusal_is_shown(
    missing: str, aws: EmbeddedAws, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    become_a_user_who_may([action for action in listed("RDK") if action != missing], monkeypatch)
    assert main(["deploy"]) == 1
    assert missing.partition(":")[2] in capfd.readouterr().err
