"""The report as one page that needs nothing else: it can be mailed, archived and opened without a network.

The content security policy in it lets the browser run the page's own script and style and make no request at all.
Everything is in the page without the script too; the script only shows details where they are asked for. Every text
that comes from the account is escaped.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from html import escape
from importlib.resources import files

from config_changes_alarm import __version__
from config_changes_alarm.assessment import Assessment, Compliance, Hop
from config_changes_alarm.findings import CATALOGUE, Reason, finding
from config_changes_alarm.report import annotation

from .diagram import Diagram, Node, diagram
from .svg import ACROSS, DOWN, drawing
from .svg import STYLE as DIAGRAM_STYLE
from .text import PLAIN, pasteable
from .tree import HOP_NAMES, Branch, carried, proved, roots, unfollowed
from .words import outcome_in_words, remedies

__all__ = ["as_page"]

_STYLE = "\n" + DIAGRAM_STYLE + (files(__package__) / "page.css").read_text(encoding="utf-8")
_SCRIPT = "\n" + (files(__package__) / "page.js").read_text(encoding="utf-8")
_FACTS = {"arn": "ARN", "condition": "fires when", "pattern": "pattern", "publishes": "publishes"}


def as_page(assessment: Assessment, evaluated_at: datetime) -> str:
    """The page. `evaluated_at` is shown in UTC."""
    return "\n".join(_Page(assessment, evaluated_at).lines()) + "\n"


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


class _Page:
    def __init__(self, assessment: Assessment, evaluated_at: datetime) -> None:
        self.assessment = assessment
        self.evaluated_at = evaluated_at
        self.events = [event.name for event in assessment.events]
        self.drawn: Diagram = diagram(assessment)

    def lines(self) -> Iterator[str]:
        assessment = self.assessment
        title = f"{assessment.compliance}: AWS Config changes in account {assessment.account_id}"
        policy = f"default-src 'none'; style-src {_hash(_STYLE)}; script-src {_hash(_SCRIPT)}; base-uri 'none'"
        yield '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">'
        yield f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
        yield '<meta name="color-scheme" content="light dark">'
        yield f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>"
        yield '<a class="skip" href="#chain">To the chain</a>'
        yield "<main>"
        yield from self._verdict()
        yield from self._outcomes()
        yield from self._picture()
        yield from self._details()
        yield from self._remedies()
        yield from self._records()
        yield from self._list()
        yield "</main>"
        yield (
            f'<footer class="faint">config-changes-alarm {__version__}, evaluated {self._time()}. '
            "This page makes no requests.</footer>"
        )
        yield f"<script>{_SCRIPT}</script>\n</body>\n</html>"

    def _time(self) -> str:
        return f"{self.evaluated_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"

    def _verdict(self) -> Iterator[str]:
        assessment = self.assessment
        good = assessment.compliance is Compliance.COMPLIANT
        yield (
            f'<h1><span class="verdict {_class(good)}">{_mark(good)} {assessment.compliance}</span> '
            f"account {escape(assessment.account_id)}, {escape(assessment.region)}</h1>"
        )
        yield f"<p>{escape(annotation(assessment))}</p>"

    def _outcomes(self) -> Iterator[str]:
        yield '<h2 id="events">Would somebody be told?</h2>'
        yield '<p class="faint">Choose an event to follow it along the chain.</p>'
        yield '<ul class="events">'
        for event in self.assessment.events:
            words = outcome_in_words(self.assessment, event)
            yield (
                f'<li><button type="button" disabled aria-pressed="false" data-event="{escape(event.name)}">'
                f'<strong class="{_class(event.covered)}">{_mark(event.covered)} {escape(event.name)}</strong> '
                f"{escape(words)}</button></li>"
            )
        yield "</ul>"

    def _picture(self) -> Iterator[str]:
        yield '<h2 id="chain" tabindex="-1">The chain</h2>'
        yield '<ul class="legend">'
        for name, words, cross in (
            ("whole", "on a whole path", ""),
            ("holds", "holds, leads nowhere yet", ""),
            ("broken", "broken", '<path class="cross" d="M20 2l10 10m0-10l-10 10"/>'),
        ):
            line = f'<g class="link {name}"><path class="line" d="M2 7H48"/>{cross}</g>'
            svg = f'<svg class="chain" width="50" height="14" aria-hidden="true">{line}</svg>'
            yield f"<li>{svg}{words}</li>"
        yield "</ul>"
        if any(node.reason is not None for node in self.drawn.nodes):
            yield '<p><button type="button" class="next" hidden>Next break</button></p>'
        yield '<div class="picture">'
        yield drawing(self.drawn, ACROSS)
        yield drawing(self.drawn, DOWN)
        yield "</div>"

    # ------------------------------------------------------------------- details

    def _details(self) -> Iterator[str]:
        yield '<section aria-live="polite" aria-label="Details">'
        yield '<p class="hint faint" hidden>Choose a resource or a break to see its details.</p>'
        for node in self.drawn.nodes:
            kinds = "break" if node.reason is not None else "whole" if node.whole else ""
            yield f'<div class="detail {kinds}" id="detail-{node.id}">'
            yield from self._broken(node.reason) if node.reason is not None else self._resource(node)
            yield "</div>"
        yield "</section>"

    def _resource(self, node: Node) -> Iterator[str]:
        yield f"<h3>{_mark(True) if node.sound else '·'} {escape(node.kind)} {escape(node.name)}</h3>"
        if node.step is None:
            return
        yield "<dl>"
        if node.sound:
            yield f"<dt>proved</dt><dd>{escape(node.proved)}</dd>"
        names = ", ".join(name for name in self.events if name in node.events)
        yield f"<dt>events</dt><dd>{escape(names) or 'none'}</dd>"
        for name, value in node.step.facts:
            yield f"<dt>{_FACTS.get(name, name)}</dt><dd>{escape(value)}</dd>"
        yield "</dl>"

    def _broken(self, reason: Reason) -> Iterator[str]:
        told = finding(reason)
        yield f'<h3><span class="bad">✗</span> {escape(told.summary)}</h3>'
        yield f"<p>{escape(CATALOGUE[reason.id].why)}</p>"
        yield f"<p><strong>{escape(told.step)}.</strong> <span class=faint>Finding {reason.id}</span></p>"
        yield _command(told.remedy)

    # ------------------------------------------------------------------- the rest

    def _remedies(self) -> Iterator[str]:
        mended = remedies(self.assessment)
        if not mended:
            return
        yield '<h2 id="remedy">What to do</h2>\n<ol>'
        for remedy in mended:
            yield f"<li><strong>{escape(remedy.step)}.</strong> {escape(remedy.why)}{_command(remedy.commands)}</li>"
        yield "</ol>"

    def _records(self) -> Iterator[str]:
        missed = [event for event in self.assessment.events if event.counterexample]
        if not missed:
            return
        yield '<h2 id="records">CloudTrail records that would go unnoticed</h2>'
        for event in missed:
            record = json.dumps(json.loads(event.counterexample or "{}"), indent=2)
            yield f"<details><summary>{escape(event.name)}</summary>"
            yield f"<pre tabindex=0>{escape(record)}</pre></details>"

    def _list(self) -> Iterator[str]:
        yield '<h2 id="list">The chain as a list</h2>\n<ul class="tree">'
        for reason in unfollowed(self.assessment):
            yield self._item_of(reason)
        yield from self._items(roots(self.assessment))
        yield "</ul>"

    def _items(self, branches: Sequence[Branch]) -> Iterator[str]:
        for branch in branches:
            words = ""
            if branch.sound:
                filtered = carried(branch, self.events)
                words = f": {proved(branch)}" + (
                    f"; it matches {filtered}" if branch.step.hop is Hop.METRIC_FILTER else ""
                )
            mark = f'<span class="good">{_mark(True)}</span>' if branch.sound else "·"
            kind = HOP_NAMES[branch.step.hop]
            yield f"<li>{mark} {kind} <strong>{escape(branch.step.name)}</strong>{escape(words)}"
            inner = [self._item_of(reason) for reason in (*branch.reasons, *branch.gaps)]
            inner += self._items(branch.branches)
            if inner:
                yield "<ul>\n" + "\n".join(inner) + "\n</ul>"
            yield "</li>"

    def _item_of(self, reason: Reason) -> str:
        return f'<li><span class="bad">✗ broken:</span> {escape(finding(reason).summary)}</li>'


def _mark(good: bool) -> str:
    return PLAIN.holds if good else PLAIN.breaks


def _class(good: bool) -> str:
    return "good" if good else "bad"


def _command(command: str) -> str:
    shown = "\n".join(pasteable(command, 100, ""))
    return f'<pre tabindex="0">{escape(shown)}</pre>'
