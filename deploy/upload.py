"""Puts the packages into a bucket, for CloudFormation: `make upload BUCKET=name`.

The keys contain the content's hash: a new package has a new key, so that a stack that is updated takes it. The bucket
has to belong to the account of the AWS settings in use, or to the one that `OWNER=` names: S3 refuses another one's.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Mapping
from pathlib import Path

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from .package import LAYER, RULE

__all__ = ["upload"]


def upload(bucket: str, owner: str = "") -> Mapping[str, str]:
    """Returns the stacks' parameters that name what was uploaded. `owner` is an account's id; empty: the own one."""
    s3 = boto3.client("s3")
    expected = owner or boto3.client("sts").get_caller_identity()["Account"]
    keys = {"CodeKey": RULE, "LayerKey": LAYER}
    for path in keys.values():
        s3.upload_file(str(path), bucket, _key(path), ExtraArgs={"ExpectedBucketOwner": expected})
    return {"CodeBucket": bucket, **{name: _key(path) for name, path in keys.items()}}


def _key(path: Path) -> str:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return f"ConfigChangesAlarmRule/{path.stem}-{digest[:16]}{path.suffix}"


def main(bucket: str, owner: str = "") -> int:
    """Prints the parameters as `aws cloudformation deploy --parameter-overrides` takes them, and nothing else."""
    if not bucket:
        print("make upload: name a bucket of your Region: make upload BUCKET=name", file=sys.stderr)
        return 2
    try:
        parameters = upload(bucket, owner)
    except (BotoCoreError, ClientError, boto3.exceptions.Boto3Error) as error:
        print(f"make upload: {error}", file=sys.stderr)
        return 1
    print(" ".join(f"{name}={value}" for name, value in parameters.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]) if len(sys.argv) > 1 else main(""))
