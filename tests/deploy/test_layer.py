"""The layer: rdklib and boto3 with what the rule uses of them, and clients that are those of the whole library."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from deploy.package import LAYER, RULE_FOLDER, PackageError, layer_files
from deploy.permissions import SERVICES
from deploy.service_models import only_models_of

from .wheels import a_wheel, pinned


def test_the_layer_is_the_wheels_without_what_installers_and_tests_need(tmp_path: Path) -> None:
    a_wheel(
        tmp_path, "rdklib-0.3.10-py3-none-any.whl",
        {
            "rdklib/__init__.py": "", "rdklibtest/__init__.py": "", "rdklib-0.3.10.data/scripts/jp.py": "",
            "rdklib-0.3.10.dist-info/METADATA": "Version: 0.3.10", "rdklib-0.3.10.dist-info/LICENSE": "Apache-2.0",
            "rdklib-0.3.10.dist-info/RECORD": "", "rdklib-0.3.10.dist-info/WHEEL": "",
        },
    )  # fmt: skip
    assert sorted(layer_files(tmp_path)) == [
        "python/rdklib-0.3.10.dist-info/LICENSE",
        "python/rdklib-0.3.10.dist-info/METADATA",
        "python/rdklib/__init__.py",
    ]


def a_model(prefix: str) -> bytes:
    return gzip.compress(json.dumps({"metadata": {"endpointPrefix": prefix}}).encode(), mtime=0)


def test_the_layer_holds_the_models_of_the_services_that_are_called_and_no_others() -> None:
    data = "python/botocore/data"
    endpoints: dict[str, object] = {
        "partitions": [{"regions": {"eu-1": {}}, "services": {"monitoring": {}, "sns": {}, "ec2": {}}}]
    }
    kept = {
        f"{data}/endpoints.json": json.dumps(endpoints).encode(),
        f"{data}/_retry.json": b"{}",
        f"{data}/cloudwatch/2010-08-01/service-2.json.gz": a_model("monitoring"),
        f"{data}/sns/2010-03-31/service-2.json.gz": a_model("sns"),
        "python/botocore/session.py": b"",
    }
    cut = ("ec2/2016-11-15/service-2.json.gz", "sns/2010-03-31/examples-1.json", "sns-other/1/service-2.json.gz")
    found = only_models_of({"cloudwatch", "sns"}, kept | {f"{data}/{name}": a_model("ec2") for name in cut})
    assert found.keys() == kept.keys()
    (partition,) = json.loads(found[f"{data}/endpoints.json"])["partitions"]
    assert (partition["regions"], partition["services"]) == ({"eu-1": {}}, {"monitoring": {}, "sns": {}})


def test_the_services_of_the_permissions_are_those_that_the_code_calls() -> None:
    reader = (RULE_FOLDER / "config_changes_alarm/account/aws").glob("*.py")
    calls = re.compile(r"""aws\.(?:call|pages|endpoint)\(\s*["']([a-z]+)["']|self\.call\("(sts)\"""")
    called = {a or b for module in reader for a, b in calls.findall(module.read_text())}
    assert called | {"config"} == SERVICES  # rdklib calls config, and sts as the reader does


def test_a_wheel_for_one_platform_is_refused(tmp_path: Path) -> None:
    a_wheel(tmp_path, "fast-1.0-cp311-cp311-manylinux_2_17_x86_64.whl", {"fast.so": ""})
    with pytest.raises(PackageError, match=r"fast-1\.0-.*x86_64\.whl is built for one platform"):
        layer_files(tmp_path)


CLIENTS = """
import json, sys, boto3
for region in ("us-east-1", "eu-west-1", "ap-southeast-5", "us-gov-west-1", "cn-north-1"):
    for service in json.loads(sys.argv[1]):
        client = boto3.client(service, region, aws_access_key_id="a", aws_secret_access_key="b")
        pages = sorted(filter(client.can_paginate, client.meta.method_to_api_mapping))
        scope = client._request_signer.region_name, client._request_signer.signing_name
        print(service, client.meta.endpoint_url, client.meta.partition, scope, pages)
boto3.client("sts", region_name="eu-west-1", endpoint_url="https://sts.eu-west-1.amazonaws.com")
print(boto3.__file__, file=sys.stderr)
"""


@pytest.mark.built
def test_every_client_of_the_rule_and_of_rdklib_is_made_from_the_layer_as_from_the_whole_library(
    tmp_path: Path,
) -> None:
    with zipfile.ZipFile(LAYER) as archive:
        archive.extractall(tmp_path)
    layer, whole = (
        subprocess.run(
            [sys.executable, *isolated, "-c", CLIENTS, json.dumps(sorted(SERVICES))], check=True, capture_output=True,
            text=True, env={"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"},
        )
        for path, isolated in ((f"{tmp_path}/python", ["-S"]), ("", []))
    )  # fmt: skip
    assert layer.stderr.startswith(str(tmp_path))
    assert not whole.stderr.startswith(str(tmp_path))
    assert layer.stdout == whole.stdout


@pytest.mark.built
def test_every_library_keeps_its_licence() -> None:
    names = zipfile.ZipFile(LAYER).namelist()
    folders = {name.split("/")[1] for name in names if ".dist-info/" in name}
    licensed = {name.split("/")[1] for name in names if ".dist-info/" in name and "LICENSE" in name}
    assert folders == licensed
    assert len(folders) == len(pinned())


@pytest.mark.built
def test_the_layer_has_the_pinned_versions_and_no_more(tmp_path: Path) -> None:
    metadata = {
        (name.removesuffix(".dist-info").rpartition("-")[0].replace("_", "-"), version)
        for name, version in (
            (path.split("/")[1], path.split("/")[1].removesuffix(".dist-info").rpartition("-")[2])
            for path in zipfile.ZipFile(LAYER).namelist()
            if ".dist-info/" in path
        )
    }
    assert metadata == pinned()
