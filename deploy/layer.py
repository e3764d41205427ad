"""The layer with rdklib and boto3: published when its content is new, and no version left behind."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from typing import Any

from botocore.exceptions import ClientError

from .deployment import Deployment
from .package import LAYER
from .settings import RUNTIMES

__all__ = ["delete_layer", "delete_older_versions", "publish_layer"]


def publish_layer(target: Deployment) -> str:
    """The ARN of the version that has the content of dist/layer.zip."""
    client, content = target.client("lambda"), LAYER.read_bytes()
    digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
    newest = next(_versions(target), None)
    if newest is not None:
        found = client.get_layer_version(LayerName=target.layer_name, VersionNumber=newest["Version"])
        if found["Content"]["CodeSha256"] == digest:
            return str(found["LayerVersionArn"])
    published = client.publish_layer_version(
        LayerName=target.layer_name,
        Description="rdklib and boto3, as requirements/lambda.txt pins them",
        Content={"ZipFile": content},
        CompatibleRuntimes=list(RUNTIMES),
    )
    return str(published["LayerVersionArn"])


def _versions(target: Deployment) -> Iterator[dict[str, Any]]:
    """Newest first."""
    try:
        pages = target.client("lambda").get_paginator("list_layer_versions").paginate(LayerName=target.layer_name)
        for page in pages:
            yield from page["LayerVersions"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise


def delete_older_versions(target: Deployment, kept: str) -> None:
    """All but the one with this ARN. The function keeps what it runs with even where its layer is gone."""
    _delete(target, [each for each in _versions(target) if each["LayerVersionArn"] != kept])


def delete_layer(target: Deployment) -> None:
    """All versions."""
    _delete(target, list(_versions(target)))


def _delete(target: Deployment, versions: list[dict[str, Any]]) -> None:
    for version in versions:
        target.client("lambda").delete_layer_version(LayerName=target.layer_name, VersionNumber=version["Version"])
