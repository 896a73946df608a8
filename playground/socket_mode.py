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

_REFUSED = 4401
_SENDING_SECONDS = 3.0


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

    @property
    def newest(self) -> Connection | None:
        return self.connections[-1] if self.connections else None

    def wait_connected(self, seconds: float) -> bool:
        """Waits until an app has connected."""
        with self.world.lock:
            return self.world.news.wait_for(lambda: bool(self.connections), seconds)

    def disconnect(self, reason: str = "refresh_requested") -> None:
        """Slack asks every client to connect anew."""
        for connection in list(self.connections):
            message = {"type": "disconnect", "reason": reason, "debug_info": {"host": ""}}
            connection.send(message, _SENDING_SECONDS)

    async def serve(self, socket: WebSocket) -> None:
        """The endpoint: a ticket from apps.connections.open opens one connection."""
        await socket.accept()
        if (ticket := socket.query_params.get("ticket", "")) not in self.world.tickets:
            await socket.close(_REFUSED)
            return
        self.world.tickets.discard(ticket)
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
