"""Requests as somebody sends them who means harm, or whose software is broken."""

import json
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from random import Random
from typing import Any
from urllib.parse import urlencode

from playground.delivery import COMMAND, EVENT, Delivery, signature

CANARY = "kanariefagel-7731"
"""Stands in everything that is sent and nobody may find again in the log."""

FORM, JSON = "application/x-www-form-urlencoded", "application/json"

VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 10**30, 1e308, "", " ", "\x00", "\ud800", "null", "[]", "{}"),
    *([], {}, [[]], [None], {"": None}, [CANARY], {"id": CANARY}, {"value": [CANARY]}),
    *(CANARY, f"{CANARY}\x00", CANARY * 500, f"'; DROP TABLE reports; -- {CANARY}", f"<!{CANARY}>"),
    *("9" * 5000, "U" * 300, "../../etc/passwd", "%s%n{0}", "{user.__class__}", "\u202e" + CANARY),
    *("2026-02-30", "9999-99-99", "-0", "NaN", "1e400", "workshop", "modal", "home", "bot_id"),
    json.dumps({"form": "workshop", "report": CANARY}),
    json.dumps({"form": [CANARY]}),
    json.dumps({"form": "etablering_svar", "case": {CANARY: 1}}),
    json.dumps({"form": "reminder_save", "answers": f"[{CANARY}"}),
    "[" * 3000,
)


@dataclass(frozen=True)
class Attempt:
    body: bytes
    headers: Mapping[str, str]


def mutated(payload: Any, chance: Random) -> Any:
    """The payload with one to four of its parts gone, doubled or turned into something else."""
    changed = deepcopy(payload)
    for _ in range(chance.randint(1, 4)):
        place, key = chance.choice(list(_places(changed)) or [({}, "")])
        turn = chance.randrange(4)
        if turn == 0 and isinstance(place, dict):
            place.pop(key, None)
        elif turn == 1:
            place[key] = [place.get(key) if isinstance(place, dict) else place[key]]
        elif isinstance(place, list) or key in place:
            place[key] = deepcopy(chance.choice(VALUES))
    return changed


def _places(value: Any) -> Any:
    """Every (container, key) in it."""
    several = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in several:
        yield value, key
        if isinstance(inner, dict | list):
            yield from _places(inner)


@dataclass(frozen=True)
class Hostility:
    """`recorded` are genuine deliveries; `now` is the present in seconds since 1970."""

    recorded: tuple[Delivery, ...]
    secret: str
    now: Callable[[], float]

    def unsigned_attempt(self, chance: Random) -> Attempt:
        """Not rightly signed, or not of now; genuine in all else."""
        return chance.choice(_UNSIGNED)(self, chance.choice(self.recorded), chance)

    def signed_attempt(self, chance: Random) -> Attempt:
        """Rightly signed, and broken within."""
        return chance.choice(_SIGNED)(self, chance.choice(self.recorded), chance)

    def signed(self, body: bytes, content_type: str, stamp: str = "") -> Attempt:
        stamp = stamp or str(int(self.now()))
        headers = {
            "Content-Type": content_type,
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": signature(self.secret, stamp, body),
        }
        return Attempt(body, headers)

    # --- Not rightly signed

    def _without(self, delivery: Delivery, chance: Random) -> Attempt:
        body, content_type = delivery.encoded()
        headers = dict(self.signed(body, content_type).headers)
        del headers[chance.choice(["X-Slack-Signature", "X-Slack-Request-Timestamp"])]
        return Attempt(body, headers)

    def _by_another(self, delivery: Delivery, chance: Random) -> Attempt:
        body, content_type = delivery.encoded()
        secret = chance.choice(["", CANARY, self.secret.upper(), self.secret + " "])
        return Hostility((), secret, self.now).signed(body, content_type)

    def _garbled(self, delivery: Delivery, chance: Random) -> Attempt:
        body, content_type = delivery.encoded()
        headers = dict(self.signed(body, content_type).headers)
        wrong = ["", "v0=", "v0=" + "0" * 64, "v1=" + "0" * 64, "0" * 9000, "v0=å", CANARY]
        headers["X-Slack-Signature"] = chance.choice(wrong)
        return Attempt(body, headers)

    def _of_another_body(self, delivery: Delivery, chance: Random) -> Attempt:
        body, content_type = delivery.encoded()
        genuine = self.signed(body, content_type)
        return Attempt(body + chance.choice([b" ", b"&text=x", b"\x00"]), genuine.headers)

    def _untimely(self, delivery: Delivery, chance: Random) -> Attempt:
        body, content_type = delivery.encoded()
        off = chance.choice([-10_000, -400, -305, 305, 400, 10_000, 10**9])
        return self.signed(body, content_type, str(int(self.now()) + off))

    def _at_no_time(self, delivery: Delivery, chance: Random) -> Attempt:
        body, content_type = delivery.encoded()
        stamp = chance.choice(["soon", "-1", "1e9", "9" * 5000, "0x7f", "NaN", CANARY])
        return self.signed(body, content_type, stamp)

    # --- Rightly signed

    def _mutated(self, delivery: Delivery, chance: Random) -> Attempt:
        return self.signed(*_encoded(delivery, mutated(delivery.payload, chance)))

    def _mangled(self, delivery: Delivery, chance: Random) -> Attempt:
        """Bytes cut out, put in and turned over."""
        body, content_type = delivery.encoded()
        found = bytearray(body)
        for _ in range(chance.randint(1, 6)):
            at = chance.randrange(len(found) + 1)
            found[at : at + chance.randrange(9)] = chance.randbytes(chance.randrange(9))
        return self.signed(bytes(found), chance.choice([content_type, FORM, JSON, "text/json", ""]))

    def _twice(self, delivery: Delivery, chance: Random) -> Attempt:
        """Every field given twice."""
        body, content_type = delivery.encoded()
        if delivery.kind == EVENT:
            inner = json.dumps(mutated(delivery.payload, chance))
            return self.signed(body[:-1] + b"," + inner.encode()[1:], content_type)
        other, _ = _encoded(delivery, mutated(delivery.payload, chance))
        return self.signed(body + b"&" + other, content_type)

    def _odd(self, _delivery: Delivery, chance: Random) -> Attempt:
        """Nothing like what Slack sends."""
        body = chance.choice(
            [
                *(b"", b"{}", b"[]", b"null", b"{", b"payload=", b"payload=%7B%7D", b"command="),
                *(b"[" * 9999, b'{"a":' * 9999, b"9" * 9999, b"payload=" + b"%5B" * 9999),
                *(b"\xff\xfe", b"payload=\xff", b'"\xed\xa0\x80"', b"&" * 500, b"=" * 500),
                *(b"command=/okr&" + b"a=&" * 200, CANARY.encode(), chance.randbytes(200)),
                *(json.dumps({"type": kind}).encode() for kind in ("event_callback", 7, [CANARY])),
            ]
        )
        return self.signed(body, chance.choice([FORM, JSON]))


def _encoded(delivery: Delivery, payload: Any) -> tuple[bytes, str]:
    if delivery.kind != COMMAND:
        return Delivery(delivery.kind, payload).encoded()
    pairs = {name: str(value).encode("utf-8", "surrogatepass") for name, value in payload.items()}
    return urlencode(pairs).encode(), FORM


_Make = Callable[[Hostility, Delivery, Random], Attempt]
_UNSIGNED: tuple[_Make, ...] = (
    *(Hostility._without, Hostility._by_another, Hostility._garbled),
    *(Hostility._of_another_body, Hostility._untimely, Hostility._at_no_time),
)
_SIGNED: tuple[_Make, ...] = (
    *(Hostility._mutated, Hostility._mutated, Hostility._mutated),
    *(Hostility._mangled, Hostility._twice, Hostility._odd),
)
