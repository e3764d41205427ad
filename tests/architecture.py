"""The modules of the house, what each imports, and the laws about that.

A law is a function from modules to sentences: one for each import, or module, that breaks it. The sentence names it.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

RULE, DESK, HANDLER = "config_changes_alarm", "config_changes_alarm_cli", "ConfigChangesAlarmRule"

FLOORS: tuple[tuple[str, ...], ...] = (
    ("benchmarks", "documentation"),
    ("demo", "deploy", "remediation"),
    (HANDLER, DESK),
    ("chain", "report"),
    ("alarm", "assessment", "notification", "requirement", "trail"),
    ("account", "control", "metric_filter"),
    ("findings", "proof", "truth"),
    ("filter_pattern", "resources"),
    (RULE,),
)
"""The rooms from the top to the bottom: each imports only what stands on a lower floor than its own.

A room is a package or a module of the rule, written without the rule's name, or any other folder of code as a whole.
The lowest is the rule's own `__init__`, which has its version.
"""

LIBRARIES: Mapping[str, frozenset[str]] = {"filter_pattern": frozenset(), "proof": frozenset({"filter_pattern"})}
"""What can be used on its own, and the rooms that each needs for that."""

INNER = ("proof", "filter_pattern")
"""The proof is about the language's own semantics: it alone may import another room's modules."""

CLIENTS: Mapping[str, frozenset[str]] = {
    HANDLER: frozenset({"boto3", "botocore", "rdklib", "urllib3"}),
    f"{RULE}.account.aws": frozenset({"boto3", "botocore", "rdklib", "urllib3"}),
    DESK: frozenset({"click", "jinja2", "markupsafe", "rich"}),
    f"{DESK}.access": frozenset({"boto3", "botocore"}),
}
"""Who needs more than the standard library: modules, or packages with all of their modules."""

LINES = 350
LONG = "long on purpose"
"""What the docstring of a longer module says, and why."""


@dataclass(frozen=True, slots=True)
class Module:
    """A module by its full name. `source` is its text."""

    name: str
    source: str
    is_package: bool = False

    @property
    def room(self) -> str:
        return room_of(self.name)

    @property
    def docstring(self) -> str:
        return ast.get_docstring(ast.parse(self.source)) or ""


@dataclass(frozen=True, slots=True)
class Import:
    """One import, wherever in the module it stands. `imported` is a module if there is one of that name."""

    importer: str
    line: int
    imported: str

    def __str__(self) -> str:
        return f"{self.importer} (line {self.line}) imports {self.imported}"


Modules = Mapping[str, Module]


def room_of(name: str) -> str:
    first, _, rest = name.partition(".")
    return rest.partition(".")[0] or RULE if first == RULE else first


def modules_of(root: Path) -> Modules:
    """Of the repository, without the tests."""
    rule = root / HANDLER
    folders = ((rule, rule / RULE), *((root, root / room) for room in (DESK, *FLOORS[0], *FLOORS[1])))
    paths = [(base, path) for base, folder in folders for path in folder.rglob("*.py")]
    return made_of(
        {
            path.relative_to(base).as_posix(): path.read_text(encoding="utf-8")
            for base, path in ((rule, rule / f"{HANDLER}.py"), *paths)
        }
    )


def made_of(sources: Mapping[str, str]) -> Modules:
    """From texts by their paths."""
    found = {}
    for path, source in sources.items():
        name = path.removesuffix(".py").replace("/", ".")
        found[name.removesuffix(".__init__")] = Module(
            name.removesuffix(".__init__"), source, name.endswith(".__init__")
        )
    return found


def imports_of(modules: Modules) -> tuple[Import, ...]:
    """All of them."""
    return tuple(each for module in modules.values() for each in _imports(module, modules))


def _imports(module: Module, modules: Modules) -> Iterator[Import]:
    for node in ast.walk(ast.parse(module.source)):
        if isinstance(node, ast.Import):
            yield from (Import(module.name, node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            origin = _origin(module, node)
            bound = _bound_by(modules[origin]) if origin in modules else frozenset()
            named = [f"{origin}.{alias.name}" for alias in node.names if alias.name not in bound]
            submodules = [name for name in named if name in modules]
            yield from (Import(module.name, node.lineno, name) for name in submodules)
            if len(submodules) < len(node.names):
                yield Import(module.name, node.lineno, origin)


def _bound_by(package: Module) -> frozenset[str]:
    """What a package exports of its modules: it may have the name of a module, and hides that then."""
    nodes = (node for node in ast.parse(package.source).body if isinstance(node, ast.ImportFrom) and node.module)
    return frozenset(alias.asname or alias.name for node in nodes for alias in node.names)


def _origin(module: Module, node: ast.ImportFrom) -> str:
    if not node.level:
        return str(node.module)
    parts = module.name.split(".")
    package = parts[: len(parts) - node.level + module.is_package]
    return ".".join([*package, node.module] if node.module else package)


# --------------------------------------------------------------------------- the laws


def upward(modules: Modules) -> Iterator[str]:
    """No room imports one of its own floor or above."""
    floors = {room: number for number, rooms in enumerate(reversed(FLOORS)) for room in rooms}
    for room in sorted({module.room for module in modules.values()} - floors.keys()):
        yield f"{room} stands on no floor: FLOORS has to say where"
    for each in _between_rooms(modules):
        own, other = (floors.get(room_of(name)) for name in (each.importer, each.imported))
        if own is not None and other is not None and own <= other:
            where = "on the same floor" if own == other else "above it"
            yield f"{each}, which stands {where}"


def circles(modules: Modules) -> Iterator[str]:
    """No module imports itself by way of others."""
    graph: dict[str, set[str]] = {name: set() for name in modules}
    for each in imports_of(modules):
        if each.imported in modules:
            graph[each.importer].add(each.imported)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        yield "a circle: " + " is imported by ".join(error.args[1])


def past_the_door(modules: Modules) -> Iterator[str]:
    """A package of the rule, or the desk, is imported itself, never one of its modules."""
    for each in _between_rooms(modules):
        package, _, _ = each.imported.rpartition(".")
        inside = package.startswith((f"{RULE}.", DESK)) and not modules[each.imported].is_package
        if inside and (room_of(each.importer), room_of(each.imported)) != INNER:
            yield f"{each}: import it from {package}, which exports what others need"


def _between_rooms(modules: Modules) -> Iterator[Import]:
    for each in imports_of(modules):
        if each.imported in modules and room_of(each.importer) != room_of(each.imported):
            yield each


def beyond_the_standard_library(modules: Modules) -> Iterator[str]:
    """The function and the desk need nothing but the standard library, except where CLIENTS says what."""
    own = {name.partition(".")[0] for name in modules} | set(sys.stdlib_module_names)
    for each in imports_of(modules):
        first = each.imported.partition(".")[0]
        if each.importer.partition(".")[0] not in (HANDLER, RULE, DESK) or first in own:
            continue
        granted = [
            clients
            for name, clients in CLIENTS.items()
            if each.importer == name or each.importer.startswith(f"{name}.")
        ]
        if not any(first in clients for clients in granted):
            yield f"{each}: it has to do without"


def beyond_a_library(modules: Modules) -> Iterator[str]:
    """What is a library imports nothing of the house but what it needs."""
    for each in _between_rooms(modules):
        needed = LIBRARIES.get(room_of(each.importer))
        if needed is not None and room_of(each.imported) not in needed:
            yield f"{each}: it is a library of its own"


def beyond_the_docstring(modules: Modules) -> Iterator[str]:
    """The docstring of a package says what it may import, in the sentence that begins with these words."""
    allowed: dict[str, set[str]] = {}
    for module in modules.values():
        if not module.is_package or module.name != f"{RULE}.{module.room}":
            continue
        sentence = re.search(r"\b(?:May import|Imports) (.*?)\.(?:\s|$)", module.docstring, re.DOTALL)
        if sentence is None:
            yield f"{module.name} does not say what it may import"
        elif "everything below" not in sentence[1]:
            allowed[module.room] = set(re.findall(r"`(\w+)`", sentence[1]))
    for each in _between_rooms(modules):
        room = room_of(each.importer)
        if room in allowed and room_of(each.imported) not in allowed[room]:
            yield f"{each}: the docstring of {RULE}.{room} does not allow it"


def too_long(sources: Mapping[str, str]) -> Iterator[str]:
    """A module is read in one sitting, unless its docstring says why not. By paths, the tests too."""
    for path, source in sources.items():
        lines = source.count("\n")
        if lines > LINES and LONG not in " ".join(Module(path, source).docstring.split()).lower():
            yield f"{path} has {lines} lines: split it, or let its docstring say why it is {LONG}"


def told(sentences: Iterable[str]) -> str:
    """One sentence a line, for a failing test."""
    return "\n".join(sentences)
