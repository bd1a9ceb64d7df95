"""A real issuer of OpenID Connect on this machine: discovery, keys that can be rotated, and tokens signed with them."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

AUDIENCE = "eldercare"


class Issuer:
    """Signs tokens; `fetched` counts how often its keys were asked for."""

    def __init__(self, address: str) -> None:
        self.address, self.fetched, self.down = address, 0, False
        self.keys: dict[str, Any] = {}
        self.rotate("one")

    def rotate(self, kid: str, *, kind: str = "RS256") -> None:
        """A new key in the place of the old ones."""
        made: Any = (
            rsa.generate_private_key(65537, 2048) if kind == "RS256" else ec.generate_private_key(ec.SECP256R1())
        )
        self.keys = {kid: (kind, made)}

    def token(self, *, kid: str | None = None, **claims: Any) -> str:
        """A token for Wang of a county, unless said otherwise."""
        named = kid or next(iter(self.keys))
        kind, key = self.keys[named]
        return jwt.encode(self.claims(**claims), key, algorithm=kind, headers={"kid": named})

    def claims(self, **claims: Any) -> dict[str, Any]:
        """What a token says."""
        given = {"iss": self.address, "aud": AUDIENCE, "sub": "wang", "exp": time.time() + 60}
        return {k: v for k, v in (given | {"eldercare_role": "PUBLIC"} | claims).items() if v is not None}

    def published(self) -> list[dict[str, Any]]:
        """The public halves of its keys."""
        form = {"RS256": RSAAlgorithm, "ES256": ECAlgorithm}
        return [
            form[kind].to_jwk(key.public_key(), as_dict=True) | {"kid": kid, "use": "sig", "alg": kind}
            for kid, (kind, key) in self.keys.items()
        ]


@contextmanager
def serving_issuer() -> Iterator[Issuer]:
    """An issuer that answers on a free port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found: Any = {"issuer": issuer.address, "jwks_uri": f"{issuer.address}/keys"}
            if self.path == "/keys":
                issuer.fetched += 1
                found = {"keys": issuer.published()}
            self.send_response(503 if issuer.down else 200)
            self.end_headers()
            self.wfile.write(json.dumps(found).encode())

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    issuer = Issuer(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
