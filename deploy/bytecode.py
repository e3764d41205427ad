"""Compiled files beside the sources, so that a cold start does not compile: half of its time otherwise.

They are hash-based and unchecked (PEP 552): an unpacked package tells nothing of its times, and nobody changes it. A
runtime of another minor version looks for other names and takes the sources. CPython keeps its bytecode within a minor
version, so that the same sources give the same bytes on every machine that builds for it.
"""

from __future__ import annotations

import importlib.util
import marshal
import os
import sys
from collections.abc import Iterator, Mapping
from types import CodeType
from typing import Any

__all__ = ["compiled", "compiles_for"]

_UNCHECKED_HASH = (0b01).to_bytes(4, "little")
"""The flags of a file that is valid without a look at its source."""


def compiles_for(runtime: str) -> bool:
    """Whether this Python makes what a Lambda runtime, such as python3.11, reads."""
    return runtime == f"python{sys.version_info.major}.{sys.version_info.minor}"


def compiled(files: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """What the modules among the files compile to, by the names under which this Python's minor version looks.

    Where code comes from is told by its name in the package; the import puts the place where it was unpacked before.
    """
    return {_beside(name): _compiled(name, files[name]) for name in files if name.endswith(".py")}


def _beside(name: str) -> str:
    folder, slash, file = name.rpartition("/")
    return f"{folder}{slash}__pycache__/{file.removesuffix('.py')}.{sys.implementation.cache_tag}.pyc"


def _compiled(name: str, source: bytes) -> bytes:
    code = compile(source, os.fsencode(name), "exec", dont_inherit=True, optimize=0)
    header = importlib.util.MAGIC_NUMBER + _UNCHECKED_HASH + importlib.util.source_hash(source)
    return header + _marshalled(code)


def _marshalled(code: CodeType) -> bytes:
    """The same bytes whatever else this process holds.

    Marshal writes whether a text is used elsewhere and whether it is interned, which differs with what was imported
    before. So all texts are held here, and those of one character, which all code shares, are interned.
    """
    held = [sys.intern(text) if len(text) == 1 else text for text in _texts(code)]
    content = marshal.dumps(code)
    del held
    return content


def _texts(constant: Any) -> Iterator[str]:
    """All texts of a constant, code among them."""
    if isinstance(constant, str):
        yield constant
    elif isinstance(constant, tuple | frozenset):
        for each in constant:
            yield from _texts(each)
    elif isinstance(constant, CodeType):
        yield from (constant.co_name, constant.co_qualname, constant.co_filename, *constant.co_names)
        yield from (*constant.co_varnames, *constant.co_cellvars, *constant.co_freevars)
        yield from _texts(constant.co_consts)
