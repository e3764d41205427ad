"""Compiled files beside the sources, so that a cold start does not compile: half of its time otherwise.

They are hash-based and unchecked (PEP 552): an unpacked package tells nothing of its times, and nobody changes it. A
runtime of another minor version looks for other names and takes the sources. CPython keeps its bytecode within a minor
version, so that the same sources give the same bytes on every machine that builds for it.
"""

from __future__ import annotations

import ast
import importlib.util
import marshal
import os
import sys
from collections.abc import Callable, Mapping
from types import CodeType
from typing import Any, TypeAlias

__all__ = ["Rewriting", "compiled", "compiles_for"]

_UNCHECKED_HASH = (0b01).to_bytes(4, "little")
"""The flags of a file that is valid without a look at its source."""

Rewriting: TypeAlias = Callable[[ast.Module], ast.Module]
"""What is done to a module before it is compiled."""


def compiles_for(runtime: str) -> bool:
    """Whether this Python makes what a Lambda runtime, such as python3.11, reads."""
    return runtime == f"python{sys.version_info.major}.{sys.version_info.minor}"


def compiled(files: Mapping[str, bytes], *rewritings: Rewriting) -> Mapping[str, bytes]:
    """What the modules among the files compile to, by the names under which this Python's minor version looks.

    Where code comes from is told by its name in the package; the import puts the place where it was unpacked before.
    """
    return {_beside(name): _compiled(name, files[name], rewritings) for name in files if name.endswith(".py")}


def _beside(name: str) -> str:
    folder, slash, file = name.rpartition("/")
    return f"{folder}{slash}__pycache__/{file.removesuffix('.py')}.{sys.implementation.cache_tag}.pyc"


def _compiled(name: str, source: bytes, rewritings: tuple[Rewriting, ...]) -> bytes:
    module = ast.parse(source)
    for rewriting in rewritings:
        module = rewriting(module)
    code = compile(module, os.fsencode(name), "exec", dont_inherit=True, optimize=0)
    header = importlib.util.MAGIC_NUMBER + _UNCHECKED_HASH + importlib.util.source_hash(source)
    return header + _marshalled(code)


def _marshalled(code: CodeType) -> bytes:
    """The same bytes whatever else this process holds.

    Marshal writes whether a text is interned, whether two equal ones are one object, and whether anything else refers
    to it. That differs with what was imported before: so all texts are interned here, and held.
    """
    held: list[str] = []
    settled = _settled(code, held)
    return marshal.dumps(settled)


def _settled(constant: Any, held: list[str]) -> Any:
    """A constant, code among them, with each of its texts interned and held."""
    if isinstance(constant, str):
        held.append(sys.intern(constant))
        return held[-1]
    if isinstance(constant, tuple | frozenset):
        return type(constant)(_settled(each, held) for each in constant)
    if not isinstance(constant, CodeType):
        return constant
    members = (
        "co_name", "co_qualname", "co_filename", "co_names", "co_varnames", "co_cellvars", "co_freevars", "co_consts",
    )  # fmt: skip
    return constant.replace(**{name: _settled(getattr(constant, name), held) for name in members})
