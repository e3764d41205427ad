"""Data classes written out: what `@dataclass` makes of a class at every import, made once, when a package is built.

`dataclass` writes the methods of a class as text and compiles it, which costs a cold start as much as importing boto3
does. Here the same methods become part of the class before its module is compiled. The sources stay as they are, and
a runtime that takes them gets the same classes from the standard library.

    @dataclass(frozen=True, slots=True)          class Place:
    class Place:                                     account_id: str
        account_id: str                 ->           region: str
        region: str                                  __slots__ = ("account_id", "region")
                                                     def __init__(self, account_id, region): ...

What cannot be written out so is refused, not left to chance: `NotWrittenOut`.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["NotWrittenOut", "written_out"]


class NotWrittenOut(Exception):
    """A data class that uses what is not written out here; the text names it."""


@dataclass(frozen=True, slots=True)
class _Field:
    """A field of a data class, with what its name is given in the class's body: a default, `field(...)` or nothing."""

    name: str
    given: ast.expr | None

    @property
    def options(self) -> Mapping[str, ast.expr]:
        """What `field(...)` is told; a default that is given plainly is one of them."""
        if self.is_call:
            assert isinstance(self.given, ast.Call)
            return {str(keyword.arg): keyword.value for keyword in self.given.keywords}
        return {} if self.given is None else {"default": self.given}

    @property
    def is_call(self) -> bool:
        """Whether its name is what `field(...)` returns, while the class's body runs."""
        return isinstance(self.given, ast.Call) and ast.unparse(self.given.func) == "field"

    def takes_part(self, where: str) -> bool:
        """In `init`, `repr` or `compare`: as it does unless `field` is told otherwise."""
        told = self.options.get(where)
        return told is None or bool(ast.literal_eval(told))

    @property
    def parameter(self) -> str:
        """Of `__init__`. A default is evaluated once, where the class gives it."""
        if "default_factory" in self.options:
            return f"{self.name}=_dataclasses_._HAS_DEFAULT_FACTORY"
        if "default" in self.options:
            return f"{self.name}={self.name}.default" if self.is_call else f"{self.name}={self.name}"
        return self.name

    @property
    def value(self) -> str:
        """What `__init__` gives it."""
        if (factory := self.options.get("default_factory")) is None:
            return self.name
        return f"{ast.unparse(factory)}() if {self.name} is _dataclasses_._HAS_DEFAULT_FACTORY else {self.name}"

    @property
    def description(self) -> str:
        """For `dataclasses.fields` and `replace`."""
        if self.is_call:
            return self.name
        return "_dataclasses_.field()" if self.given is None else f"_dataclasses_.field(default={self.name})"


@dataclass(frozen=True, slots=True)
class _DataClass:
    """A data class: its fields, and what `dataclass` is told.

    `derives` says whether the fields are those of the data class that it derives from, and `is_made` whether
    `__post_init__` ends its making.
    """

    fields: tuple[_Field, ...]
    derives: bool
    frozen: bool
    eq: bool
    is_made: bool

    def names(self, where: str) -> tuple[str, ...]:
        """The fields that take part there."""
        return tuple(each.name for each in self.fields if each.takes_part(where))


def written_out(module: ast.Module) -> ast.Module:
    """The module with its data classes written out. Raises `NotWrittenOut`."""
    classes: dict[str, _DataClass | None] = {}
    for node in module.body:
        if isinstance(node, ast.ClassDef):
            classes[node.name] = data_class = _data_class(node, classes)
            if data_class is not None:
                _write(node, data_class)
    if left := [each for each in ast.walk(module) if isinstance(each, ast.ClassDef) and _told(each) is not None]:
        raise NotWrittenOut(f"{left[0].name}: it is no class of a module's own")
    if any(classes.values()):
        place = next(number for number, each in enumerate(module.body) if not _comes_first(each))
        module.body[place:place] = ast.parse(_BEFORE).body
    return ast.fix_missing_locations(module)


_BEFORE = """
import dataclasses as _dataclasses_
from reprlib import recursive_repr as _recursive_repr_

_set_field_ = object.__setattr__

def _refuse_assignment_(self, name, value):
    raise _dataclasses_.FrozenInstanceError(f"cannot assign to field {name!r}")

def _refuse_deletion_(self, name):
    raise _dataclasses_.FrozenInstanceError(f"cannot delete field {name!r}")
"""
"""What the classes of a module need, before them."""

_FROZEN = {
    "__setattr__": "__setattr__ = _refuse_assignment_",
    "__delattr__": "__delattr__ = _refuse_deletion_",
    "__getstate__": "__getstate__ = _dataclasses_._dataclass_getstate",
    "__setstate__": "__setstate__ = _dataclasses_._dataclass_setstate",
}
"""A class that takes no changes has a way of its own for copies and pickles."""


def _comes_first(statement: ast.stmt) -> bool:
    """A docstring and what is imported from the future stay before everything else."""
    if isinstance(statement, ast.ImportFrom):
        return statement.module == "__future__"
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _data_class(node: ast.ClassDef, known: Mapping[str, _DataClass | None]) -> _DataClass | None:
    """None for a class that is none."""
    told = _told(node)
    if told is None:
        return None
    bases = [ast.unparse(base).partition("[")[0] for base in node.bases]
    if unknown := [base for base in bases if base not in known and base != "Generic"]:
        raise NotWrittenOut(f"{node.name}: it derives from {unknown[0]}, of which nothing is known")
    over = [base for name in bases if (base := known.get(name)) is not None]
    derived = tuple(each for base in over for each in base.fields)
    own = tuple(_field(node, each) for each in node.body if isinstance(each, ast.AnnAssign))
    if derived and own:
        raise NotWrittenOut(f"{node.name}: it adds fields to those that it derives")
    is_made = "__post_init__" in _defined(node) or any(base.is_made for base in over)
    return _DataClass(own or derived, bool(derived), told.get("frozen", False), told.get("eq", True), is_made)


def _field(node: ast.ClassDef, statement: ast.AnnAssign) -> _Field:
    name = ast.unparse(statement.target)
    if any(word in ast.unparse(statement.annotation) for word in _NO_FIELDS):
        raise NotWrittenOut(f"{node.name}: {name} is no field of its own")
    found = _Field(name, statement.value)
    if not found.takes_part("init") and len(found.options.keys() & {"default", "default_factory"}):
        raise NotWrittenOut(f"{node.name}: {name} has a default that nobody gives")
    if not found.options.keys() <= _OPTIONS:
        raise NotWrittenOut(f"{node.name}: {name} is told more than {', '.join(sorted(_OPTIONS))}")
    return found


_NO_FIELDS = ("ClassVar", "InitVar", "KW_ONLY")
_OPTIONS = {"default", "default_factory", "init", "repr", "compare"}


def _told(node: ast.ClassDef) -> Mapping[str, bool] | None:
    """What `dataclass` is told of a class; None where it does not decorate it."""
    if not any("dataclass" in ast.unparse(decorator) for decorator in node.decorator_list):
        return None
    match node.decorator_list:
        case [ast.Call(func=ast.Name(id="dataclass"), keywords=keywords)]:
            told = {str(keyword.arg): bool(ast.literal_eval(keyword.value)) for keyword in keywords}
            if told.get("slots") and told.keys() <= {"frozen", "slots", "eq"}:
                return told
    raise NotWrittenOut(f"{node.name}: only @dataclass(slots=True) is written out, with frozen and eq or without")


def _defined(node: ast.ClassDef) -> frozenset[str]:
    """What a class's body defines, other than fields."""
    functions = (each.name for each in node.body if isinstance(each, ast.FunctionDef))
    assigned = (target for each in node.body if isinstance(each, ast.Assign) for target in each.targets)
    return frozenset((*functions, *(each.id for each in assigned if isinstance(each, ast.Name))))


def _write(node: ast.ClassDef, data_class: _DataClass) -> None:
    """Into the class, what it does not define itself. The names of the fields are free for their slots in the end."""
    defined = _defined(node)
    members = [text for name, text in _members(data_class).items() if name not in defined]
    if not data_class.derives:
        members += [f"del {each.name}" for each in data_class.fields if each.given is not None]
    added = ast.parse("\n".join(members))
    for each in ast.walk(added):
        ast.copy_location(each, node)
    node.decorator_list = []
    node.body += added.body


def _members(data_class: _DataClass) -> Mapping[str, str]:
    """What `dataclass` adds to a class, as Python 3.13 words it."""
    members = dict(_FROZEN) if data_class.frozen else {}
    if data_class.derives:  # the other methods are those that it derives
        return {"__slots__": "__slots__ = ()", **members}
    members |= {
        "__slots__": f"__slots__ = {tuple(each.name for each in data_class.fields)!r}",
        "__match_args__": f"__match_args__ = {data_class.names('init')!r}",
        "__dataclass_fields__": _descriptions(data_class),
        "__init__": _init(data_class),
        "__repr__": _repr(data_class),
    }
    if data_class.eq:
        members["__eq__"] = _eq(data_class)
        compared = "".join(f"self.{name}, " for name in data_class.names("compare"))
        hashed = f"def __hash__(self):\n return hash(({compared}))"
        members["__hash__"] = hashed if data_class.frozen else "__hash__ = None"
    return members


def _descriptions(data_class: _DataClass) -> str:
    """What `dataclasses.fields` and `replace` look at."""
    told = ", ".join(f"{each.name!r}: {each.description}" for each in data_class.fields)
    if not told:
        return "__dataclass_fields__ = {}"
    return f"""
__dataclass_fields__ = {{{told}}}
for _name_, _field_ in __dataclass_fields__.items():
    _field_.name, _field_.type, _field_._field_type = _name_, __annotations__[_name_], _dataclasses_._FIELD
del _name_, _field_
"""


def _init(data_class: _DataClass) -> str:
    taken = [each for each in data_class.fields if each.takes_part("init")]
    parameters = ", ".join(("self", *(each.parameter for each in taken)))
    line = " _set_field_(self, {0!r}, {1})" if data_class.frozen else " self.{0} = {1}"
    lines = [line.format(each.name, each.value) for each in taken] or [" pass"]
    last = " self.__post_init__()\n" if data_class.is_made else ""
    return "\n".join((f"def __init__({parameters}):", *lines, last))


def _repr(data_class: _DataClass) -> str:
    shown = ", ".join(f"{name}={{self.{name}!r}}" for name in data_class.names("repr"))
    return f'@_recursive_repr_()\ndef __repr__(self):\n return f"{{self.__class__.__qualname__}}({shown})"'


def _eq(data_class: _DataClass) -> str:
    equal = " and ".join(f"self.{name}==other.{name}" for name in data_class.names("compare")) or "True"
    return f"""
def __eq__(self, other):
    if self is other:
        return True
    if other.__class__ is self.__class__:
        return {equal}
    return NotImplemented
"""
