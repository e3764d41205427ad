"""A question of coverage: what it asks, as patterns print it, and the smaller questions within it."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, replace

from .language import Atom, Both, Either, Expression, Formula, Quantity, Word
from .records import CLOUDTRAIL, Facts

__all__ = ["Question", "printed"]


@dataclass(frozen=True, slots=True)
class Question:
    required: Formula
    deployed: tuple[Formula, ...]
    facts: Facts

    def __str__(self) -> str:
        known = ", ".join(f"{path}: {'/'.join(kinds)}" for path, (kinds, _) in self.facts.items())
        if self.facts is CLOUDTRAIL:
            known = "a CloudTrail record of the event"
        texts = [printed(each) for each in (self.required, *self.deployed)]
        return f"required {texts[0]}\ndeployed " + "\n         ".join(texts[1:]) + f"\nknown    {known or 'nothing'}"

    def smaller(self) -> list[Question]:
        """The question with a part left out, for the shortest example of a disagreement."""
        found = [replace(self, required=each) for each in _without(self.required)]
        for number, formula in enumerate(self.deployed):
            rest = (self.deployed[:number], self.deployed[number + 1 :])
            found.append(replace(self, deployed=rest[0] + rest[1]))
            found += [replace(self, deployed=(*rest[0], each, *rest[1])) for each in _without(formula)]
        for path in self.facts if self.facts is not CLOUDTRAIL else ():
            found.append(replace(self, facts={key: fact for key, fact in self.facts.items() if key != path}))
        return found


def _without(formula: Formula) -> list[Formula]:
    if isinstance(formula, Atom):
        return []
    found: list[Formula] = list(formula.parts)
    for number, part in enumerate(formula.parts):
        rest = formula.parts[:number] + formula.parts[number + 1 :]
        if len(rest) > 1:
            found.append(replace(formula, parts=rest))
        found += [
            replace(formula, parts=(*formula.parts[:number], each, *formula.parts[number + 1 :]))
            for each in _without(part)
        ]
    return found


# --------------------------------------------------------------------------- printing


def printed(formula: Formula, style: random.Random | None = None) -> str:
    """The pattern's text: plain, or with the white space, quotes and parentheses of some style."""
    return "{ " + _printed(formula, style or random.Random(0), style is not None) + " }"


def _printed(formula: Formula, style: random.Random, varied: bool) -> str:
    def space() -> str:
        return style.choice(("", " ", "\n", "  ")) if varied else " "

    if isinstance(formula, Atom):
        text = _atom_text(formula, style, varied)
    else:
        mark = "&&" if isinstance(formula, Both) else "||"
        parts = []
        for part in formula.parts:
            inner = _printed(part, style, varied)
            parts.append(f"({inner})" if isinstance(formula, Both) and isinstance(part, Either) else inner)
        text = f"{space()}{mark}{space()}".join(parts)
    return f"({space()}{text}{space()})" if varied and style.random() < 0.15 else text


def _atom_text(atom: Atom, style: random.Random, varied: bool) -> str:
    selector = "$"
    for step in atom.path:
        if isinstance(step, int):
            selector += f"[{step}]"
        elif re.fullmatch(r"[A-Za-z0-9_-]+", step) and not (varied and style.random() < 0.05):
            selector += f".{step}"
        else:
            selector += f".['{step}']"
    if atom.operand is None:
        return f"{selector} {atom.relation.value}"
    match atom.operand:
        case Quantity():
            operand = atom.operand.text
        case Expression():
            operand = f"%{atom.operand.source}%"
        case Word(text):
            bare = re.fullmatch(r"[A-Za-z_*][A-Za-z0-9_.*]*", text) and varied and style.random() < 0.5
            operand = text if bare else '"' + re.sub(r'(["\\])', r"\\\1", text) + '"'
    gap = style.choice(("", " ")) if varied else " "
    return f"{selector}{gap}{atom.relation.value}{gap}{operand}"
