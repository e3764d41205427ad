"""`config-changes-alarm ask-aws`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from ..asking import NotAllowed, ask, questions
from ..formats.answers import answers_as_json, answers_as_text
from ..help_texts import ASK_AWS, ASK_AWS_EXAMPLES
from ..input_output import Problem, say, tried, write
from ..options import FILE, command, profile_option, quiet_option, text_or_json
from ..terminal import progress

__all__ = ["ask_aws"]


@command("ask-aws", help=ASK_AWS, epilog=ASK_AWS_EXAMPLES, short_help="ask AWS itself how it reads filter patterns")
@profile_option(multiple=False)
@click.option("--region", metavar="REGION", help="the Region to ask in; default: the profile's")
@text_or_json
@click.option("-o", "--output", type=FILE, metavar="FILE", help="write the table there; - is standard output")
@quiet_option("table")
def ask_aws(profile: str | None, region: str | None, format: str, output: Path | None, quiet: bool) -> int:  # noqa: A002
    """0 where AWS answers as is expected, else 1. Raises `Problem`, `CannotEvaluate`, `EvaluationFailed`."""
    from ..access import Access

    path = None if output == Path("-") else output
    if path is not None:
        tried(path)
    access = Access.with_profile(profile, region)
    asked = questions()
    answered = [0]

    def asking() -> str:
        return f"Asking AWS: {answered[-1]} of {len(asked)} questions answered"

    try:
        with progress(asking, quiet):
            compared = ask(access.source(None).account(), asked, answered.append)
    except NotAllowed as refusal:
        raise Problem(str(refusal)) from None
    text = answers_as_text(compared)
    if format == "json":
        text = json.dumps(answers_as_json(compared), indent=1)
    if path is not None:
        write(text, path)
    elif not quiet:
        say(text)
    return 1 if any(each.wrong for each in compared) else 0
