"""Proves that a person is told when AWS Config is changed in an account."""
