"""The layer: what of the wheels it holds, and the models of which services."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest

from deploy.package import (
    RULE_FOLDER,
    PackageError,
    layer_files,
)
from deploy.permissions import SERVICES
from deploy.service_models import only_models_of

from .test_package import a_wheel


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
