"""HTTP around the stand-in: the Web API, response URLs, uploads and Socket Mode's endpoint."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute

from playground import messages
from playground.api import METHODS, call
from playground.errors import SlackError
from playground.faults import Canned, Fault
from playground.methods import files
from playground.schema import Json
from playground.socket_mode import Sockets
from playground.world import World

_TOO_MANY = 429


def application(world: World, sockets: Sockets, further: list[BaseRoute]) -> Starlette:
    web = Web(world)
    own = [
        Route("/", web.start),
        Route("/api/{method}", web.api, methods=["GET", "POST"]),
        Route("/response/{team}/{key}", web.respond, methods=["POST"]),
        Route("/upload/v1/{file_id}", web.upload, methods=["POST"]),
        WebSocketRoute("/link/", sockets.serve),
    ]
    return Starlette(routes=[*own, *further])


@dataclass(frozen=True, slots=True)
class Web:
    world: World

    async def start(self, request: Request) -> Response:  # noqa: ARG002 - the shape of an endpoint
        return RedirectResponse("/page/")

    async def api(self, request: Request) -> Response:
        name = request.path_params["method"]
        given = dict(request.query_params) | await _body(request)
        token = _token(request, given)
        return await _with_faults(self.world, request, name, given, token)

    async def respond(self, request: Request) -> Response:
        given = await _body(request)
        try:
            with self.world.lock:
                messages.respond(self.world, request.path_params["key"], given)
        except SlackError as error:
            return JSONResponse(error.reply(), 404 if error.error.endswith("_url") else 500)
        return JSONResponse({"ok": True})

    async def upload(self, request: Request) -> Response:
        data = await request.body()
        taken = files.receive(self.world, request.path_params["file_id"], data)
        return PlainTextResponse(f"OK - {len(data)}" if taken else "error", 200 if taken else 400)


async def _body(request: Request) -> Json:
    """Slack takes forms and JSON alike."""
    raw = await request.body()
    if "json" not in request.headers.get("content-type", ""):
        return dict(parse_qsl(raw.decode(errors="replace"), keep_blank_values=True))
    try:
        given: Any = json.loads(raw or b"{}")
    except ValueError:
        return {}
    return given if isinstance(given, dict) else {}


def _token(request: Request, given: Json) -> str:
    header = request.headers.get("authorization", "")
    return header.removeprefix("Bearer ").strip() or str(given.pop("token", "") or "")


async def _with_faults(
    world: World, request: Request, name: str, given: Json, token: str
) -> Response:
    faults = world.faults.take(name)
    for fault in faults:
        if fault.before is not None:
            await run_in_threadpool(fault.before)
    early = [fault.answer for fault in faults if fault.answer and not fault.accepted]
    if early:
        return await _canned(request, early[0])
    with world.lock:
        answer = call(world, name, given, token)
        _delay(world, answer, faults)
    for fault in faults:
        if fault.after is not None:
            await run_in_threadpool(fault.after)
    late = [fault.answer for fault in faults if fault.answer]
    return await _canned(request, late[0]) if late else _json(world, name, answer)


def _delay(world: World, answer: Json, faults: tuple[Fault, ...]) -> None:
    """A message that Slack has taken, and that its history does not yet show."""
    for fault in faults:
        if answer["ok"] and "ts" in answer and (fault.late_reads or fault.lands_at):
            message = messages.find(world.channels[answer["channel"]], answer["ts"])
            message.late_reads, message.lands_at = fault.late_reads, fault.lands_at


async def _canned(request: Request, canned: Canned) -> Response:
    if canned.dropped:
        request.state.abort()
        await asyncio.sleep(0)
    headers = dict(canned.headers)
    return Response(canned.body, canned.status, headers, canned.content_type)


def _json(world: World, name: str, answer: Json) -> Response:
    if answer.get("error") == "ratelimited":
        return JSONResponse(answer, _TOO_MANY, {"Retry-After": "1"})
    scopes = {"X-OAuth-Scopes": ",".join(sorted(world.app.scopes))}
    if name in METHODS and METHODS[name].scope:
        scopes["X-Accepted-OAuth-Scopes"] = METHODS[name].scope
    return JSONResponse(answer, headers=scopes)
