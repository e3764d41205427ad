"""What the embedded AWS's S3 does not know: whose a bucket is, when a call says whose it has to be."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from moto.s3.models import s3_backends
from moto.s3.responses import S3Response

from demo.embedded_aws import EmbeddedAws

STRANGER = "999988887777"


@pytest.fixture
def owners(aws: EmbeddedAws, monkeypatch: pytest.MonkeyPatch) -> None:
    """S3 refuses a call that names another owner than the bucket has; without a name it serves whoever may."""

    def refusing(call: Any) -> Any:
        def checked(self: S3Response, request: Any, full_url: str, headers: Any) -> Any:
            expected = request.headers.get("x-amz-expected-bucket-owner")
            self.setup_class(request, full_url, headers)
            name = self.parse_bucket_name_from_url(request, full_url)
            bucket = next((found[name] for found in every_bucket() if name in found), None)
            if expected and bucket and bucket.account_id != expected:
                return 403, {}, "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"
            return call(self, request, full_url, headers)

        return checked

    for name in ("bucket_response", "key_response"):
        monkeypatch.setattr(S3Response, name, refusing(getattr(S3Response, name)))


def every_bucket() -> list[dict[str, Any]]:
    return [backend.buckets for account in s3_backends.values() for backend in account.values()]


def stranger_s_s3() -> Any:
    role = f"arn:aws:iam::{STRANGER}:role/stranger"
    given = boto3.client("sts").assume_role(RoleArn=role, RoleSessionName="stranger")["Credentials"]
    return boto3.client(
        "s3",
        aws_access_key_id=given["AccessKeyId"],
        aws_secret_access_key=given["SecretAccessKey"],
        aws_session_token=given["SessionToken"],
    )
