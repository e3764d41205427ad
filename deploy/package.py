"""Builds what AWS Lambda runs: `make package`.

`dist/ConfigChangesAlarmRule.zip` is what git tracks of the rule's folder, as it stands in the work tree: whatever else
lies there, a note or a module that was never added, stays out and is named. `dist/layer.zip` is rdklib and boto3 as
requirements/lambda.txt pins them, taken out of their wheels: of botocore's models those of the services that the rule
may call. Both hold their modules compiled too, where this Python is that of the function's runtime; the rule's with
what a cold start would do anew every time done already.

The same sources give the same bytes on every machine: names in order, one time, one mode, git's own line ends, and
nothing compressed, because zlib's output differs from release to release. Lambda compresses on its own. Beside them lie
their bill of materials and their checksums.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from .bill_of_materials import bill_of_materials, checksums
from .bytecode import Rewriting, compiled, compiles_for
from .opened_later import opened_later
from .permissions import SERVICES
from .service_models import only_models_of
from .written_out import written_out

__all__ = [
    "CHECKSUMS",
    "DIST",
    "LAYER",
    "REWRITINGS",
    "RULE",
    "RULE_FOLDER",
    "SBOM",
    "Package",
    "PackageError",
    "layer_files",
    "left_out",
    "rule_files",
    "runtime",
    "with_compiled",
    "write",
]

ROOT = Path(__file__).parents[1]
DIST = ROOT / "dist"
RULE_FOLDER = ROOT / "ConfigChangesAlarmRule"
WHEELS = ROOT / "build" / "wheels"
RULE = DIST / "ConfigChangesAlarmRule.zip"
LAYER = DIST / "layer.zip"
SBOM = DIST / "sbom.cdx.json"
CHECKSUMS = DIST / "SHA256SUMS"

_SETTINGS = ROOT / "rdk_config.json"

_TIME = (1980, 1, 1, 0, 0, 0)
"""The earliest that a zip can say."""

_MODE = stat.S_IFREG | 0o644
"""Lambda's user is neither the owner nor of the group: everybody must be able to read."""

_LEFT_OUT = (
    "rdklibtest/",
    "boto3/examples/",
    "boto3/data/",
    "boto3/dynamodb/",
    "boto3/s3/",
    "dateutil/zoneinfo/",
)
"""Of the wheels: what is for tests and documentation, and what no client of the rule uses: boto3's resources, what it
adds to S3 and DynamoDB, and time zones, for AWS answers in UTC.
"""

_INSTALLERS = ("RECORD", "WHEEL", "INSTALLER", "REQUESTED", "top_level.txt", "entry_points.txt")
"""Of a wheel's metadata: what is for installers. Its licence and version stay."""

REWRITINGS = (written_out, opened_later)
"""What is done to the rule's modules before they are compiled, for a cold start to be short."""

_CODE_LIMIT = 250 * 1024 * 1024
"""Bytes of a function and its layers together, unpacked (Lambda quotas)."""


class PackageError(Exception):
    """A package cannot be built; the text says which and what to do."""


@dataclass(frozen=True, slots=True)
class Package:
    """A zip that was written. `sha256` is of the file, in hexadecimal."""

    path: Path
    files: int
    size: int
    sha256: str

    def __str__(self) -> str:
        where = self.path.relative_to(ROOT) if self.path.is_relative_to(ROOT) else self.path
        return f"{where}  {self.files} files, {self.size:,} bytes, sha256 {self.sha256}"


def rule_files(folder: Path = RULE_FOLDER) -> Mapping[str, bytes]:
    """What git tracks of the rule's folder, by the names in the zip. Raises `PackageError`."""
    found = {name: _content(folder / name) for name in _git(folder, "ls-files", "--cached")}
    if "ConfigChangesAlarmRule.py" not in found:
        raise PackageError(
            f"git tracks no ConfigChangesAlarmRule.py in {folder}: it is not the rule's folder, or nobody has added it"
        )
    return found


def left_out(folder: Path = RULE_FOLDER) -> tuple[str, ...]:
    """What lies in the rule's folder and is neither tracked nor ignored. Raises `PackageError`."""
    return _git(folder, "ls-files", "--others", "--exclude-standard")


def _git(folder: Path, *arguments: str) -> tuple[str, ...]:
    """The names that git tells. In a hook, git's own variables would send it elsewhere."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    command = ["git", "-C", str(folder), *arguments, "-z"]
    try:
        told = subprocess.run(command, env=environment, check=True, capture_output=True).stdout
    except FileNotFoundError:
        raise PackageError("git is not installed, and only git knows which files are the rule's") from None
    except subprocess.CalledProcessError as error:
        raise PackageError(
            f"git does not say which files of {folder} are the rule's: {os.fsdecode(error.stderr).strip()}\n"
            "Build from a clone; where these sources came as an archive, run `git init && git add .` first."
        ) from None
    return tuple(os.fsdecode(name) for name in told.split(b"\0")[:-1])


def _content(path: Path) -> bytes:
    """As git keeps it. A work tree may have CRLF at the ends of lines; no file of the rule needs them."""
    try:
        return path.read_bytes().replace(b"\r\n", b"\n")
    except FileNotFoundError:
        raise PackageError(f"git tracks {path}, and it is not there: restore it, or git rm it") from None


def layer_files(wheels: Path = WHEELS) -> Mapping[str, bytes]:
    """The content of the wheels under `python/`, where Lambda looks for a layer's modules."""
    archives = sorted(wheels.glob("*.whl"))
    if not archives:
        raise PackageError(f"{wheels} holds no wheels: run make package, which downloads them")
    found: dict[str, bytes] = {}
    for archive in archives:
        if not archive.stem.endswith("-none-any"):
            raise PackageError(f"{archive.name} is built for one platform: the layer serves arm64 and x86_64")
        found |= dict(_members(archive))
    return only_models_of(SERVICES, found)


def _members(wheel: Path) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(wheel) as content:
        for member in content.infolist():
            name = member.filename
            if member.is_dir() or name.startswith(_LEFT_OUT) or _is_for_installers(name):
                continue
            yield f"python/{name}", content.read(member)


def _is_for_installers(name: str) -> bool:
    folder, _, file = name.partition("/")
    return folder.endswith(".data") or (folder.endswith(".dist-info") and file in _INSTALLERS)


def runtime() -> str:
    """The Lambda runtime that rdk_config.json names. Raises `PackageError`."""
    try:
        return str(json.loads(_SETTINGS.read_text())["Runtime"])
    except (OSError, ValueError, KeyError) as error:
        raise PackageError(f"{_SETTINGS.name} names no Runtime: {error!r}") from None


def with_compiled(files: Mapping[str, bytes], *rewritings: Rewriting) -> Mapping[str, bytes]:
    """The files, and their modules compiled where this Python is the runtime's. Raises `PackageError`."""
    return {**files, **compiled(files, *rewritings)} if compiles_for(runtime()) else files


def write(path: Path, files: Mapping[str, bytes]) -> Package:
    """One zip. It appears under its name only when it is whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    with zipfile.ZipFile(partial, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _TIME)
            entry.create_system = 3  # Unix, also where built on another system
            entry.external_attr = _MODE << 16
            archive.writestr(entry, files[name])
    partial.replace(path)
    content = path.read_bytes()
    return Package(path, len(files), len(content), hashlib.sha256(content).hexdigest())


def build() -> tuple[Package, Package]:
    """Both packages. Raises `PackageError`."""
    sources = rule_files()
    rule, layer = with_compiled(sources, *REWRITINGS), with_compiled(layer_files())
    unpacked = _total(rule.values()) + _total(layer.values())
    if unpacked > _CODE_LIMIT:
        raise PackageError(f"function and layer have {unpacked:,} bytes, Lambda takes {_CODE_LIMIT:,}")
    packages = write(RULE, rule), write(LAYER, layer)
    SBOM.write_bytes(bill_of_materials(sources, WHEELS.glob("*.whl")))
    CHECKSUMS.write_bytes(checksums([RULE, LAYER, SBOM]))
    return packages


def _total(contents: Iterable[bytes]) -> int:
    return sum(map(len, contents))


def main() -> int:
    """Builds and says what was built."""
    try:
        for package in build():
            print(package)
        print(f"dist/{SBOM.name}, dist/{CHECKSUMS.name}")
        if not compiles_for(runtime()):
            this = f"Python {sys.version_info.major}.{sys.version_info.minor}"
            print(f"make package: nothing is compiled: this is {this}, the function's is {runtime()}", file=sys.stderr)
        for name in left_out():
            print(f"make package: left out, because git does not track it: {RULE_FOLDER.name}/{name}", file=sys.stderr)
    except PackageError as error:
        print(f"make package: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
