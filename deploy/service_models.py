"""What botocore knows of AWS's services, cut down to those that are called: four fifths of a layer are the others'.

A service is a folder of `botocore/data/`. What is common to all lies beside the folders; of it `endpoints.json`, which
every first client reads, is narrowed to the same services.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping, Set
from typing import Any

__all__ = ["only_models_of"]

_DATA = "python/botocore/data/"
_ENDPOINTS = f"{_DATA}endpoints.json"
_EXAMPLES = "/examples-1.json"
"""For botocore's own documentation."""


def only_models_of(services: Set[str], files: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """The files of a layer, of the services' models only these."""
    kept = {name: content for name, content in files.items() if _is_kept(name, services)}
    if _ENDPOINTS in kept:
        kept[_ENDPOINTS] = _narrowed(kept[_ENDPOINTS], _endpoint_prefixes(kept))
    return kept


def _is_kept(name: str, services: Set[str]) -> bool:
    service, slash, _ = name.removeprefix(_DATA).partition("/")
    if not name.startswith(_DATA) or not slash:
        return True
    return service in services and not name.endswith(_EXAMPLES)


def _endpoint_prefixes(files: Mapping[str, bytes]) -> Set[str]:
    """What the services are called in `endpoints.json`: CloudWatch is monitoring there."""
    models = (content for name, content in files.items() if name.startswith(_DATA) and "/service-2.json" in name)
    return {json.loads(gzip.decompress(model))["metadata"]["endpointPrefix"] for model in models}


def _narrowed(endpoints: bytes, prefixes: Set[str]) -> bytes:
    """Partitions, Regions and defaults stay."""
    told: dict[str, Any] = json.loads(endpoints)
    for partition in told["partitions"]:
        partition["services"] = {name: each for name, each in partition["services"].items() if name in prefixes}
    return json.dumps(told, separators=(",", ":")).encode()
