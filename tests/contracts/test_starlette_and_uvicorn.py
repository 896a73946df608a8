"""What we rely on in the web server and its routes."""

import asyncio

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route


async def _stopped_while(app: Starlette, asking: str, reached: asyncio.Event) -> httpx.Response:
    """Ask, and stop the server as soon as the request has got there."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None))
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - the library has no other way to tell
        await asyncio.sleep(0.001)
    port = server.servers[0].sockets[0].getsockname()[1]
    async with httpx.AsyncClient() as client:
        asked = asyncio.create_task(client.get(f"http://127.0.0.1:{port}{asking}"))
        await reached.wait()
        server.should_exit = True
        answer = await asked
    await serving
    return answer


def test_a_server_that_stops_waits_for_requests_but_not_for_tasks():
    """Why nothing is left to a task that has to be saved: after the answer nobody waits for it."""

    async def scenario() -> tuple[str, bool]:
        reached, left = asyncio.Event(), []

        async def never_done() -> None:
            await asyncio.Event().wait()

        async def answer(_request: Request) -> PlainTextResponse:
            left.append(asyncio.create_task(never_done()))
            reached.set()
            await asyncio.sleep(0.03)  # a real one, in which the server is told to stop
            return PlainTextResponse("saved")

        app = Starlette(routes=[Route("/", answer)])
        answered = await _stopped_while(app, "/", reached)
        return answered.text, left[0].done()

    assert asyncio.run(scenario()) == ("saved", False)


def test_a_route_takes_a_function_for_a_request_handler_and_an_object_for_an_application():
    """Why bolt's handler stands in a class of its own in the routes."""

    class Application:
        async def __call__(self, scope, receive, send) -> None:
            await PlainTextResponse("application")(scope, receive, send)

    async def handler(_request: Request) -> PlainTextResponse:
        return PlainTextResponse("handler")

    app = Starlette(routes=[Route("/one", Application()), Route("/two", handler)])

    async def scenario() -> list[str]:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://bot") as client:
            return [(await client.get(path)).text for path in ("/one", "/two")]

    assert asyncio.run(scenario()) == ["application", "handler"]
