"""Puts an assessment into words for the AWS Config dashboard: the annotation.

Nothing here decides anything. The same finding always reads the same way.
"""

from __future__ import annotations

import textwrap

from .assessment import Assessment, Compliance, Hop

__all__ = ["ANNOTATION_LIMIT", "annotation"]

ANNOTATION_LIMIT = 256
"""The longest annotation that AWS Config takes (PutEvaluations, Annotation)."""

_NAME_LIMIT = 60


def _elided(name: str, limit: int = _NAME_LIMIT) -> str:
    """A name that a person still recognises: a long one keeps its beginning and its end."""
    if len(name) <= limit:
        return name
    head = (limit - 3) // 2
    return f"{name[:head]}...{name[-(limit - 3 - head) :]}"


def _fitted(*versions: str) -> str:
    """The first version that fits; else the last one, cut between words."""
    for version in versions:
        if len(version) <= ANNOTATION_LIMIT:
            return version
    return textwrap.shorten(versions[-1], ANNOTATION_LIMIT, placeholder=" ...")


def annotation(assessment: Assessment) -> str:
    """At most 256 characters: what is broken, where, an event that would go unnoticed, and the next step.

    Of an event that nothing disproves it says that it could not be verified.
    """
    match assessment.compliance:
        case Compliance.COMPLIANT:
            return _proved(assessment)
        case Compliance.NON_COMPLIANT | Compliance.NOT_APPLICABLE:
            return _broken(assessment)


def _proved(assessment: Assessment) -> str:
    whole = [chain for chain in assessment.chains if chain.whole]
    chain = max(whole, key=lambda each: len(each.sure))
    names = {hop: _elided(chain.name_of(hop) or "", 40) for hop in Hop}
    count = len(assessment.events)
    events = f"All {count} required events reach" if count > 1 else f"{_sentence(_event(assessment, 0))} reaches"
    more = f" and {len(whole) - 1} more" if len(whole) > 1 else ""
    path = f"trail {names[Hop.TRAIL]}, filter {names[Hop.METRIC_FILTER]}, alarm {names[Hop.ALARM]}"
    subscriber, topic = f"{names[Hop.SUBSCRIPTION]}{_but_for(assessment)}", names[Hop.TOPIC]
    return _fitted(
        f"{events} {subscriber}: {path}, topic {topic}{more}.",
        f"{events} {subscriber}: alarm {names[Hop.ALARM]}, topic {topic}{more}.",
        f"{events} {subscriber}.",
    )


def _but_for(assessment: Assessment) -> str:
    """Whose records are excused."""
    excused = list(dict.fromkeys(name for event in assessment.events for name in event.excused))
    if not excused:
        return ""
    more = f" and {len(excused) - 1} more" if len(excused) > 1 else ""
    return f", but for what {_elided(excused[0], 80)}{more} may do unnoticed"


def _unnoticed(assessment: Assessment) -> str:
    """The events that are not covered: those that are disproved, or else those that could not be verified."""
    missing = [
        number
        for number, event in enumerate(assessment.events)
        if event.disproved == assessment.disproved and not event.covered
    ]
    if not missing:
        return ""
    others = len(missing) - 1
    more = f" and {others} more" if others else ""
    first = _sentence(_event(assessment, missing[0]))
    return f"{first}{more} {'would go unnoticed' if assessment.disproved else 'could not be verified'}."


def _event(assessment: Assessment, number: int) -> str:
    """A required event as people know it: of a call that matters only sometimes, what matters about it."""
    name, control = assessment.events[number].name, assessment.control
    asks_for_some = control is not None and control.condition is not None and name in control.event_names
    return f"{control.words} ({name})" if control is not None and asks_for_some else name


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def _broken(assessment: Assessment) -> str:
    from .findings import finding

    reason = assessment.reasons[0]
    told = finding(reason)
    short_name = _elided(reason.subject)
    summary = told.summary.replace(reason.subject, short_name) if reason.subject else told.summary
    bare = summary.split(": ", 1)[0] if reason.detail else summary
    unnoticed = _unnoticed(assessment)
    words = " ".join(_elided(word) for word in reason.detail.split())
    detail = textwrap.shorten(words, 110, placeholder=" ...")
    return _fitted(
        f"{summary}. {unnoticed} {told.step}.",
        f"{bare}: {detail}. {unnoticed} {told.step}.",
        f"{bare}. {unnoticed} {told.step}.",
        f"{bare}. {told.step}.",
    )
