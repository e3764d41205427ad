"""RDK's bucket for the code. Its name can be guessed, so nothing is put into it before its owner is known.

S3 gives a name to whoever asks first. Somebody else's bucket of that name would receive the code, and its owner could
replace it before CloudFormation reads it. So every call, RDK's own too (`rdk_program.py`), names the account that must
own the bucket, and S3 refuses it otherwise; and the function's code is handed to Lambda itself in the end
(`function.py`).
"""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from .deployment import Deployment, DeploymentFailed

__all__ = ["delete_code", "own_bucket"]

_OWNER_TAG = {"Key": "created-by", "Value": "ConfigChangesAlarmRule"}
_MISSING = ("404", "NoSuchBucket")
_NOT_OURS = ("403", "AccessDenied", "BucketAlreadyExists")


def own_bucket(target: Deployment) -> None:
    """The account has it, or makes it, private. Raises `DeploymentFailed` when it is not the account's."""
    s3 = target.client("s3")
    try:
        if not _exists(s3, target):
            _create(s3, target)
    except ClientError as error:
        refused = error.operation_name == "CreateBucket" and error.response["Error"]["Code"] == "AccessDenied"
        if refused or error.response["Error"]["Code"] not in _NOT_OURS:
            raise
        raise DeploymentFailed(
            f"bucket {target.bucket} does not belong to account {target.account_id}, or s3:ListBucket on it is denied: "
            "nothing was put into it. RDK takes no other name in this Region. Look for the bucket in the account; "
            "where it is not, somebody else has the name: deploy with CloudFormation and a bucket of yours instead"
        ) from None


def _exists(s3: Any, target: Deployment) -> bool:
    try:
        s3.head_bucket(Bucket=target.bucket, ExpectedBucketOwner=target.account_id)
    except ClientError as error:
        if error.response["Error"]["Code"] in _MISSING:
            return False
        raise
    return True


def _create(s3: Any, target: Deployment) -> None:
    """Where the account has one already, S3 says BucketAlreadyOwnedByYou, and in us-east-1 nothing."""
    where = {} if target.region == "us-east-1" else {"LocationConstraint": target.region}
    s3.create_bucket(Bucket=target.bucket, **({"CreateBucketConfiguration": where} if where else {}))
    owned = {"Bucket": target.bucket, "ExpectedBucketOwner": target.account_id}
    s3.put_public_access_block(
        **owned,
        PublicAccessBlockConfiguration=dict.fromkeys(
            ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True
        ),
    )
    tags = [_OWNER_TAG, *({"Key": key, "Value": value} for key, value in target.settings.tags)]
    s3.put_bucket_tagging(**owned, Tagging={"TagSet": tags})


def delete_code(target: Deployment) -> None:
    """The code, and the bucket if it was made here and is empty. A bucket of somebody else is left alone."""
    s3 = target.client("s3")
    owned = {"Bucket": target.bucket, "ExpectedBucketOwner": target.account_id}
    try:
        s3.delete_object(**owned, Key=target.code_key)
        tags = s3.get_bucket_tagging(**owned)["TagSet"]
        if _OWNER_TAG in tags and not s3.list_objects_v2(**owned, MaxKeys=1).get("KeyCount"):
            s3.delete_bucket(**owned)
    except ClientError as error:
        if error.response["Error"]["Code"] not in (*_MISSING, *_NOT_OURS, "NoSuchTagSet"):
            raise
