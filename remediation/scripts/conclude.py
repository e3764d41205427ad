"""Says how the account stands after a run that changed nothing. Reads and changes nothing."""

from typing import Any


def conclude(events: dict[str, str], context: object) -> dict[str, Any]:
    """A new evaluation after a run without a change would start the next run, and so for ever."""
    compliance = events["Compliance"]
    if compliance == "COMPLIANT":
        return {"Message": "AWS Config shows COMPLIANT: nothing was changed."}
    return {
        "Message": (
            f"Nothing was changed, and nothing is left that this runbook can make. AWS Config shows {compliance}: "
            f"{events['Annotation']} If this result is older than the chain, evaluate rule {events['Rules'][0]} again; "
            "if it is not, it is the reason, and a person has to mend it."
        )
    }
