"""RDK's own program, with every call to S3 naming the account that must own the bucket: `rdk_program.py OWNER ...`.

RDK trusts a bucket by its name, which anybody can take between two calls. It makes its clients itself, so the owner is
added where botocore gives every session its handlers. Runs with the tools' Python, which has RDK.
"""

from __future__ import annotations

import sys
from typing import Any

from botocore.handlers import BUILTIN_HANDLERS


def main() -> Any:
    """RDK's exit status."""
    from rdk.cli import main as rdk

    owner = sys.argv.pop(1)

    def name_owner(params: dict[str, Any], model: Any, **_: Any) -> dict[str, Any]:
        takes_owner = "ExpectedBucketOwner" in model.input_shape.members
        return {"ExpectedBucketOwner": owner, **params} if takes_owner else params

    BUILTIN_HANDLERS.append(("provide-client-params.s3", name_owner))
    return rdk()


if __name__ == "__main__":
    sys.exit(main())
