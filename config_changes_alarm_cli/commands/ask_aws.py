"""`config-changes-alarm ask-aws`."""

from __future__ import annotations

import argparse
import json

from ..asking import NotAllowed, ask, questions
from ..formats.answers import answers_as_json, answers_as_text
from ..input_output import Problem, say, write
from ..terminal import progress

__all__ = ["ask_aws"]


def ask_aws(arguments: argparse.Namespace) -> int:
    """0 where AWS answers as is expected, else 1. Raises `Problem`, `CannotEvaluate`, `EvaluationFailed`."""
    from ..access import Access

    access = Access.with_profile(arguments.profile, arguments.region)
    asked = questions()
    answered = [0]

    def asking() -> str:
        return f"Asking AWS: {answered[-1]} of {len(asked)} questions answered"

    try:
        with progress(asking, arguments.quiet):
            compared = ask(access.source(None).account(), asked, answered.append)
    except NotAllowed as refusal:
        raise Problem(str(refusal)) from None
    text = answers_as_text(compared)
    if arguments.format == "json":
        text = json.dumps(answers_as_json(compared), indent=1)
    if arguments.output is not None:
        write(text, arguments.output)
    elif not arguments.quiet:
        say(text)
    return 1 if any(each.wrong for each in compared) else 0
