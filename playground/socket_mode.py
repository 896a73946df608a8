"""Socket Mode: deliveries over a WebSocket that the app has opened.

Source: docs.slack.dev, "Using Socket Mode".
"""

import asyncio
import json
from concurrent.futures import Future
from dataclasses import dataclass, field

from starlette.websockets import WebSocket, WebSocketDisconnect

from playground.schema import Json
from playground.world import World

_SENDING_SECONDS = 3.0
_GOING_AWAY = 1001


@dataclass(slots=True, eq=False)
class Connection:
    socket: WebSocket
    loop: asyncio.AbstractEventLoop
    waiting: dict[str, "Future[Json]"] = field(default_factory=dict)

    def send(self, message: Json, seconds: float) -> None:
        """From any thread but the server's own. Raises TimeoutError."""
        sending = self.socket.send_text(json.dumps(message))
        asyncio.run_coroutine_threadsafe(sending, self.loop).result(seconds)

    def ask(self, envelope: Json, seconds: float) -> Json:
        """The acknowledgement of an envelope. Raises TimeoutError when none comes in time."""
        answer: Future[Json] = Future()
        self.waiting[envelope["envelope_id"]] = answer
        self.send(envelope, seconds)
        return answer.result(seconds)

    def acknowledged(self, text: str) -> None:
        ack = json.loads(text)
        waiting = self.waiting.pop(ack.get("envelope_id", ""), None)
        if waiting is not None and not waiting.done():
            waiting.set_result(ack)


@dataclass(slots=True)
class Sockets:
    world: World
    connections: list[Connection] = field(default_factory=list)
    refusing: bool = False
    """No connection comes about, and each that is tried has used up its ticket."""
    refused: int = 0

    @property
    def newest(self) -> Connection | None:
        return self.connections[-1] if self.connections else None

    def wait_connected(self, seconds: float) -> bool:
        """Waits until an app has connected."""
        with self.world.lock:
            return self.world.news.wait_for(lambda: bool(self.connections), seconds)

    def wait_refused(self, times: int, seconds: float) -> bool:
        """Waits until so many connections have been refused."""
        with self.world.lock:
            return self.world.news.wait_for(lambda: self.refused >= times, seconds)

    def disconnect(self, reason: str = "refresh_requested") -> None:
        """Slack asks every client to connect anew."""
        for connection in list(self.connections):
            message = {"type": "disconnect", "reason": reason, "debug_info": {"host": ""}}
            connection.send(message, _SENDING_SECONDS)

    def hang_up(self) -> None:
        """Every connection breaks."""
        for connection in list(self.connections):
            closing = connection.socket.close(_GOING_AWAY)
            asyncio.run_coroutine_threadsafe(closing, connection.loop).result(_SENDING_SECONDS)

    async def serve(self, socket: WebSocket) -> None:
        """The endpoint: a ticket from apps.connections.open opens one connection."""
        ticket = socket.query_params.get("ticket", "")
        known = ticket in self.world.tickets
        self.world.tickets.discard(ticket)
        if self.refusing or not known:
            self.refused += 1
            self.world.touch()
            await socket.close()  # before it is accepted: an HTTP error
            return
        await socket.accept()
        connection = Connection(socket, asyncio.get_running_loop())
        await socket.send_text(json.dumps(self._hello()))
        self._keep(connection)
        try:
            while True:
                connection.acknowledged(await socket.receive_text())
        except WebSocketDisconnect:
            self.connections.remove(connection)

    def _keep(self, connection: Connection) -> None:
        self.connections.append(connection)
        self.world.touch()

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self.connections) + 1,
            "connection_info": {"app_id": self.world.app.id},
            "debug_info": {"host": "stand-in", "approximate_connection_time": 3600},
        }
