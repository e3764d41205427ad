"""Whether a pattern matches a message: True, False, or None where that hangs on an open point that is not decided."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from operator import eq, ge, gt, le, lt
from typing import Any

from .open_points import OpenPoint, Reading
from .patterns import Atom, Both, Delimited, Either, Expression, Figure, Formula, Pattern, Terms, Wild, Word

__all__ = ["NOTHING", "Num", "answer", "judged", "parsed"]

NOTHING = object()
"""What a selector finds where there is no such field."""


@dataclass(frozen=True)
class Num:
    """A number of a message, as it is written."""

    text: str

    @property
    def value(self) -> Decimal:
        return Decimal(self.text)


def parsed(message: str) -> Any:
    """The record, with its numbers as they are written. Raises ValueError."""
    return json.loads(message, parse_int=Num, parse_float=Num)


def answer(pattern: Pattern, message: str, reading: Reading) -> bool | None:
    if isinstance(pattern, Terms):
        return _terms(pattern, message, reading)
    if isinstance(pattern, Delimited):
        return _fields(pattern, message, reading)
    try:
        record = parsed(message)
    except ValueError:
        return False
    return _formula(pattern, record, reading) if isinstance(record, dict) else False


def every(answers: Iterable[bool | None]) -> bool | None:
    found = list(answers)
    return False if False in found else None if None in found else True


def some(answers: Iterable[bool | None]) -> bool | None:
    found = list(answers)
    return True if True in found else None if None in found else False


def reverse(one: bool | None) -> bool | None:
    return None if one is None else not one


def _formula(formula: Formula, record: Any, reading: Reading) -> bool | None:
    match formula:
        case Both():
            return every(_formula(part, record, reading) for part in formula.parts)
        case Either():
            return some(_formula(part, record, reading) for part in formula.parts)
        case Atom():
            return judged(formula, record, reading)


def _at(path: Iterable[str | int | Wild], value: Any) -> Any:
    for step in path:
        if isinstance(step, str) and isinstance(value, dict):
            value = value.get(step, NOTHING)
        elif isinstance(step, int) and isinstance(value, list) and step < len(value):
            value = value[step]
        else:
            return NOTHING
    return value


def judged(atom: Atom, record: Any, reading: Reading) -> bool | None:
    """One condition on a record."""
    wild = next((place for place, step in enumerate(atom.path) if isinstance(step, Wild)), None)
    if wild is None:
        return _holds(atom, _at(atom.path, record), reading)
    parent, rest = _at(atom.path[:wild], record), atom.path[wild + 1 :]
    below = _children(parent)
    fits = isinstance(parent, list if atom.path[wild] is Wild.ELEMENT else dict)
    if atom.relation == "MISSING":
        decided = reading.get(OpenPoint.WILD_NOT_EXISTS)
        return None if decided is None else decided and all(_at(rest, child) is NOTHING for child in below)
    if atom.relation == "!=":
        one = reading.get(OpenPoint.WILD_NE_ANY)
        if not below:
            return False
        return (
            None
            if one is None
            else (some if one else every)(_holds(atom, _at(rest, child), reading) for child in below)
        )
    direct = some(_holds(atom, _at(rest, child), reading) for child in below)
    if not fits:
        direct = every((direct, reading.get(OpenPoint.WILD_OTHER_KIND)))
    deeper = some(_deeper(atom, rest, child, reading) for child in below)
    return some((direct, every((deeper, reading.get(OpenPoint.WILD_DEEPER)))))


def _children(value: Any) -> list[Any]:
    return list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []


def _deeper(atom: Atom, rest: Iterable[str | int | Wild], value: Any, reading: Reading) -> bool | None:
    below = _children(value)
    direct = [_holds(atom, _at(rest, child), reading) for child in below]
    return some([*direct, *(_deeper(atom, rest, child, reading) for child in below)])


def _holds(atom: Atom, value: Any, reading: Reading) -> bool | None:
    match atom.relation:
        case "MISSING":
            return value is NOTHING
        case "NULL":
            return value is None
        case "TRUE" | "FALSE":
            if isinstance(value, str) and value.upper() == atom.relation:
                return reading.get(OpenPoint.IS_ON_STRING)
            return value is (atom.relation == "TRUE")
    if value is NOTHING or atom.operand is None:
        return False
    if isinstance(value, (dict, list)):
        stars = isinstance(atom.operand, Word) and set(atom.operand.text) == {"*"}
        return reading.get(OpenPoint.STAR_ON_CONTAINER) if stars and atom.relation == "=" else False
    return _compared(atom.relation, atom.operand, value, reading)


_ORDER = {"<": lt, "<=": le, ">": gt, ">=": ge}


def _compared(relation: str, operand: Word | Figure | Expression, value: Any, reading: Reading) -> bool | None:
    if isinstance(operand, Word) and operand.bare and reading.get(OpenPoint.BARE_PUNCTUATION) is None:
        return None
    if isinstance(operand, Word) and operand.escapes:
        kept = reading.get(OpenPoint.BACKSLASH_KEPT)
        if kept is None:
            return None
        operand = operand if kept else Word(re.sub(r"\\(?=[^\"\\])", "", operand.text))
    if relation in _ORDER:
        return _ordered(relation, operand, value, reading)
    equal = _equal(operand, value, reading)
    if relation == "=":
        return equal
    if value is None:
        return reading.get(OpenPoint.NE_ON_NULL)
    if isinstance(value, bool):
        return every((reverse(equal), reading.get(OpenPoint.NE_ON_BOOLEAN))) if reading else None
    return reverse(equal)


def _ordered(relation: str, operand: Any, value: Any, reading: Reading) -> bool | None:
    if not isinstance(operand, Figure) or value is None:
        return False
    literal = Decimal(operand.text)
    if isinstance(value, bool):
        return _if(_ORDER[relation](Decimal(value), literal), reading.get(OpenPoint.NUMBER_ON_BOOLEAN))
    if isinstance(value, str):
        read = _as_number(value)
        if read is None or read != literal:
            return False  # seen: the orderings are false on a string; equal texts are not known
        return _if(_ORDER[relation](read, literal), reading.get(OpenPoint.NUMBER_ON_STRING)) if reading else None
    return _exactly(_ORDER[relation], value.value, literal, reading)


def _if(truth: bool, decided: bool | None) -> bool | None:
    """What is false either way is false."""
    return decided if truth else False


def _exactly(relation: Callable[[Any, Any], bool], value: Decimal, literal: Decimal, reading: Reading) -> bool | None:
    """Where doubles and decimals compare alike, that; else it is open which of them is compared."""
    exact, rounded = relation(value, literal), relation(float(value), float(literal))
    if exact is rounded:
        return exact
    decided = reading.get(OpenPoint.HUGE_NUMBER)
    return None if decided is None else exact if decided else rounded


def _as_number(text: str) -> Decimal | None:
    found = re.fullmatch(r"\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,9})?\s*", text, re.ASCII)
    return Decimal(text.strip()) if found else None


def _equal(operand: Any, value: Any, reading: Reading) -> bool | None:
    if value is None:
        if isinstance(operand, Word) and operand.text == "":
            return reading.get(OpenPoint.NULL_IS_EMPTY)
        return _as_written("null", operand, reading.get(OpenPoint.NULL_AS_TEXT))
    if isinstance(value, bool):
        if isinstance(operand, Figure):
            return _if(Decimal(operand.text) == value, reading.get(OpenPoint.NUMBER_ON_BOOLEAN))
        return _as_written(str(value).lower(), operand, reading.get(OpenPoint.BOOLEAN_AS_TEXT))
    if isinstance(value, str):
        return _equal_string(operand, value, reading)
    return _equal_number(operand, value, reading)


def _equal_string(operand: Any, value: str, reading: Reading) -> bool | None:
    if isinstance(operand, Figure):
        return _if(
            _as_number(value) == Decimal(operand.text) or value == operand.text, reading.get(OpenPoint.NUMBER_ON_STRING)
        )
    if isinstance(operand, Expression):
        return _search(operand.source, value)
    return _like(operand.text, value, reading)


def _like(word: str, text: str, reading: Reading) -> bool | None:
    if word in ("*", "**"):
        return True
    begins, ends = not word.startswith("*"), not word.endswith("*")
    core = word[0 if begins else 1 : len(word) if ends else len(word) - 1]
    if begins and ends:
        return text == core
    if begins:
        return text.startswith(core)
    if not ends:
        return core in text
    if not text.endswith(core):
        return False
    return True if text.index(core) + len(core) == len(text) else reading.get(OpenPoint.TRAILING_REST_AGAIN)


def _equal_number(operand: Any, value: Num, reading: Reading) -> bool | None:
    if isinstance(operand, Figure):
        if operand.text == value.text:
            return True
        literal = Decimal(operand.text)
        return _exactly(eq, value.value, literal, reading)
    if isinstance(operand, Word) and set(operand.text) == {"*"}:
        return True if operand.text == "*" else reading.get(OpenPoint.STARS_ON_NUMBER)
    if _written_one_way(value):
        return _equal_text_of_number(operand, value.text, reading)
    spelling = reading.get(OpenPoint.SPELLING)
    if spelling is not None:
        return _equal_text_of_number(operand, value.text if spelling else _anew(value)[0], reading)
    answers = {_equal_text_of_number(operand, text, reading) for text in (value.text, *_anew(value))}
    return answers.pop() if len(answers) == 1 else None


def _equal_text_of_number(operand: Word | Expression, text: str, reading: Reading) -> bool | None:
    if isinstance(operand, Expression):
        return _as_written(text, operand, reading.get(OpenPoint.BOOLEAN_AS_TEXT))
    strict, loose = _like(operand.text, text, reading), _glob(operand.text, text)
    if strict is loose:
        return strict
    wild = reading.get(OpenPoint.STAR_WITHIN_ON_NUMBER)
    return None if wild is None else loose if wild else bool(strict)


def _written_one_way(number: Num) -> bool:
    """Whether integer and double, read and written anew, have the same text."""
    if not re.fullmatch(r"-?(0|[1-9][0-9]*)(\.([0-9]|[0-9]*[1-9]))?", number.text) or number.text in ("-0", "-0.0"):
        return False
    if len(number.text) > 16:
        return False
    return "." not in number.text or number.value == 0 or Decimal("0.001") <= abs(number.value) < 10_000_000


def _anew(number: Num) -> tuple[str, ...]:
    """How a service that has read a double, a long or a decimal may write it, the shortest first."""
    value = float(number.text)
    whole = (str(int(value)),) if math.isfinite(value) and value == int(value) else ()
    scientific = f"{value:.17E}" if not math.isfinite(value) else _scientific(value)
    return (*whole, repr(value), f"{number.value:f}", scientific)


def _scientific(value: float) -> str:
    """As Java writes a large double: 1.688992107857E9."""
    exponent = math.floor(math.log10(abs(value))) if value else 0
    digits = repr(float(Decimal(repr(value)).scaleb(-exponent)))
    return f"{digits}E{exponent}"


def _as_written(text: str, operand: Any, decided: bool | None) -> bool | None:
    if isinstance(operand, Word):
        return _if(_glob(operand.text.lower(), text), decided)
    return _if(_search(operand.source, text), decided) if isinstance(operand, Expression) else False


def _glob(word: str, text: str) -> bool:
    """With every * a wildcard."""
    return re.fullmatch(".*".join(re.escape(part) for part in word.split("*")), text, re.DOTALL) is not None


def _search(source: str, text: str) -> bool:
    """`^` and `$` are the whole text's; classes are ASCII's."""
    return re.search(source.replace("$", r"\Z") if not source.endswith(r"\$") else source, text, re.ASCII) is not None


# --------------------------------------------------------------------------- terms and fields


def _terms(pattern: Terms, message: str, reading: Reading) -> bool | None:
    found = [(sign, _contains(content, message, reading)) for sign, content in pattern.terms]
    if found and all(sign == "?" for sign, _ in found):
        return some(one for _, one in found)
    return every(reverse(one) if sign == "-" else one for sign, one in found if sign != "?")


def _contains(content: Any, message: str, reading: Reading) -> bool | None:
    if isinstance(content, Expression):
        return _search(content.source, message)
    if content.escapes:
        kept = reading.get(OpenPoint.BACKSLASH_KEPT)
        return None if kept is None else (content.text if kept else content.text.replace("\\", "")) in message
    return not content.text.strip() or content.text in message


def _fields(pattern: Delimited, message: str, reading: Reading) -> bool | None:
    values = ["".join(found) for found in re.findall(r'\[([^\]]*)\]|"([^"]*)"|(\S+)', message)]
    wanted = list(pattern.fields)
    if None in wanted:
        gap = wanted.index(None)
        wanted[gap : gap + 1] = [()] * (len(values) - len(wanted) + 1)
    if None in wanted or len(wanted) > len(values):
        return False if None not in wanted else None
    return every(_field(conditions, value, reading) for conditions, value in zip(wanted, values, strict=False))


def _field(conditions: Any, value: str, reading: Reading) -> bool | None:
    if not conditions:
        return True
    return some(
        every(_on_field(relation, operand, value, reading) for relation, operand in alternative)
        for alternative in conditions
    )


def _on_field(relation: str, operand: Any, value: str, reading: Reading) -> bool | None:
    if isinstance(operand, Figure):
        number = re.fullmatch(r"-?\d+(\.\d+)?", value, re.ASCII)
        return relation == "!=" if number is None else _compared(relation, operand, Num(value), reading)
    return _compared(relation, operand, value, reading)
