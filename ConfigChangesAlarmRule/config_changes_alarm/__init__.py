"""Proves that a person is told when AWS Config is changed in an account."""

__version__ = "0.1.0"
"""The one place of the version: pyproject.toml reads it here."""
