"""What lies beside the packages in dist/: which libraries are in them, and the bytes they have.

`sbom.cdx.json` is a CycloneDX 1.5 bill of materials of the function and its layer, `SHA256SUMS` what
`sha256sum --check` reads. Both follow from the sources and the wheels alone: the same on every machine,
without a time in them.
"""

from __future__ import annotations

import hashlib
import json
import re
import uuid
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from email.parser import HeaderParser
from pathlib import Path
from typing import Any

__all__ = ["bill_of_materials", "checksums"]

_NAMESPACE = uuid.UUID("6d2b0c52-3f0d-5a58-9d0e-3c6f5d3c7a11")
"""Of serial numbers, which follow from the content."""


def bill_of_materials(rule: Mapping[str, bytes], wheels: Iterable[Path]) -> bytes:
    """Of the rule's files and the layer's wheels."""
    version = re.search(rb'__version__ = "([^"]+)"', rule.get("config_changes_alarm/__init__.py", b""))
    main = {"name": "ConfigChangesAlarmRule", "version": version[1].decode() if version else "0"}
    reference = f"pkg:generic/{main['name']}@{main['version']}"
    components = sorted(map(_component, wheels), key=lambda component: str(component["bom-ref"]))
    content: dict[str, Any] = {
        "metadata": {
            "component": {"bom-ref": reference, "type": "application", **main, "licenses": _licence("Apache-2.0")}
        },
        "components": components,
        "dependencies": [{"ref": reference, "dependsOn": [each["bom-ref"] for each in components]}],
    }
    serial = uuid.uuid5(_NAMESPACE, json.dumps(content, sort_keys=True))
    head = {"bomFormat": "CycloneDX", "specVersion": "1.5", "serialNumber": f"urn:uuid:{serial}", "version": 1}
    return (json.dumps({**head, **content}, indent=2) + "\n").encode()


def _component(wheel: Path) -> dict[str, Any]:
    """A library, as its wheel tells of itself; the hash is of the wheel, as requirements/lambda.txt pins it."""
    with zipfile.ZipFile(wheel) as archive:
        (metadata,) = (name for name in archive.namelist() if re.fullmatch(r"[^/]+\.dist-info/METADATA", name))
        told = HeaderParser().parsestr(archive.read(metadata).decode())
    name, version = re.sub(r"[-_.]+", "-", str(told["Name"])).lower(), str(told["Version"])
    licence = told["License-Expression"] or told["License"]
    return {
        "bom-ref": f"pkg:pypi/{name}@{version}",
        "type": "library",
        "name": name,
        "version": version,
        "purl": f"pkg:pypi/{name}@{version}",
        "hashes": [{"alg": "SHA-256", "content": hashlib.sha256(wheel.read_bytes()).hexdigest()}],
        **({"licenses": _licence(str(licence))} if licence else {}),
    }


def _licence(named: str) -> list[dict[str, Any]]:
    """By name: what a wheel tells is not always an identifier of SPDX."""
    return [{"license": {"name": " ".join(named.split())[:200]}}]


def checksums(files: Iterable[Path]) -> bytes:
    """A line a file, by name."""
    return "".join(_lines(files)).encode()


def _lines(files: Iterable[Path]) -> Iterator[str]:
    for path in sorted(files, key=lambda path: path.name):
        yield f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n"
