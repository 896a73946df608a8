"""The example's cases: a campaign year to compare with, one that runs, and inquiries.

The figures are round, so that key result M2 can be worked out in the head: 2025 had 200 conversions
of 5 000 visits (4 %), 2026 so far 300 of 6 000 (5 %), which is 25 % more.
"""

from playground.telling import MARK, Act, codes, done, report_called, submit
from playground.town import AMIR, KARIN, LINA, LOTTA, Somebody, Town

SIGNED_UP = "anmälan till flyttguiden"


def campaign(somebody: Somebody, name: str, initiated_on: str, programme: str) -> Act:
    answers: dict[str, object] = {
        "name": f"{name} {MARK}",
        "programme": programme,
        "audience": ["swedish_talent"],
        "initiated_on": initiated_on,
        "gender": "yes",
        "gender_how": f"Bilderna visar kvinnor och män i lika många yrken {MARK}",
        "integration": "yes",
        "integration_how": f"Även på engelska {MARK}",
    }
    return lambda town: done(submit(town, somebody, "kampanj", answers))


def stage(somebody: Somebody, name: str, reached: str, on: str) -> Act:
    return step(somebody, name, "kampanj_steg", stage=reached, reached_on=on)


def result(somebody: Somebody, name: str, channel: str, days: str, **figures: object) -> Act:
    """`days` as `2026-01-01--2026-03-31`."""
    first, _, last = days.partition("--")
    stretch = {"channel": channel, "first": first, "last": last, "counts_as": SIGNED_UP}
    return step(somebody, name, "kampanj_resultat", **stretch, **figures)


def inquiry(somebody: Somebody, name: str, places: str, received_on: str, **further: object) -> Act:
    answers = {"code_name": f"{name} {MARK}", "received_on": received_on, "purpose": "new"}

    def act(town: Town) -> None:
        asked = {"asked": codes(town, places), "source": "business_sweden", **further}
        done(submit(town, somebody, "etablering", {**answers, **asked}))

    return act


def landed(somebody: Somebody, name: str, place: str, on: str, investment: str) -> Act:
    def act(town: Town) -> None:
        (code,) = codes(town, place)
        told = {"municipality": code, "decided_on": on, "investment_sek": investment}
        step(somebody, name, "etablering_landad", **told, area="industry")(town)

    return act


def step(somebody: Somebody, name: str, kind: str, **answers: object) -> Act:
    def act(town: Town) -> None:
        case = report_called(town, name).case
        done(submit(town, somebody, kind, dict(answers), {"case": case}))

    return act


CASES: tuple[tuple[str, Act], ...] = (
    # The year before, entered afterwards, so that there is something to compare with.
    ("2026-01-13 09:00", campaign(KARIN, "Välkommen hem", "2025-02-03", "smart_move")),
    (
        "2026-01-13 09:10",
        result(
            KARIN,
            "Välkommen hem",
            "web",
            "2025-02-03--2025-12-31",
            visits="5000",
            conversions="200",
            leads="120",
            spend_sek="60000",
        ),
    ),
    ("2026-01-13 09:20", stage(KARIN, "Välkommen hem", "create", "2025-02-20")),
    ("2026-01-13 09:21", stage(KARIN, "Välkommen hem", "run", "2025-03-03")),
    ("2026-01-13 09:22", stage(KARIN, "Välkommen hem", "follow_up", "2025-12-15")),
    ("2026-01-14 10:00", inquiry(AMIR, "Projekt Lom", "Karlskoga", "2025-02-10", jobs="25")),
    ("2026-01-14 10:05", landed(AMIR, "Projekt Lom", "Karlskoga", "2025-04-15", "30 mkr")),
    # This year's.
    ("2026-02-10 13:00", campaign(KARIN, "Hitta hem", "2026-02-10", "smart_move")),
    ("2026-03-02 13:00", stage(KARIN, "Hitta hem", "create", "2026-03-02")),
    ("2026-04-01 13:00", stage(KARIN, "Hitta hem", "run", "2026-04-01")),
    (
        "2026-05-04 15:00",
        result(
            KARIN,
            "Hitta hem",
            "linkedin",
            "2026-04-01--2026-04-30",
            visits="2000",
            conversions="60",
            leads="40",
            spend_sek="25000",
        ),
    ),
    (
        "2026-05-04 15:10",
        result(
            KARIN,
            "Hitta hem",
            "web",
            "2026-04-01--2026-04-30",
            visits="4000",
            conversions="240",
            leads="160",
            spend_sek="15000",
        ),
    ),
    # An inquiry that one of three has not answered.
    (
        "2026-05-26 10:30",
        inquiry(
            KARIN,
            "Projekt Gran",
            "Lindesberg, Nora, Ljusnarsberg",
            "2026-05-25",
            land_ha="8",
            area="logistics",
            jobs="40",
            investment_sek="90 mkr",
        ),
    ),
    (
        "2026-05-27 09:15",
        step(
            LOTTA,
            "Projekt Gran",
            "etablering_svar",
            verdict="yes",
            proposal=f"Torphyttan 10 ha, kommunens mark {MARK}",
            answered_on="2026-05-27",
        ),
    ),
    (
        "2026-05-28 16:40",
        step(
            LINA,
            "Projekt Gran",
            "etablering_svar",
            verdict="no",
            reason=f"Ingen plan mark av den storleken {MARK}",
            answered_on="2026-05-28",
        ),
    ),
)
