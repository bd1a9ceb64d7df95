"""GraphQL over WebSocket: the protocol graphql-transport-ws, with limits on what one connection may hold."""

import asyncio
import contextlib
from collections.abc import Mapping
from typing import Any

import orjson
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from eldercare.api.execute import Answer, Request
from eldercare.kit import log
from eldercare.kit.errors import EldercareError
from eldercare.web.following import Following
from eldercare.web.guard import request_id_of
from eldercare.web.operation import BadRequest, from_given

PROTOCOL = "graphql-transport-ws"
BAD, UNAUTHORISED, FORBIDDEN, NO_PROTOCOL, TOO_LATE, TWICE, TOO_MANY_INITS = 4400, 4401, 4403, 4406, 4408, 4409, 4429
TRY_LATER, GOING = 1013, 1001
LONGEST_ID = 100


class Closed(Exception):
    """The connection is to be closed, with a code of the protocol and a reason."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason


class Socket:
    """The ASGI application behind a WebSocket to /graphql."""

    def __init__(self, following: Following) -> None:
        self.following = following

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        socket = WebSocket(scope, receive, send)
        if PROTOCOL not in scope.get("subprotocols", ()):
            await socket.accept()
            await socket.close(NO_PROTOCOL, "Subprotocol not acceptable")
            return
        await socket.accept(PROTOCOL)
        with contextlib.ExitStack() as stack:
            if not stack.enter_context(self.following.connection()):
                await socket.close(TRY_LATER, "Too many connections")
                return
            connection = _Connection(socket, self.following)
            try:
                await connection.serve()
            except Closed as closed:
                with contextlib.suppress(RuntimeError, WebSocketDisconnect):
                    await socket.close(closed.code, closed.reason)
            except WebSocketDisconnect:
                pass
            finally:
                await connection.end()


class _Connection:
    """One connection: whose it is once it was acknowledged, and what runs on it by id."""

    def __init__(self, socket: WebSocket, following: Following) -> None:
        self.socket, self.following = socket, following
        self.headers = {name: str(value, "latin-1") for name, value in socket.scope["headers"]}
        self.viewer: Any = None
        self.asked = self.known = False
        self.running: dict[str, asyncio.Task[None]] = {}
        self.beats: asyncio.Task[None] | None = None
        self.sending = asyncio.Lock()

    async def serve(self) -> None:
        """Read messages until the client leaves, or breaks the protocol."""
        late = asyncio.get_running_loop().time() + self.following.limits.init_seconds
        while True:
            wait = None if self.known else max(0.0, late - asyncio.get_running_loop().time())
            try:
                async with asyncio.timeout(wait):
                    message = await self._message()
            except TimeoutError:
                raise Closed(TOO_LATE, "Connection initialisation timeout") from None
            await self._take(message)

    async def end(self) -> None:
        """Stop everything that runs: whoever has left follows nothing."""
        tasks = [*self.running.values(), *([self.beats] if self.beats else [])]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    async def _message(self) -> dict[str, Any]:
        received = await self.socket.receive()
        if received["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(received.get("code", 1000))
        text = received.get("text")
        if not isinstance(text, str) or len(text) > self.following.limits.message_length:
            raise Closed(BAD, "A message is text, and not too long")
        try:
            found = orjson.loads(text)
        except orjson.JSONDecodeError:
            found = None
        if not isinstance(found, dict) or not isinstance(found.get("type"), str):
            raise Closed(BAD, "A message is an object with a type")
        return found

    async def _take(self, message: dict[str, Any]) -> None:
        match message["type"]:
            case "connection_init":
                await self._begin(message.get("payload"))
            case "ping":
                await self._send({"type": "pong", **({"payload": message["payload"]} if "payload" in message else {})})
            case "pong":
                pass
            case "subscribe":
                await self._subscribe(message)
            case "complete":
                task = self.running.pop(str(message.get("id")), None)
                if task is not None:
                    task.cancel()
            case _:
                raise Closed(BAD, "There is no message of this type")

    async def _begin(self, payload: Any) -> None:
        """Establish who connects: by the header, or where browsers cannot send one by the payload's authorization."""
        if self.asked:
            raise Closed(TOO_MANY_INITS, "Too many initialisation requests")
        if not isinstance(payload, dict | None):
            raise Closed(BAD, "The payload of connection_init is an object")
        self.asked = True
        for name, value in (payload or {}).items():
            if name.lower() == "authorization" and isinstance(value, str):
                self.headers[b"authorization"] = value
        await self._establish()
        self.known = True
        await self._send({"type": "connection_ack"})
        self.beats = asyncio.create_task(self._beat())

    async def _establish(self) -> None:
        try:
            self.viewer = await self.following.who(self.headers, self.socket.scope)
        except EldercareError as error:
            raise Closed(FORBIDDEN, f"Forbidden: {error.code}") from None

    async def _beat(self) -> None:
        """Ping now and then, and see that the token still holds."""
        while True:
            await asyncio.sleep(self.following.limits.keep_alive)
            try:
                await self._establish()
                await self._send({"type": "ping"})
            except Closed as closed:
                with contextlib.suppress(RuntimeError):
                    await self.socket.close(closed.code, closed.reason)
                return
            except (RuntimeError, WebSocketDisconnect):
                return

    async def _subscribe(self, message: Mapping[str, Any]) -> None:
        if not self.known:
            raise Closed(UNAUTHORISED, "Unauthorized")
        key = message.get("id")
        if not isinstance(key, str) or not 0 < len(key) <= LONGEST_ID:
            raise Closed(BAD, "A subscription has an id")
        if key in self.running:
            raise Closed(TWICE, f"Subscriber for {key} already exists")
        try:
            if len(self.running) >= self.following.limits.per_connection:
                raise self.following.too_many()
            request = from_given(message.get("payload"), request_id_of(self.socket.scope))
        except (BadRequest, EldercareError) as error:
            await self._send({"type": "error", "id": key, "payload": self.following.told(error)})
            return
        self.running[key] = asyncio.create_task(self._run(key, request))

    async def _run(self, key: str, request: Request) -> None:
        """Send what a request gives, then that it is complete."""
        try:
            async for answer in self.following.answers(request, self.viewer, self.headers):
                await self._answer(key, answer)
                if not answer.executed:
                    return
            self.running.pop(key, None)
            await self._send({"type": "complete", "id": key})
        except (RuntimeError, WebSocketDisconnect):
            pass  # the client has left meanwhile
        except Exception as error:
            log.get("web").exception("unforeseen error", path="/graphql", kind=type(error).__name__)
            await self._send({"type": "error", "id": key, "payload": self.following.told(error)})
        finally:
            self.running.pop(key, None)

    async def _answer(self, key: str, answer: Answer) -> None:
        if answer.executed:
            await self._send_text(b'{"id":' + orjson.dumps(key) + b',"type":"next","payload":' + answer.body + b"}")
        else:
            self.running.pop(key, None)
            await self._send({"type": "error", "id": key, "payload": orjson.loads(answer.body)["errors"]})

    async def _send(self, message: Mapping[str, Any]) -> None:
        await self._send_text(orjson.dumps(message))

    async def _send_text(self, text: bytes) -> None:
        async with self.sending:
            await self.socket.send_text(text.decode())
