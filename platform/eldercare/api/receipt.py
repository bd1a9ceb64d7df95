"""The receipt of a request: what it asked for at most, what it took, and which state of the registry it saw."""

from collections.abc import Mapping
from typing import Any

import orjson


def with_extensions(body: bytes, extensions: Mapping[str, Any]) -> bytes:
    """A response with extensions at its end; the response itself is not read again.

    >>> with_extensions(b'{"data":{}}', {"cost": {"requested": 1}})
    b'{"data":{},"extensions":{"cost":{"requested":1}}}'
    """
    return body[:-1] + b',"extensions":' + orjson.dumps(extensions) + b"}"
