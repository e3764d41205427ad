"""The verdicts as JUnit's XML, which every CI shows: an account and Region is a suite, a control a case of it.

What is disproved is a failure. What could not be verified or evaluated is an error: nobody knows. What is not
applicable, or accepted on purpose, was skipped. Source: the elements and attributes that Jenkins' junit-10.xsd, GitLab
and GitHub's readers have in common.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC
from itertools import groupby
from xml.etree import ElementTree as ET

from config_changes_alarm import __version__
from config_changes_alarm.report import annotation

from ..evaluation import Evaluated, NotEvaluated, Outcome
from .identity import GENERATOR, named, title_of
from .provenance import Provenance
from .states import State, state_of
from .words import remedies

__all__ = ["as_junit"]

_RESULTS = {
    State.DISPROVED: "failure",
    State.NOT_VERIFIED: "error",
    State.NOT_EVALUATED: "error",
    State.NOT_APPLICABLE: "skipped",
}
"""What a case that is not proved has as its element."""


def as_junit(outcomes: Sequence[Outcome]) -> str:
    """One file for all."""
    root = ET.Element("testsuites", name=GENERATOR)
    root.extend(_suite(whose, list(group)) for whose, group in groupby(outcomes, _whose))
    _count(root)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _whose(outcome: Outcome) -> tuple[str, str, str]:
    known = outcome if isinstance(outcome, NotEvaluated) else outcome.assessment
    return known.account_id, known.region, outcome.name


def _suite(whose: tuple[str, str, str], outcomes: Sequence[Outcome]) -> ET.Element:
    suite = ET.Element("testsuite", name=" ".join(dict.fromkeys(filter(None, whose))))
    started = min(outcome.evaluated_at for outcome in outcomes)
    suite.set("timestamp", f"{started.astimezone(UTC):%Y-%m-%dT%H:%M:%S}")
    ET.SubElement(ET.SubElement(suite, "properties"), "property", name="version", value=__version__)
    suite.extend(case for outcome in outcomes for case in _cases(outcome, ".".join(filter(None, whose[:2]))))
    _count(suite)
    return suite


def _cases(outcome: Outcome, of: str) -> Iterator[ET.Element]:
    if isinstance(outcome, Evaluated):
        yield _evaluated(outcome, of)
        return
    for control_id in outcome.controls:
        case = _case(of, control_id)
        ET.SubElement(case, _RESULTS[State.NOT_EVALUATED], type=State.NOT_EVALUATED.value, message=outcome.problem)
        yield case


def _case(of: str, control_id: str) -> ET.Element:
    return ET.Element("testcase", classname=f"{GENERATOR}.{of}", name=f"{title_of(named(control_id))} ({control_id})")


def _evaluated(evaluated: Evaluated, of: str) -> ET.Element:
    assessment, known = evaluated.assessment, Provenance.of(evaluated)
    case, state = _case(of, known.control), state_of(evaluated)
    if evaluated.tolerated:
        ET.SubElement(case, "skipped", message=f"{state}, and accepted: {annotation(assessment)}")
    elif state in _RESULTS:
        first = str(assessment.reasons[0].id) if assessment.reasons else state.value
        result = ET.SubElement(case, _RESULTS[state], type=first, message=f"{state}: {annotation(assessment)}")
        result.text = "\n".join(f"{each.step}. {each.why}\n{each.commands}" for each in remedies(assessment))
    ET.SubElement(case, "system-out").text = "\n".join(_told(evaluated, known))
    return case


def _told(evaluated: Evaluated, known: Provenance) -> Iterator[str]:
    yield f"{state_of(evaluated)}: {annotation(evaluated.assessment)}"
    yield f"evaluated {known.second} by version {known.version}"
    yield f"required {known.required_filter_pattern}"
    yield from (f"parameter {each}" for each in known.parameters)
    yield from known.notices


def _count(element: ET.Element) -> None:
    """How many cases there are, and how many of each result."""
    found = list(element.iter("testcase"))
    element.set("tests", str(len(found)))
    for name, plural in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
        element.set(plural, str(sum(case.find(name) is not None for case in found)))
