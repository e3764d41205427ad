"""The page `docs/controls.md`: the monitoring controls, from the catalogue."""

from __future__ import annotations

from collections.abc import Iterator

from config_changes_alarm.control import Control, PublishedPattern, Role, Verdict, controls

__all__ = ["controls_page"]

_INTRODUCTION = """\
# Controls

This page is made by `make docs` from the rule's own catalogue, `control/catalogue.json`, which follows a
[schema](controls.schema.json).

The monitoring section of CIS AWS Foundations is one control fifteen times: for some events somebody must be told. The
rule proves any of them. `Control` says which; without it, it is {default}.

```sh
config-changes-alarm evaluate --parameter Control=root-usage
config-changes-alarm explain-pattern --control CIS-5.0/4.3 '{{ $.userIdentity.type = "Root" }}'
```

A control goes by its id, by its number in a version of the benchmark (`CIS-5.0/4.9`), by Security Hub's id or by the
name of its entry in AWS's conformance packs. By a number it asks what that version of the benchmark asks; by any other
name, what the newest one asks.

What counts is what a filter pattern matches, not how it is written. Every pattern that matches all of a control's
events is as good as the published one, as long as it does not match routine events as well; and it is not enough to
have the published text if the text is wrong. Order, white space and quotes do not matter. The right `$.eventSource`,
`$.eventType` or, for a service that is recorded in one Region, `$.awsRegion` may be tested too.

| control | CIS AWS Foundations | Security Hub | entry in AWS's packs | failed calls |
| --- | --- | --- | --- | --- |
"""
_ROLES = {
    Role.REQUIRED: "Demanded",
    Role.ALTERNATIVE: "As good",
    Role.MISTAKE: "A mistake in circulation",
}
_VERDICTS = {
    Verdict.COVERED: "It is enough.",
    Verdict.TOO_BROAD: "It also matches routine events, so that its alarm stays in ALARM and nobody is told.",
    Verdict.MISSED: "It misses events of the control.",
    Verdict.INVALID: "CloudWatch Logs does not accept it.",
}


def controls_page() -> str:
    """In Markdown."""
    default = "[aws-config-changes](#aws-config-changes)"
    rows = "".join(map(_row, controls()))
    return _INTRODUCTION.format(default=default) + rows + "".join(map(_section, controls()))


def _row(control: Control) -> str:
    hub = control.security_hub or "none"
    failed = "count" if control.failed_calls else "do not count"
    return f"| [{control.id}](#{control.id}) | {_numbers(control)} | {hub} | `{control.pack_entry}` | {failed} |\n"


def _numbers(control: Control) -> str:
    """Each number once, with the first version of the benchmark that has it."""
    since: dict[str, str] = {}
    for version, number in control.numbers.items():
        since.setdefault(number, version)
    return ", ".join(f"{number} since {version}" for number, version in since.items())


def _section(control: Control) -> str:
    return "\n".join(("", f"## {control.id}", "", *_lines(control), ""))


def _lines(control: Control) -> Iterator[str]:
    yield f"{control.title}. {control.profile}."
    yield ""
    yield "What it means:"
    yield from _pattern(control.pattern)
    retired = [each.name for each in control.events if each.retired]
    notes = [*control.notes, *([f"Retired and not required: {', '.join(retired)}."] if retired else [])]
    if notes:
        yield ""
        yield from (f"- {note}" for note in notes)
    for published in control.published:
        yield from _published(published)


def _published(published: PublishedPattern) -> Iterator[str]:
    note = f" ({published.note})" if published.note else ""
    verdict = f" {_VERDICTS[published.verdict]}" if published.role is Role.MISTAKE else ""
    yield ""
    label = _ROLES[published.role] if published.verdict is not Verdict.COVERED or not verdict else "Also in circulation"
    yield f"{label}: {', '.join(published.versions)}{note}.{verdict} Source: {_source(published)}."
    yield from _pattern(published.pattern)


def _source(published: PublishedPattern) -> str:
    return "; ".join(published.sources)


def _pattern(text: str) -> Iterator[str]:
    yield from ("", "```text", text, "```")
