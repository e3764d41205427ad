"""A script without what only people read, for a template that has a limit: comments, docstrings, annotations, layout.

What is left is the script's own text. `ast.unparse` would write f-strings in the style of the Python that runs it, and
Systems Manager's Python 3.11 cannot read what 3.12 writes.
"""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

__all__ = ["bare"]


def bare(script: str) -> str:
    """Raises `libcst.ParserSyntaxError`."""
    return cst.parse_module(script).visit(_Bare()).with_changes(default_indent=" ").code


class _Bare(cst.CSTTransformer):
    def leave_Module(self, original_node: cst.Module, updated_node: cst.Module) -> cst.Module:
        return updated_node.with_changes(header=(), footer=(), body=_without_docstring(updated_node.body))

    def leave_IndentedBlock(self, original_node: cst.IndentedBlock, updated_node: cst.IndentedBlock) -> cst.BaseSuite:
        statements = _without_docstring(updated_node.body)
        nothing = cst.SimpleStatementLine([cst.Pass()])
        return updated_node.with_changes(body=statements or [nothing], header=cst.TrailingWhitespace(), footer=())

    def leave_EmptyLine(self, original_node: cst.EmptyLine, updated_node: cst.EmptyLine) -> cst.RemovalSentinel:
        return cst.RemoveFromParent()

    def leave_TrailingWhitespace(
        self, original_node: cst.TrailingWhitespace, updated_node: cst.TrailingWhitespace
    ) -> cst.TrailingWhitespace:
        return cst.TrailingWhitespace()

    def leave_ParenthesizedWhitespace(
        self, original_node: cst.ParenthesizedWhitespace, updated_node: cst.ParenthesizedWhitespace
    ) -> cst.SimpleWhitespace:
        return cst.SimpleWhitespace(" ")

    def leave_SimpleStatementLine(
        self, original_node: cst.SimpleStatementLine, updated_node: cst.SimpleStatementLine
    ) -> cst.SimpleStatementLine | cst.RemovalSentinel:
        match updated_node.body:
            case [cst.ImportFrom(module=cst.Name("typing"))]:  # only annotations use it
                return cst.RemoveFromParent()
        return updated_node

    def leave_Param(self, original_node: cst.Param, updated_node: cst.Param) -> cst.Param:
        return updated_node.with_changes(annotation=None)

    def leave_FunctionDef(self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef) -> cst.FunctionDef:
        return updated_node.with_changes(returns=None)

    def leave_AnnAssign(self, original_node: cst.AnnAssign, updated_node: cst.AnnAssign) -> cst.Assign | cst.AnnAssign:
        if updated_node.value is None:
            return updated_node
        return cst.Assign([cst.AssignTarget(updated_node.target)], updated_node.value)

    def leave_SimpleString(self, original_node: cst.SimpleString, updated_node: cst.SimpleString) -> cst.SimpleString:
        """In single quotes, which JSON need not escape."""
        if updated_node.quote == '"' and not set(updated_node.raw_value) & {"'", "\\"}:
            return updated_node.with_changes(value=f"{updated_node.prefix}'{updated_node.raw_value}'")
        return updated_node


def _without_docstring(body: Sequence[cst.BaseStatement]) -> list[cst.BaseStatement]:
    match body[:1]:
        case [cst.SimpleStatementLine(body=[cst.Expr(value=cst.SimpleString() | cst.ConcatenatedString())])]:
            return list(body[1:])
    return list(body)
