"""Data classes written out when a package is built: what they are, and what `dataclass` would have made of them."""

from __future__ import annotations

import ast
import copy
import inspect
import json
import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from dataclasses import FrozenInstanceError, fields, is_dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from deploy.bytecode import compiled
from deploy.package import RULE_FOLDER, rule_files
from deploy.written_out import NotWrittenOut, written_out

SOURCE = '''
"""A module."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Place:
    """Where."""

    account_id: str
    region: str = "us-east-1"

    def moved(self, region: str) -> Place:
        return Place(self.account_id, region)


@dataclass(frozen=True, slots=True)
class Secret:
    key: str = field(repr=False)
    note: str = field(default="none", compare=False)
    tags: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Budget:
    left: int = 3
    spent: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True, eq=False)
class Token:
    text: str


@dataclass(frozen=True, slots=True)
class Parts:
    parts: tuple[int, ...]
    known_hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "known_hash", sum(self.parts))

    def __hash__(self) -> int:
        return self.known_hash


@dataclass(frozen=True, slots=True)
class Both(Parts):
    __hash__ = Parts.__hash__


@dataclass(frozen=True, slots=True)
class Question(Generic[T]):
    """Nothing to tell."""


class Plain:
    __slots__ = ()

    def __str__(self) -> str:
        return "plainly"


@dataclass(frozen=True, slots=True)
class Asked(Question[int], Plain):
    subject: str
'''
WAYS: dict[str, Callable[[ast.Module], ast.Module]] = {"dataclass": lambda module: module, "written out": written_out}


@pytest.fixture(params=list(WAYS))
def module(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The module as the sources have it, and as the package has it: whatever is said below holds of both."""
    made = ModuleType("made")
    monkeypatch.setitem(sys.modules, "made", made)
    exec(compile(WAYS[request.param](ast.parse(SOURCE)), "made.py", "exec"), made.__dict__)
    return made


def test_values_are_given_by_place_by_name_and_by_default(module: Any) -> None:
    place = module.Place("1")
    assert (place.account_id, place.region) == ("1", "us-east-1")
    assert module.Place(region="eu-west-1", account_id="2").region == "eu-west-1"
    with pytest.raises(TypeError, match="account_id"):
        module.Place()
    with pytest.raises(TypeError):
        module.Place("1", "2", "3")


def test_what_is_equal_has_one_hash(module: Any) -> None:
    assert module.Place("1") == module.Place("1", "us-east-1") != module.Place("2")
    assert {module.Place("1"): 1}[module.Place("1")] == 1
    assert hash(module.Place("1")) == hash(("1", "us-east-1"))
    assert module.Place("1") != ("1", "us-east-1")
    assert module.Secret("a", "b") == module.Secret("a", "c") != module.Secret("b")
    assert module.Token("a") != module.Token("a")
    assert module.Budget() == module.Budget()
    with pytest.raises(TypeError, match="unhashable"):
        hash(module.Budget())


def test_another_class_with_the_same_values_is_not_equal(module: Any) -> None:
    assert module.Both((1,)) != module.Parts((1,))
    assert module.Both((1,)) == module.Both((1,))


def test_it_is_told_as_it_is_made(module: Any) -> None:
    assert repr(module.Place("1")) == "Place(account_id='1', region='us-east-1')"
    assert repr(module.Secret("hidden")) == "Secret(note='none', tags={})"
    assert repr(module.Both((1, 2))) == "Both(parts=(1, 2))"
    assert str(module.Asked("what")) == "plainly"
    budget = module.Budget()
    budget.spent.append(budget)
    assert repr(budget) == "Budget(left=3, spent=[...])"


def test_what_is_frozen_is_not_changed(module: Any) -> None:
    place = module.Place("1")
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'region'"):
        place.region = "x"
    with pytest.raises(FrozenInstanceError, match="cannot delete field 'region'"):
        del place.region
    with pytest.raises((FrozenInstanceError, TypeError)):  # the standard library's own trips over the class here
        place.another = "x"
    with pytest.raises(FrozenInstanceError):
        module.Both((1,)).parts = ()


def test_what_is_not_frozen_is_changed_and_has_no_other_members(module: Any) -> None:
    budget = module.Budget()
    budget.left = 2
    assert budget.left == 2
    with pytest.raises(AttributeError):
        budget.right = 2


def test_each_has_a_value_of_its_own_from_a_factory(module: Any) -> None:
    first, second = module.Budget(), module.Budget()
    first.spent.append(1)
    assert (first.spent, second.spent, module.Secret("a").tags) == ([1], [], {})
    assert module.Secret("a", tags={"b": 1}).tags == {"b": 1}


def test_the_making_ends_as_the_class_says(module: Any) -> None:
    assert module.Parts((1, 2)).known_hash == module.Both((1, 2)).known_hash == hash(module.Both((1, 2))) == 3


def test_replace_copy_and_pickle(module: Any) -> None:
    place = module.Place("1")
    assert replace(place, region="x") == module.Place("1", "x")
    assert replace(module.Both((1,)), parts=(4, 5)).known_hash == 9
    assert replace(module.Secret("a", "b"), key="c").note == "b"
    assert copy.deepcopy(place) == pickle.loads(pickle.dumps(place)) == place
    with pytest.raises(TypeError):
        replace(place, unknown=1)


def test_patterns_take_the_fields_by_place(module: Any) -> None:
    match module.Place("1", "x"):
        case module.Place(account_id, region):
            assert (account_id, region) == ("1", "x")
        case _:
            pytest.fail("it is not taken by place")


def test_what_is_told_of_the_class(module: Any) -> None:
    place: Any = module.Place
    assert is_dataclass(module.Place)
    assert [(each.name, each.type, each.default) for each in fields(place)][1] == ("region", "str", "us-east-1")
    assert module.Place.__doc__ == "Where."
    assert list(inspect.signature(place).parameters) == ["account_id", "region"]
    assert not hasattr(place("1"), "__dict__")
    assert module.Asked.__orig_bases__[0].__args__ == (int,)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("@dataclass\nclass A:\n a: int", "A: only @dataclass"),
        ("@dataclass(frozen=True)\nclass A:\n a: int", "A: only @dataclass"),
        ("@dataclass(slots=True, order=True)\nclass A:\n a: int", "A: only @dataclass"),
        ("@final\n@dataclass(slots=True)\nclass A:\n a: int", "A: only @dataclass"),
        ("@dataclasses.dataclass(slots=True)\nclass A:\n a: int", "A: only @dataclass"),
        ("@dataclass(slots=True)\nclass A(elsewhere.B):\n a: int", "A: it derives from elsewhere.B"),
        ("@dataclass(slots=True)\nclass A:\n a: ClassVar[int]", "A: a is no field"),
        ("@dataclass(slots=True)\nclass A:\n a: int = field(kw_only=True)", "A: a is told more"),
        ("@dataclass(slots=True)\nclass A:\n a: int = field(init=False, default=1)", "A: a has a default"),
        (
            "@dataclass(slots=True)\nclass A:\n a: int\n@dataclass(slots=True)\nclass B(A):\n b: int",
            "B: it adds fields",
        ),
        ("def f():\n @dataclass(slots=True)\n class A:\n  a: int", "A: it is no class of a module"),
    ],
)
def test_what_cannot_be_written_out_is_refused(source: str, reason: str) -> None:
    with pytest.raises(NotWrittenOut, match=reason):
        written_out(ast.parse(source))


# --------------------------------------------------------------------------- the rule itself

DESCRIBE = """
import dataclasses, importlib, inspect, json, pkgutil, sys
import config_changes_alarm
def shown(value): return "..." if value is dataclasses.MISSING else getattr(value, "__qualname__", repr(value))
told = {}
for found in pkgutil.walk_packages(config_changes_alarm.__path__, "config_changes_alarm."):
    module = importlib.import_module(found.name)
    for name, each in vars(module).items():
        if dataclasses.is_dataclass(each) and each.__module__ == found.name:
            told[f"{found.name}.{name}"] = {
                "slots": list(each.__slots__),
                "match": list(each.__match_args__),
                "doc": each.__doc__,
                "parameters": [str(one.replace(annotation=one.empty)) for one in
                               inspect.signature(each.__init__).parameters.values()],
                "fields": [[one.name, one.type, one.init, one.repr, one.compare, shown(one.default),
                            shown(one.default_factory)] for one in dataclasses.fields(each)],
                "methods": [method for method in ("__eq__", "__setattr__", "__delattr__", "__repr__", "__getstate__")
                            if getattr(each, method) is not getattr(object, method)],
                "hash": shown(each.__hash__),
            }
print(json.dumps(told))
"""


def described(folder: Path) -> dict[str, dict[str, Any]]:
    environment = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", DESCRIBE], capture_output=True, text=True, env=environment, check=True, cwd=folder
    )
    told: dict[str, dict[str, Any]] = json.loads(done.stdout)
    return told


def test_every_data_class_of_the_rule_is_written_out_and_the_same(tmp_path: Path) -> None:
    sources = rule_files()
    for name, content in {**sources, **compiled(sources, written_out)}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"raise ImportError('a source')" if name.endswith(".py") else content)
    in_the_package, in_the_sources = described(tmp_path), described(RULE_FOLDER)
    assert len(in_the_sources) > 100
    assert in_the_package == in_the_sources


def test_no_data_class_is_left_to_be_made_at_import() -> None:
    for name, source in rule_files().items():
        if name.endswith(".py"):
            assert "@dataclass" not in ast.unparse(written_out(ast.parse(source))), name
