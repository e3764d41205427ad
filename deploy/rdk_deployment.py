"""Deploys with RDK what rdk_config.json says: `make deploy`, `make undeploy`; `DRY_RUN=true` prints it only."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from boto3.exceptions import Boto3Error
from botocore.exceptions import BotoCoreError, ClientError, WaiterError

from .deployment import DeploymentFailed, deployments
from .settings import SETTINGS, InvalidSettings, Settings
from .steps import deployment, undeployment

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """0 done, 1 not done, 2 settings that cannot be deployed."""
    parser = argparse.ArgumentParser(prog="make deploy", description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("command", choices=["deploy", "undeploy"])
    parser.add_argument("--dry-run", type=_yes, nargs="?", const=True, default=False, metavar="true|false")
    parser.add_argument("--settings", type=Path, default=SETTINGS)
    chosen = parser.parse_args(arguments)
    steps_of = deployment if chosen.command == "deploy" else undeployment
    try:
        for target in deployments(Settings.load(chosen.settings), chosen.dry_run):
            for step in steps_of(target):
                print(f"[{target.region}] {'dry run, not done: ' if chosen.dry_run else ''}{step.says}", flush=True)
                if not chosen.dry_run:
                    step.do()
        if chosen.dry_run:
            print(f"make {chosen.command}: this was a dry run, nothing was called or changed")
    except InvalidSettings as error:
        print(error, file=sys.stderr)
        return 2
    except (DeploymentFailed, BotoCoreError, ClientError, Boto3Error, WaiterError) as error:
        print(f"make {chosen.command}: {error}", file=sys.stderr)
        return 1
    return 0


def _yes(text: str) -> bool:
    """What people write for yes and no; anything else is refused rather than guessed."""
    words = {**dict.fromkeys(("true", "1", "yes", "on"), True), **dict.fromkeys(("false", "0", "no", "off", ""), False)}
    if text.strip().lower() not in words:
        raise argparse.ArgumentTypeError(f"DRY_RUN is {text!r}, expected true or false")
    return words[text.strip().lower()]


if __name__ == "__main__":
    sys.exit(main())
