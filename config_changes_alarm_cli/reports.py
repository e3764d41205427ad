"""Which reports are wanted and where they go: tried before anything is read, written when everything is told."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from config_changes_alarm.control import id_of

from .evaluation import Evaluated, Outcome
from .formats.rendering import (
    INDEXED,
    PER_ACCOUNT,
    SEVERAL,
    SINGLE,
    Together,
    rendered,
    rendered_index,
    rendered_together,
)
from .formats.style import PLAIN, Style
from .input_output import Problem, make_directory, note, say, tried, tried_standard_output, write
from .terminal import Color, style_of

__all__ = ["Destination", "Reports", "file_names"]


@dataclass(frozen=True, slots=True)
class Destination:
    """A report in one format. Without a `path` it goes to standard output."""

    format: str
    path: Path | None = None

    @property
    def where(self) -> Path | None:
        """The same of whatever leads to the same file."""
        return None if self.path is None else self.path.resolve()

    def is_directory(self, together: Together | None) -> bool:
        """Whether there is a file in it for each account and control.

        What holds several in one is a file if its name has an ending, such as accounts.csv.
        """
        if self.path is None or together is None:
            return False
        if self.format in PER_ACCOUNT and together is not Together.CONTROLS:
            return True
        return self.format not in SEVERAL or self.path.is_dir() or not self.path.suffix


@dataclass(frozen=True, slots=True)
class Reports:
    """The reports that are wanted."""

    destinations: tuple[Destination, ...] = (Destination("text"),)
    quiet: bool = False
    verbose: bool = False
    color: Color = "auto"

    def go_to(self, path: Path) -> bool:
        """Whether one of them would overwrite what is written there, or be overwritten."""
        return path.resolve() in {each.where for each in self.destinations}

    def tried(self, together: Together | None = None) -> Reports:
        """These, if each can be written; `together` says of which several accounts or controls they are.

        Where all go into directories, a summary goes to standard output. Raises `Problem` and `LostReport`.
        """
        for each in self.destinations:
            if each.path is None:
                self._one_stream_holds(each.format, together)
                if not self.quiet:
                    tried_standard_output()
            elif each.is_directory(together):
                make_directory(each.path)
            else:
                tried(each.path)
        if together is not None and all(each.is_directory(together) for each in self.destinations):
            return replace(self, destinations=(*self.destinations, Destination("text")))
        return self

    def _one_stream_holds(self, format_name: str, together: Together | None) -> None:
        if together is not None and format_name not in SEVERAL:
            each = "control" if together is Together.CONTROLS else "account"
            raise Problem(f"--format {format_name} makes one file for each {each}: give --output DIRECTORY")

    def write(self, outcomes: Sequence[Outcome], together: Together | None = None) -> None:
        """Every report; `together` is None where there is one account and one control. Raises `Problem`."""
        for each in self.destinations:
            if each.path is None:
                if not self.quiet:
                    style = style_of(sys.stdout, self.color, self.verbose)
                    say(_rendered(each.format, outcomes, together, style))
            elif each.is_directory(together):
                self._write_each(each.format, outcomes, each.path)
            else:
                style = replace(PLAIN, verbose=self.verbose)
                self._write(_rendered(each.format, outcomes, together, style), each.path)

    def _write_each(self, format_name: str, outcomes: Sequence[Outcome], directory: Path) -> None:
        """And of pages one that leads to all of them."""
        if format_name in PER_ACCOUNT:
            for of_account, name in _accounts(outcomes):
                self._write(rendered_together(format_name, of_account, PLAIN), directory / f"{name}.json")
            return
        style = replace(PLAIN, verbose=self.verbose)
        files: dict[int, str] = {}
        for evaluated, name in file_names(outcomes):
            files[id(evaluated)] = f"{name}.{SINGLE[format_name]}"
            self._write(rendered(format_name, evaluated, style), directory / files[id(evaluated)])
        if format_name in INDEXED:
            index = rendered_index([(outcome, files.get(id(outcome), "")) for outcome in outcomes])
            self._write(index, directory / INDEXED[format_name])

    def _write(self, text: str, path: Path) -> None:
        write(text, path)
        if self.verbose:
            note(f"wrote {path}")


def _rendered(format_name: str, outcomes: Sequence[Outcome], together: Together | None, style: Style) -> str:
    if together is not None:
        return rendered_together(format_name, outcomes, style, together)
    (evaluated,) = outcomes
    assert isinstance(evaluated, Evaluated)
    return rendered(format_name, evaluated, style)


def file_names(outcomes: Sequence[Outcome]) -> Iterator[tuple[Evaluated, str]]:
    """What was evaluated, each with account, Region and, of several, control; with a number where two are the same."""
    evaluated = [outcome for outcome in outcomes if isinstance(outcome, Evaluated)]
    several = len({id_of(each.assessment.control) for each in evaluated}) > 1
    names = [
        f"{each.assessment.account_id}-{each.assessment.region}"
        + (f"-{id_of(each.assessment.control)}" if several else "")
        for each in evaluated
    ]
    yield from zip(evaluated, _told_apart(names), strict=True)


def _accounts(outcomes: Sequence[Outcome]) -> Iterator[tuple[Sequence[Outcome], str]]:
    """What is known of each account whose id is known, by account and Region."""
    groups: dict[tuple[str, str, str], list[Outcome]] = {}
    for outcome in outcomes:
        known = outcome.assessment if isinstance(outcome, Evaluated) else outcome
        if known.account_id:
            groups.setdefault((known.account_id, known.region, outcome.name), []).append(outcome)
    names = [f"{account_id}-{region}" for account_id, region, _ in groups]
    yield from zip(groups.values(), _told_apart(names), strict=True)


def _told_apart(names: Sequence[str]) -> Iterator[str]:
    earlier: Counter[str] = Counter()
    for name in names:
        earlier[name] += 1
        yield name if earlier[name] == 1 else f"{name}-{earlier[name]}"
