"""One spelling for every value, so that equal content has equal bytes and an equal hash."""

from __future__ import annotations

import hashlib

import orjson


def canonical(value: object) -> bytes:
    """JSON in UTF-8 with sorted keys and no white space; dataclasses are objects, tuples lists."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def content_hash(value: object) -> str:
    """SHA-256 of the canonical JSON, as hex."""
    return hashlib.sha256(canonical(value)).hexdigest()
