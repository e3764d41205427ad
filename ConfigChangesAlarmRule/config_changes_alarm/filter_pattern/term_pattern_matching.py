"""Term patterns on messages: words, phrases and expressions that are found anywhere."""

from __future__ import annotations

from .answer import Answer, all_of, any_of, certain
from .automaton import search
from .syntax import Regex, Term, TermPattern

__all__ = ["matches_terms"]


def matches_terms(pattern: TermPattern, message: str) -> Answer:
    """All required, no excluded. `?` terms count only alone: mixed with others they are ignored."""
    if pattern.optional and not pattern.required and not pattern.excluded:
        return any_of(_contains(term, message) for term in pattern.optional)
    found = [_contains(term, message) for term in pattern.required]
    return all_of(found + [~_contains(term, message) for term in pattern.excluded])


def _contains(term: Term, message: str) -> Answer:
    """A term is found anywhere, inside words too; a phrase of white space alone matches everything."""
    if isinstance(term.content, Regex):
        return certain(search(term.content.source, message))
    if not term.content.documented:
        return Answer.UNKNOWN
    return certain(not term.content.value.strip() or term.content.value in message)
