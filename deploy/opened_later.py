"""The doors of packages, opened when something is asked for: made so when a package of the rule is built.

A package exports what its modules define, so that importing one name imports all of them, also those that a compliant
account never asks for. Here each name is looked for when it is first imported (PEP 562). The sources stay as they are.

    from .metric_alarm import Fires, fires    ->    def __getattr__(name): ...  # imports .metric_alarm
"""

from __future__ import annotations

import ast

__all__ = ["opened_later"]


def opened_later(module: ast.Module) -> ast.Module:
    """A package that does nothing but export, with its imports put off; any other module as it is."""
    found = _exports(module)
    if not found:
        return module
    exports = {alias.name: each.module for each in found for alias in each.names}
    module.body = [each for each in module.body if each not in found or _hides_its_module(each)]
    module.body += ast.parse(_DOOR.format(exports=exports)).body
    return ast.fix_missing_locations(module)


def _exports(module: ast.Module) -> list[ast.ImportFrom]:
    """The imports from modules of its own, where that and a list of the names is all there is."""
    imports = [each for each in module.body if isinstance(each, ast.ImportFrom)]
    others = [each for each in module.body if each not in imports]
    own = all(each.level == 1 and each.module and not any(alias.asname for alias in each.names) for each in imports)
    return imports if own and all(_is_docstring(each) or _is_list_of_names(each) for each in others) else []


def _hides_its_module(statement: ast.ImportFrom) -> bool:
    """A name that is also the module's is taken at once: importing the module later would bind the name to it."""
    return any(alias.name == statement.module for alias in statement.names)


def _is_docstring(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _is_list_of_names(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "__all__"


_DOOR = """
_exports_ = {exports!r}

def __getattr__(name):
    if name not in _exports_:
        raise AttributeError(f"module {{__name__!r}} has no attribute {{name!r}}")
    from importlib import import_module
    found = globals()[name] = getattr(import_module("." + _exports_[name], __name__), name)
    return found
"""
