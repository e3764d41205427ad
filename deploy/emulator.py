"""Makes AWS's Lambda runtime interface emulator ready: `build/emulator/aws-lambda-rie`.

AWS publishes it on GitHub and, for every processor, inside the wheel of aws-sam-cli, which package indexes mirror.
"""

from __future__ import annotations

import platform
import sys
import zipfile
from pathlib import Path

_BINARIES = {"x86_64": "aws-lambda-rie-x86_64", "aarch64": "aws-lambda-rie-arm64"}


def unpack(folder: Path) -> Path:
    """Takes the emulator for this machine out of the wheel in `folder` and removes the wheel."""
    machine = platform.machine()
    if sys.platform != "linux" or machine not in _BINARIES:
        raise SystemExit(
            f"make: the Lambda emulator runs on Linux with x86_64 or aarch64, not on {sys.platform} {machine}"
        )
    (wheel,) = folder.glob("aws_sam_cli-*.whl")
    binary = folder / "aws-lambda-rie"
    with zipfile.ZipFile(wheel) as content:
        binary.write_bytes(content.read(f"samcli/local/rapid/{_BINARIES[machine]}"))
    binary.chmod(0o755)
    wheel.unlink()
    return binary


if __name__ == "__main__":
    unpack(Path(sys.argv[1]))
