"""The runbook's scripts. Each runs alone in Systems Manager's sandbox: Python 3.11 and boto3, nothing of this project.

A handler takes the step's InputPayload, whose values are all strings, and returns what the step's outputs select.
"""
