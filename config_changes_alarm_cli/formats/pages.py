"""What the pages have in common: their templates, and a content security policy that lets them make no request.

Every text that comes from an account is escaped by the templates; only what is made here is `Markup`.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from .shell import pasteable
from .svg import STYLE as DIAGRAM_STYLE

__all__ = ["SCRIPT", "STYLE", "command", "page"]


def _text(name: str) -> str:
    return (files(__package__) / name).read_text(encoding="utf-8")


STYLE = f"\n{DIAGRAM_STYLE}{_text('page.css')}"
SCRIPT = f"\n{_text('page.js')}"


def page(template: str, script: str = "", **values: Any) -> str:
    """A page whose own style and script a browser may run, and nothing else."""
    allowed = f"script-src {_hash(script)}; " if script else ""
    policy = f"default-src 'none'; style-src {_hash(STYLE)}; {allowed}base-uri 'none'"
    given = {"policy": policy, "style": Markup(STYLE), "script": Markup(script), "command": command}
    return _templates().get_template(template).render(given | values) + "\n"


def command(commands: str) -> Markup:
    """Commands to be copied into a shell."""
    return Markup('<pre tabindex="0">{}</pre>').format("\n".join(pasteable(commands, 100, "")))


@cache
def _templates() -> Environment:
    return Environment(
        loader=FunctionLoader(_text), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
