"""Wheels that tests make, and those that the layer is made of."""

from __future__ import annotations

import zipfile
from pathlib import Path

from deploy.package import ROOT


def a_wheel(folder: Path, name: str, files: dict[str, str]) -> None:
    folder.mkdir(exist_ok=True)
    with zipfile.ZipFile(folder / name, "w") as wheel:
        for member, content in files.items():
            wheel.writestr(member, content)


def pinned() -> set[tuple[str, str]]:
    """Name and version of each line of requirements/lambda.txt."""
    lines = (ROOT / "requirements/lambda.txt").read_text().splitlines()
    found = (line.split(" ")[0].split("==") for line in lines if "==" in line)
    return {(name, version) for name, version in found}
