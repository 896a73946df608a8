"""What gets past the guard: what Slack has signed, of a size and shape that Slack sends."""

import asyncio
import hmac
import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from slack_bolt.async_app import AsyncBoltRequest
from starlette.responses import Response

from handlers.slack.guard import LARGEST, MOST_FIELDS, WINDOW_SECONDS, Guard, form_of

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
NOW = 1531420618
WHO = {"user_id": "U1", "trigger_id": "1.2"}
COMMAND = urlencode({"command": "/workshop", "text": "Exportdag åäö", **WHO}).encode()
PRESSED = {
    "type": "block_actions",
    "user": {"id": "U1"},
    "trigger_id": "1.2",
    "actions": [{"action_id": "mine.1", "value": "{}"}],
}
SUBMITTED = {
    "type": "view_submission",
    "user": {"id": "U1"},
    "view": {
        "id": "V1",
        "type": "modal",
        "callback_id": "workshop",
        "private_metadata": "{}",
        "blocks": [{"type": "input", "block_id": "title"}],
        "state": {"values": {"title": {"value": {"type": "plain_text_input", "value": "x"}}}},
    },
}
HAPPENED = {"type": "event_callback", "event_id": "Ev1", "event": {"type": "message", "user": "U1"}}
PAYLOAD = urlencode({"payload": json.dumps(SUBMITTED)}).encode()
BUTTON = urlencode({"payload": json.dumps(PRESSED)}).encode()
EVENT = json.dumps(HAPPENED).encode()
FORM, JSON = b"application/x-www-form-urlencoded", b"application/json"
Headers = list[tuple[bytes, bytes]]


@dataclass
class Bolt:
    """Takes what is let through, and remembers it."""

    taken: list[object] = field(default_factory=list)

    async def __call__(self, sent: object) -> Response:
        self.taken.append(sent)
        return Response()


def signature(body: bytes, stamp: bytes = b"%d" % NOW, secret: str = SECRET) -> bytes:
    """https://docs.slack.dev/authentication/verifying-requests-from-slack"""
    signed = hmac.new(secret.encode(), b"v0:" + stamp + b":" + body, sha256)
    return b"v0=" + signed.hexdigest().encode()


def headers(body: bytes, content_type: bytes = FORM, **changed: bytes | None) -> Headers:
    """As Slack sends them. A change names the header with _ for -; None leaves it out."""
    sent: dict[str, bytes | None] = {
        "content_type": content_type,
        "content_length": b"%d" % len(body),
        "x_slack_request_timestamp": b"%d" % NOW,
        "x_slack_signature": signature(body),
        **changed,
    }
    return [(name.replace("_", "-").encode(), v) for name, v in sent.items() if v is not None]


def answer(
    sent: Headers, chunks: Iterable[bytes], *, ends: bool = True
) -> tuple[int, list[object]]:
    """The status that comes back, and what reached bolt. A body that does not end dawdles."""
    bolt = Bolt()
    return status(Guard(bolt, SECRET, lambda: NOW), sent, chunks, ends=ends), bolt.taken


def status(guard: Guard, sent: Headers, chunks: Iterable[bytes], *, ends: bool = True) -> int:
    statuses: list[int] = []
    arriving = [{"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks]
    if ends:
        arriving.append({"type": "http.request", "body": b"", "more_body": False})

    async def receive():
        if not arriving:
            await asyncio.Event().wait()
        return arriving.pop(0)

    async def send(message) -> None:
        statuses.append(message.get("status"))

    scope = {"type": "http", "method": "POST", "path": "/slack/events", "headers": sent}
    asyncio.run(guard(scope, receive, send))
    return statuses[0]


def meaning(body: bytes) -> object:
    """What Slack says with a body of its own."""
    if body.startswith(b"{"):
        return json.loads(body)
    form = dict(parse_qsl(body.decode(), keep_blank_values=True))
    return json.loads(form["payload"]) if "payload" in form else form


def test_the_example_in_slacks_own_documentation_is_signed_right():
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow"
        b"&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner"
        b"&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands"
        b"%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
        b"&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    signed = b"v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
    stamp = b"1531420618"
    sent = headers(body, x_slack_request_timestamp=stamp, x_slack_signature=signed)
    assert answer(sent, [body]) == (200, [meaning(body)])


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (COMMAND, FORM),
        (PAYLOAD, FORM),
        (BUTTON, FORM),
        (EVENT, JSON),
        (EVENT, b"application/json; charset=utf-8"),
        (COMMAND + b"x" * (LARGEST - len(COMMAND)), FORM),
    ],
    ids=["command", "submission", "button", "event", "with a charset", "as large as may be"],
)
@pytest.mark.parametrize("parts", [1, 3])
def test_what_slack_signs_gets_through_whole(body: bytes, content_type: bytes, parts: int):
    size = len(body) // parts + 1
    chunks = [body[start : start + size] for start in range(0, len(body), size)]
    assert answer(headers(body, content_type), chunks) == (200, [meaning(body)])


@pytest.mark.parametrize("seconds", [-WINDOW_SECONDS, WINDOW_SECONDS])
def test_five_minutes_early_or_late_is_in_time(seconds: int):
    stamp = b"%d" % (NOW + seconds)
    signed = signature(COMMAND, stamp)
    sent = headers(COMMAND, x_slack_request_timestamp=stamp, x_slack_signature=signed)
    assert answer(sent, [COMMAND])[0] == 200


STALE, EARLY = b"%d" % (NOW - WINDOW_SECONDS - 1), b"%d" % (NOW + WINDOW_SECONDS + 1)


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"x_slack_signature": None}, 401),
        ({"x_slack_signature": b""}, 401),
        ({"x_slack_signature": b"v0=" + b"0" * 64}, 401),
        ({"x_slack_signature": "v0=å".encode()}, 401),
        ({"x_slack_signature": signature(COMMAND, secret="another")}, 401),
        ({"x_slack_signature": signature(COMMAND + b" ")}, 401),
        ({"x_slack_signature": signature(COMMAND, STALE)}, 401),
        ({"x_slack_request_timestamp": None}, 401),
        ({"x_slack_request_timestamp": b"soon"}, 401),
        ({"x_slack_request_timestamp": b"9" * 5000}, 401),
        ({"x_slack_request_timestamp": "²".encode("latin-1")}, 401),
        (
            {"x_slack_request_timestamp": STALE, "x_slack_signature": signature(COMMAND, STALE)},
            401,
        ),
        (
            {"x_slack_request_timestamp": EARLY, "x_slack_signature": signature(COMMAND, EARLY)},
            401,
        ),
        ({"content_length": b"%d" % (LARGEST + 1)}, 413),
        ({"content_length": b"9" * 5000}, 413),
        ({"content_length": b"-1"}, 413),
    ],
)
def test_what_slack_has_not_signed_in_time_does_not(changed: dict, status: int):
    assert answer(headers(COMMAND, **changed), [COMMAND]) == (status, [])


def test_of_what_claims_to_be_slacks_and_is_not_the_log_tells_once_a_minute(caplog):
    now = [float(NOW)]
    guard = Guard(Bolt(), SECRET, lambda: now[0])
    forged = headers(COMMAND, x_slack_signature=signature(COMMAND, secret="another"))
    stale = {"x_slack_request_timestamp": STALE, "x_slack_signature": signature(COMMAND, STALE)}
    for sent in (
        forged,
        headers(COMMAND, **stale),
        forged,
        headers(COMMAND, x_slack_signature=None),
    ):
        assert status(guard, sent, [COMMAND]) == 401
    now[0] += 61
    assert status(guard, forged, [COMMAND]) == 401
    secret, clock, again = (record.getMessage() for record in caplog.records)
    assert "SLACK_SIGNING_SECRET is wrong" in secret
    assert "clock is wrong" in clock
    assert again == secret


def test_a_body_is_cut_off_where_it_gets_too_large_whatever_it_declared():
    chunks = [b"x" * 2**16] * 17
    sent = headers(b"".join(chunks), content_length=None)
    assert answer(sent, chunks, ends=False) == (413, [])


def test_who_hangs_up_midway_is_not_heard():
    statuses: list[int] = []

    async def hung_up():
        return {"type": "http.disconnect"}

    async def send(message) -> None:
        statuses.append(message.get("status"))

    bolt = Bolt()
    guard = Guard(bolt, SECRET, lambda: NOW)
    asyncio.run(guard({"type": "http", "headers": headers(COMMAND)}, hung_up, send))
    assert (statuses[0], bolt.taken) == (400, [])


MISSHAPEN = [
    (b"", FORM),
    (b"", JSON),
    (b"text=hej", FORM),
    (b"payload=", FORM),
    (b"payload=null", FORM),
    (b"payload=%5B%5D", FORM),
    (b"payload=%7B%7D&payload=no", FORM),
    (b"payload=%7B", FORM),
    (b"payload=" + b"%5B" * 9999, FORM),
    (b"payload=" + b"9" * 9999, FORM),
    (b"{&command=x", FORM),
    (b"command=\xff\xfe", FORM),
    (b"&".join(b"command%d=x" % number for number in range(999)), FORM),
    (b"[]", JSON),
    (b"null", JSON),
    (b'{"a":', JSON),
    (b'"\xed\xa0\x80"', JSON),
    (b"[" * 99999, JSON),
    (b"9" * 9999, JSON),
    (COMMAND, JSON),
    (b"command=%2Fokr&trigger_id=1.2", FORM),
    (b"command=%2Fokr&trigger_id=1.2&user_id=", FORM),
    (b"command=%2Fokr&user_id=U1", FORM),
]


@pytest.mark.parametrize(("body", "content_type"), MISSHAPEN, ids=lambda each: repr(each)[:40])
def test_what_is_signed_but_not_of_slacks_shape_is_refused(body: bytes, content_type: bytes):
    assert answer(headers(body, content_type), [body]) == (400, [])


@given(st.dictionaries(st.text(), st.text(), max_size=MOST_FIELDS))
def test_a_form_is_read_as_it_was_written(form: dict[str, str]):
    assert form_of(urlencode(form)) == (form or {"": ""})


@given(st.one_of(st.text(), st.text("%=&+03\r\n ab")))
def test_whatever_is_no_form_is_read_as_something_or_refused(text: str):
    with suppress(ValueError):
        assert all(isinstance(each, str) for pair in form_of(text).items() for each in pair)


PARTS = [
    (PRESSED, "user", None),
    (PRESSED, "user", {"id": 7}),
    (PRESSED, "user", {"id": "U1\x00"}),
    (PRESSED, "actions", []),
    (PRESSED, "actions", [[]]),
    (PRESSED, "view", {"id": "V1"}),
    (PRESSED, "channel", 7),
    (PRESSED, "response_urls", [7]),
    (SUBMITTED, "view", {**SUBMITTED["view"], "id": "V" * 100}),
    (SUBMITTED, "view", {**SUBMITTED["view"], "blocks": {}}),
    (SUBMITTED, "view", {**SUBMITTED["view"], "state": {"values": {"title": []}}}),
    (SUBMITTED, "view", {**SUBMITTED["view"], "private_metadata": {}}),
    (SUBMITTED, "team", [7]),
    (HAPPENED, "event", None),
    (HAPPENED, "event", {"type": 7}),
    (HAPPENED, "event_id", {}),
    (HAPPENED, "authorizations", [7]),
    (HAPPENED, "type", "unheard-of"),
]


@pytest.mark.parametrize(("payload", "part", "changed"), PARTS)
def test_what_bolt_or_a_listener_would_stumble_over_is_refused(payload, part, changed):
    body = urlencode({"payload": json.dumps({**payload, part: changed})}).encode()
    assert answer(headers(body), [body]) == (400, [])


@pytest.mark.parametrize("name", [b"x-slack-signature", b"x-slack-request-timestamp"])
@pytest.mark.parametrize("value", [b"", b"v0=0", b"%d" % (NOW - 9)])
def test_of_a_header_given_twice_the_last_counts(name: bytes, value: bytes):
    sent = headers(COMMAND)
    assert answer([(name, value), *sent], [COMMAND]) == (200, [meaning(COMMAND)])
    assert answer([*sent, (name, value)], [COMMAND]) == (401, [])


NAMES = st.sampled_from(
    [b"content-type", b"content-length", b"x-slack-request-timestamp", b"x-slack-signature"]
)
VALUES = st.one_of(
    st.binary(max_size=40),
    st.sampled_from([b"%d" % NOW, JSON, FORM, b"12", b"v0=" + b"0" * 64]),
)
BODIES = st.one_of(st.binary(max_size=200), st.sampled_from([COMMAND, PAYLOAD, EVENT]))


@given(sent=st.lists(st.tuples(NAMES, VALUES), max_size=6), chunks=st.lists(BODIES, max_size=3))
@example(sent=[(b"x-slack-request-timestamp", b"%d" % NOW)], chunks=[COMMAND])
def test_whatever_comes_unsigned_is_refused_and_never_reaches_bolt(
    sent: Headers, chunks: list[bytes]
):
    status, taken = answer(sent, chunks)
    assert status in {400, 401, 408, 413}
    assert taken == []


@given(body=BODIES, content_type=VALUES)
def test_whatever_is_signed_is_let_through_only_if_bolt_can_read_it(
    body: bytes, content_type: bytes
):
    status, taken = answer(headers(body, content_type), [body])
    assert status in {200, 400}
    for each in taken:
        assert isinstance(AsyncBoltRequest(body=each, mode="socket_mode").context, dict)
