"""The CloudWatch Logs filter-pattern language: parse it, match with it, prove what it covers. Standard library only."""
