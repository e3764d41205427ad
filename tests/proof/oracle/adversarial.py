"""Patterns made to be hard: families of questions that grow with the length of their patterns.

Each family says what the true answer is, by construction. `decidable` is False for those that may stay undecided at
1,024 characters: pigeonholes, products of automata that need exponentially many states, and what nobody would write.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from .decision import Judgement

__all__ = ["FAMILIES", "Family", "Pair"]

COVERED, MISSED, OPEN = Judgement.COVERED, Judgement.MISSED, Judgement.OPEN


@dataclass(frozen=True, slots=True)
class Pair:
    """The texts of a required pattern and of the deployed ones."""

    required: str
    deployed: tuple[str, ...]


Build: TypeAlias = Callable[[int], Pair]


@dataclass(frozen=True, slots=True)
class Family:
    """`build(size)` has patterns of at most, and nearly, `size` characters."""

    name: str
    truth: Judgement
    build: Build
    decidable: bool = True
    spoken: bool = True
    """Whether the oracle reads its patterns: it knows no wildcards in selectors."""


FAMILIES: list[Family] = []


def _family(name: str, truth: Judgement, decidable: bool = True, spoken: bool = True) -> Callable[[Build], Build]:
    def register(build: Build) -> Build:
        FAMILIES.append(Family(name, truth, build, decidable, spoken))
        return build

    return register


def _row(size: int, part: Callable[[int], str], mark: str) -> str:
    """As many numbered parts as a pattern of that size holds."""
    body = ""
    number = 0
    while len(longer := body + (mark if body else "") + part(number)) <= size - 2:
        body = longer
        number += 1
    return "{" + body + "}"


# --------------------------------------------------------------------------- structure


@_family("nested parentheses", COVERED)
def _nested(size: int) -> Pair:
    depth = (size - 7) // 2
    source = "{" + "(" * depth + "$.a=1" + ")" * depth + "}"
    return Pair(source, (source,))


@_family("&& and || in turn, nested", COVERED)
def _alternating(size: int) -> Pair:
    depth = (size - 10) // 19
    source = "{" + "".join(f"$.a{level:02}=1&&($.b=1||" for level in range(depth)) + "$.c=xy" + ")" * depth + "}"
    return Pair(source, (source.replace("$.c=xy", "$.c=x*"),))


@_family("a selector as deep as long", COVERED, decidable=False)
def _deep(size: int) -> Pair:
    selector = "$" + ".a" * ((size - 6) // 2)
    return Pair("{" + selector + "=a*}", ("{" + selector + "=*}",))


@_family("conjunction of disjunctions, itself in another order", COVERED)
def _reordered(size: int) -> Pair:
    required = _row(size, lambda number: f"($.a{number}=x||$.b{number}=x)", "&&")
    return Pair(required, (_row(size, lambda number: f"($.b{number}=x||$.a{number}=x)", "&&"),))


@_family("conjunction of disjunctions, one of them narrower", MISSED)
def _narrower(size: int) -> Pair:
    required = _row(size, lambda number: f"($.a{number}=x||$.b{number}=x)", "&&")
    return Pair(required, (required.replace("$.b1=x", "$.b1=y"),))


@_family("conjunction of disjunctions, each of them wider", COVERED)
def _each_wider(size: int) -> Pair:
    required = _row(size, lambda number: f"($.a{number}=xy||$.b{number}=xy)", "&&")
    return Pair(required, (required.replace("xy", "x*"),))


@_family("conjunction of disjunctions against disjunction of conjunctions", MISSED)
def _cnf_dnf(size: int) -> Pair:
    required = _row(size, lambda number: f"($.a{number}=x||$.b{number}=x)", "&&")
    return Pair(required, (_row(size, lambda number: f"($.a{number}=x&&$.b{number}=x)", "||"),))


@_family("disjunction of conjunctions against conjunction of disjunctions", MISSED)
def _dnf_cnf(size: int) -> Pair:
    required = _row(size, lambda number: f"($.a{number}=x&&$.b{number}=x)", "||")
    return Pair(required, (_row(size, lambda number: f"($.a{number}=x||$.b{number}=x)", "&&"),))


@_family("exclusive alternatives in a chain", MISSED)
def _chain(size: int) -> Pair:
    required = _row(size, lambda at: f"(($.x{at}=a&&$.x{at + 1}=b)||($.x{at}=b&&$.x{at + 1}=a))", "&&")
    return Pair(required, ("{$.x0=a}",))


@_family("exclusive alternatives in a chain, and both its beginnings", COVERED)
def _chain_closed(size: int) -> Pair:
    return Pair(_chain(size).required, ("{$.x0=a}", "{$.x1=a}"))


@_family("pigeonhole", COVERED, decidable=False)
def _pigeonhole(size: int) -> Pair:
    """Every pigeon in a hole, one pigeon too many; deployed: two of them in one hole."""
    holes = 1
    while len(_pigeons(holes + 1)) <= size:
        holes += 1
    alike = [
        f"$.p{two}=h{hole}&&$.p{one}=h{hole}" for hole in range(holes) for two in range(holes + 1) for one in range(two)
    ]
    deployed = []
    while alike:
        source = _row(size, lambda number: (alike[number : number + 1] or ["x" * size])[0], "||")
        deployed.append(source)
        del alike[: source.count("||") + 1]
    return Pair(_pigeons(holes), tuple(deployed))


def _pigeons(holes: int) -> str:
    each = ("||".join(f"$.p{pigeon}=h{hole}" for hole in range(holes)) for pigeon in range(holes + 1))
    return "{" + "&&".join(f"({one})" for one in each) + "}"


# --------------------------------------------------------------------------- many conditions


@_family("|| over one field", COVERED)
def _one_field(size: int) -> Pair:
    source = _row(size, lambda number: f"$.a=v{number}", "||")
    return Pair(source, (source,))


@_family("|| over one field, one of them not deployed", MISSED)
def _one_missing(size: int) -> Pair:
    source = _row(size, lambda number: f"$.a=v{number}", "||")
    return Pair(source, (source.replace("=v3|", "=w|"),))


@_family("|| over one field, all with one prefix", COVERED)
def _one_prefix(size: int) -> Pair:
    return Pair(_row(size, lambda number: f"$.a=v{number}", "||"), ("{$.a=v*}",))


@_family("exclusions from one field", MISSED)
def _exclusions(size: int) -> Pair:
    return Pair("{$.a=v*}", (_row(size, lambda number: f"$.a!=v{number}", "&&"),))


@_family("|| over 40 fields", COVERED)
def _forty(size: int) -> Pair:
    source = _row(size, lambda number: f"$.f{number % 40}=x{number}", "||")
    return Pair(source, (source,))


@_family("|| over 40 fields against && over them", MISSED)
def _forty_exclusions(size: int) -> Pair:
    required = _row(size, lambda number: f"$.f{number % 40}=x{number}", "||")
    return Pair(required, (_row(size, lambda number: f"$.f{number % 40}!=x{number}", "&&"),))


@_family("an array, element by element", COVERED)
def _elements(size: int) -> Pair:
    required = _row(size, lambda number: f"$.a[{number}]=x", "&&")
    return Pair(required, (required.replace("&&", "||"),))


@_family("a selector of great indexes", COVERED, decidable=False)
def _great_indexes(size: int) -> Pair:
    source = "{$.a" + "[1000]" * ((size - 9) // 6) + "=1}"
    return Pair(source, (source.replace("=1}", "=2}"), source.replace("=1}", ">=1}")))


@_family("a selector of small indexes", COVERED, decidable=False)
def _small_indexes(size: int) -> Pair:
    selector = "$.a" + "[9]" * ((size - 14) // 3)
    return Pair("{" + selector + "=x}", ("{" + selector + "=w}", "{" + selector + '="x*"}'))


@_family("many selectors of great indexes", MISSED, decidable=False)
def _many_great_indexes(size: int) -> Pair:
    required = _row(size, lambda number: f"$.a{number}[999][999]=x", "&&")
    return Pair(required, (required.replace("=x", "=w"),))


@_family("many elements of one array, far apart", MISSED)
def _far_elements(size: int) -> Pair:
    deployed = _row(size, lambda number: f"$.a[{number * 11}]!=x", "&&")
    return Pair(deployed.replace("!=x", "=x").replace("&&", "||"), (deployed,))


@_family("one element of an array and all of them", COVERED, spoken=False)
def _all_elements(size: int) -> Pair:
    required = _row(size, lambda number: f"$.a[{number}]=x", "&&")
    return Pair(required, ("{$.a[*]=w}", "{$.a[*]=x}"))


@_family("a wild step at the end of a deep selector", COVERED, decidable=False, spoken=False)
def _wild_end(size: int) -> Pair:
    selector = "$.a" + ".a" * ((size - 11) // 2)
    return Pair("{" + selector + ".b=x}", ("{" + selector + ".*=x}",))


@_family("a wild step amid great indexes", COVERED, decidable=False, spoken=False)
def _wild_amid(size: int) -> Pair:
    steps = "[900]" * ((size - 12) // 10)
    return Pair("{$.a" + steps + "[3]" + steps + "=x}", ("{$.a" + steps + "[*]" + steps + "=x}",))


@_family("wild steps against each field of an object", MISSED, spoken=False)
def _wild_fields(size: int) -> Pair:
    required = _row(size, lambda number: f"($.a.b{number}=x||$.b.c{number}=y)", "&&")
    return Pair(required, ("{$.a.*=w||$.b.*=w||$.*.b0=v}", "{$.a[*]=x}"))


@_family("wild steps below each element of an array", MISSED, decidable=False, spoken=False)
def _wild_below(size: int) -> Pair:
    required = _row(size, lambda number: f"($.a[{number}].b=x||$.b{number}=1)", "&&")
    return Pair(required, ("{$.a[*].b=w||$.a[*].c=w||$.a[*].d!=w}",))


@_family("|| over terms", COVERED)
def _terms(size: int) -> Pair:
    source = _row(size, lambda number: f"?t{number}", " ").strip("{}")
    return Pair(source, (source,))


# --------------------------------------------------------------------------- texts


@_family("parts that are all contained, and one that is not", MISSED)
def _parts(size: int) -> Pair:
    required = _row(size, lambda number: f'$.a="*{"ab" * (number % 3)}{"c" * (number % 5)}a{number}*"', "&&")
    return Pair(required, ('{$.a="*zz*"}',))


@_family("parts of each other", COVERED)
def _nested_parts(size: int) -> Pair:
    required = _row(size, lambda number: f'$.a="*{"ab" * (number + 1)}*"', "&&")
    return Pair(required, ('{$.a="*bab*"}', '{$.a="*ab*"}'))


@_family("suffixes that are excluded", MISSED)
def _suffixes(size: int) -> Pair:
    return Pair('{$.a="*a"}', (_row(size, lambda number: f'$.a!="*{number}a"', "&&"),))


@_family("a prefix and a suffix that overlap", MISSED)
def _overlap(size: int) -> Pair:
    half = (size - 20) // 2
    return Pair('{$.a="' + "ab" * (half // 2) + '*"&&$.a="*' + "ba" * (half // 2) + '"}', ('{$.a="*aa*"}',))


@_family("counted places, one after another", COVERED)
def _counted(size: int) -> Pair:
    return Pair("{$.a=%^" + "a{1,9}" * ((size - 10) // 6) + "$%}", ("{$.a=%^a+$%}",))


@_family("counted places by the hundred", COVERED)
def _hundreds(size: int) -> Pair:
    return Pair(
        "{$.a=%^a{" + str(size // 2) + "}b{" + str(size // 2) + "}c{" + str(size) + "}$%}",
        ("{$.a=%b{" + str(size // 2 - 1) + "}%}",),
    )


@_family("the same place from the end, on both sides", COVERED)
def _same_place(size: int) -> Pair:
    source = "{$.a=%[ab]*a[ab]{" + str(size) + "}%}"
    return Pair(source, (source,))


@_family("neighbouring places from the end", MISSED)
def _neighbours(size: int) -> Pair:
    return Pair("{$.a=%[ab]*a[ab]{" + str(size) + "}%}", ("{$.a=%[ab]*a[ab]{" + str(size - 1) + "}$%}",))


@_family("one place from the end that is both", COVERED, decidable=False)
def _contradiction(size: int) -> Pair:
    first, second = (f"$.a=%^[ab]*{char}[ab]{{{size}}}$%" for char in "ab")
    return Pair("{" + first + "&&" + second + "}", ("{$.b=x}",))


@_family("a long alternation", COVERED)
def _alternation(size: int) -> Pair:
    branches = _row(size - 10, lambda number: f"^v{number}$", "|").strip("{}")
    return Pair("{$.a=%" + branches + "%}", ("{$.a=v*}",))


# --------------------------------------------------------------------------- numbers


@_family("numbers that leave holes", MISSED)
def _holes(size: int) -> Pair:
    return Pair("{$.a>0.5}", (_row(size, lambda number: f"($.a<{number}||$.a>{number})", "&&"),))


@_family("numbers by their first digits", OPEN)
def _digits(size: int) -> Pair:
    """Of 125e-2 nobody knows how AWS writes it."""
    return Pair("{$.a>1&&$.a<2}", (_row(size, lambda number: f"$.a=1.{number % 10}*", "||"), '{$.a="1.0*"}'))


@_family("conditions that always hold", COVERED)
def _tautologies(size: int) -> Pair:
    return Pair("{$.a=%^x%}", (_row(size, lambda number: f"($.a={number}||$.a!={number})", "&&"),))
