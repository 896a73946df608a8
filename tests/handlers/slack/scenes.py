"""Pages that somebody may come to see, made from one text that people wrote.

`every_page.py` has them all, with those of `scenes_of_upkeep.py`.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from bot.calendar import Week
from bot.campaigns import campaign_of
from bot.cover import Cover
from bot.digest import Awaited, ByReports, DigestFacts, Published, awaited, digest_facts
from bot.duties import owed
from bot.inquiries import LANDED, Kept, inquiry_of
from bot.language import Code, language
from bot.ledger.recorded import Ended, Ending, Recorded
from bot.ledger.reminders import ReminderState, StoredReminder
from bot.masking import Audience, Masking
from bot.measures import cases
from bot.names import PlanNames
from bot.notices import InquiryNudge
from bot.pages import Page, said
from bot.people import Person, Role
from bot.recurrence import Kind, next_occasions
from bot.reminders import WHEN, Reach, ReminderAnswers, reach
from bot.reports import kinds
from bot.reports.report import Secrecy
from bot.reports.workshop import Form, Theme, Workshop
from bot.say import asked as say_asked
from bot.say import awaited as say_awaited
from bot.say import campaigns as say_campaigns
from bot.say import digest as say_digest
from bot.say import inquiries as say_inquiries
from bot.say import municipality as say_municipality
from bot.say import okr as say_okr
from bot.say import people as say_people
from bot.say import reminders as say_reminders
from bot.say import reports as say_reports
from bot.say import welcome as say_welcome
from bot.say.municipality import HomeFacts, Share
from bot.say.reports import PAGE_LENGTH, ReceiptFacts, Voice
from bot.standing import standing, standing_of, standings
from tests.bot.examples import BRO

TODAY = date(2026, 6, 12)
NOW = datetime(2026, 6, 12, 12, tzinfo=UTC)
OFFERED = tuple(kind for kind in kinds().values() if kind.offered)
OFFER = say_welcome.Offer(OFFERED, OFFERED[:2])
FORMED = tuple(kind for kind in kinds().values() if kind.fields())
ALL_MEMBERS = BRO.member_codes
MANY = 20


def person(words: str, code: Code, number: int = 1, **changed: object) -> Person:
    somebody = Person(
        id=f"slack:U{number}",
        name=words,
        email=words,
        home=ALL_MEMBERS[number % len(ALL_MEMBERS)],
        wanted_home=None,
        roles=frozenset(Role),
        language=code,
        met_at=NOW,
    )
    return replace(somebody, **changed)  # type: ignore[arg-type]


def report(words: str, number: int = 1, *members: str, **changed: object) -> Recorded:
    told = Workshop.model_construct(
        title=words[:120],
        held_on=TODAY - timedelta(days=10 * number % 150),
        members=members or ALL_MEMBERS[: 1 + number % 12],
        form=list(Form)[number % 3],
        theme=list(Theme)[number % 2],
        participants=number,
        host=words[:120] or None,
        notes=words[:2000] or None,
    )
    recorded = Recorded(
        id=number,
        case=f"case-{number}",
        kind="workshop",
        day=told.held_on,
        members=told.members,
        answers=told.model_dump(mode="json"),
        reporter="slack:U1",
        home=ALL_MEMBERS[number % 12],
        recorded_at=NOW - timedelta(days=5, minutes=-number),
    )
    return replace(recorded, **changed)  # type: ignore[arg-type]


def cover_of(words: str, confidential: bool = False) -> Cover:
    """The case that everything here is told in; its reporter is the person who reads."""
    return Cover(
        case="case-1",
        kind="etablering",
        headline=words.strip()[:80] or "–",
        reporter="slack:U1",
        home="bro",
        secrecy=Secrecy(confidential=confidential),
        followers=frozenset(ALL_MEMBERS),
        admins_may_know=False,
        is_live=True,
    )


def voice_of(
    somebody: Person | None, code: Code, words: str = "", *, secret: bool = False
) -> Voice:
    reader = language(code)
    audience = Audience(reader, somebody)
    masking = Masking(kinds(), lambda _case: cover_of(words, secret))
    return Voice(audience, PlanNames(BRO, reader), masking, TODAY, BRO.zone)


Named = Iterator[tuple[str, Page]]


def _on_the_plan(words: str, code: Code) -> Named:
    voice = voice_of(person(words, code), code)
    reports = tuple(report(words, number) for number in range(1, MANY))
    rows = standing(BRO, reports, TODAY)
    beside = standings(BRO, BRO.beside, reports, TODAY)
    yield "overview", say_okr.overview(BRO, rows, beside, language(code))
    yield "overview of nothing", say_okr.overview(BRO, standing(BRO, (), TODAY), (), language(code))
    for stands in rows:
        id_ = stands.key_result.id
        joined = (*reports, replace(report(words, MANY), case="case-1"))
        for name, seen in (("reports", cases(joined)), ("none", ()), ("not seen", None)):
            facts = say_okr.KeyResultFacts(stands, seen, 0)
            yield f"{id_} {name}", say_okr.key_result(facts, voice)
    clock = tuple(say_okr.HomeClock(code, Kept(1, 2), Kept(0, 1)) for code in ALL_MEMBERS)
    facts = say_okr.KeyResultFacts(rows[0], (), 0, clock)
    yield "clock of inquiries", say_okr.key_result(facts, voice)
    yield "help with the plan", say_okr.help_page(language(code), voice.names)
    known = ByReports(BRO, (*reports, *inquiry_reports(words)))
    waited = awaited(known, BRO.ends)
    many = replace(waited, late=waited.late * MANY, silent=ALL_MEMBERS)
    for name, some in (("much", many), ("nothing", Awaited((), (), ()))):
        yield f"waiting for {name}", say_awaited.page(some, BRO.ends, voice)
        shares = tuple(Share(stands, 1, 2) for stands in rows) if some is many else ()
        told, own = cases(reports) if some is many else (), clock[0] if some is many else None
        home = HomeFacts("1881", BRO.ends, shares, told, own, some.of("1881"))
        yield f"a municipality with {name}", say_municipality.page(home, voice)


def _on_reports(words: str, code: Code) -> Named:
    voice = voice_of(person(words, code), code)
    one, two, counted = report(words, 2), report(words, 2, ALL_MEMBERS[0]), report(words, 4)
    feeds = tuple(
        standing_of(BRO, each, (one, counted), TODAY)
        for each in BRO.key_results
        if "workshop" in each.fed_by
    )
    yield "counted", say_reports.receipt(ReceiptFacts(counted, (), feeds), voice)
    yield "receipt", say_reports.receipt(ReceiptFacts(one, ("1881", "1884"), feeds), voice)
    yield "uncounted", say_reports.receipt(ReceiptFacts(replace(two, id=99), (), feeds), voice)
    changed = replace(one, supersedes=1)
    yield "changed", say_reports.receipt(ReceiptFacts(changed, (), feeds), voice)
    for how in Ended:
        ended = replace(one, ending=Ending(how, NOW, "slack:U1", words))
        yield how, say_reports.receipt(ReceiptFacts(ended, (), feeds), voice)
    mine = tuple(report(words, number) for number in range(1, MANY))
    yield "mine, none", say_reports.my_reports((), 0, voice)
    for number in range(MANY // PAGE_LENGTH):
        yield f"mine {number}", say_reports.my_reports(mine, number, voice)
    nothing = {"of": "workshop", "period": "2026-q1", "said_on": str(TODAY)}
    yield (
        "nothing told",
        say_reports.my_reports((replace(one, kind="nothing", answers=nothing),), 0, voice),
    )
    for number in (1, 5):
        found = (cover_of(words),) * number
        yield f"{number} of a name", say_reports.case_choice(found, "etablering", words, voice)


def _on_people(words: str, code: Code) -> Named:
    reader, names = language(code), PlanNames(BRO, language(code))
    known = [person(words, code, number) for number in range(MANY)]
    asking = [person(words, code, n, home=None, wanted_home="1881") for n in range(MANY)]
    everybody = (*known, *asking)
    yield "request", say_people.request(asking[0], "1881", reader, names)
    yield "decided", say_people.request(known[0], known[0].home or "", reader, names)
    reporting = replace(known[0], roles=frozenset())
    yield "decided otherwise", say_people.request(reporting, known[0].home or "", reader, names)
    yield "outdated", say_people.request(known[0], "bro", reader, names)
    yield "held", say_people.held(reader)
    for granted in (True, False):
        page = say_people.decision("bro", granted=granted, language=reader, names=names)
        yield f"granted: {granted}", page
    yield "joined", say_people.joined(known[0], "1881", reader, names)
    yield "changed person", say_people.changed(known[0], reader, names)
    yield "own settings", say_people.own_settings(known[0], reader, names)
    yield "own settings asked", say_people.own_settings(asking[0], reader, names)
    moving = replace(known[0], wanted_home="bro")
    yield "own settings, moving", say_people.own_settings(moving, reader, names)
    for number in range(6):
        yield f"people {number}", say_people.listing(everybody, number, reader, names)


def _on_reminders(words: str, code: Code) -> Named:
    desk = say_reminders.Desk(BRO, language(code), PlanNames(BRO, language(code)), TODAY)
    several = tuple(_reminders(words))
    about = {"alarm": "reminder:1", "occasion": "2026-06-12T08:00"}
    owing = owed(BRO, (), TODAY)
    one = several[0][1]
    reached = reach(one, [person(words, code, n) for n in range(MANY)], owing)
    preview = say_reminders.preview([NOW] * 5, reached, desk)
    nobody = say_reminders.preview([], Reach(), desk)
    yield "due", say_reminders.due(one, about, owing[0], desk)
    yield "due, nothing owed", say_reminders.due(one, about, None, desk)
    yield "to the channel", say_reminders.to_channel(one)
    yield "saved", say_reminders.saved(one, preview, desk)
    yield "saved, to nobody", say_reminders.saved(one, nobody, desk)
    yield "put off", say_reminders.put_off(NOW, None, desk)
    yield "put off, owed", say_reminders.put_off(NOW, owing[0], desk)
    yield "undone", say_reminders.nothing_undone(owing[0], desk)
    yield "undone, not owed", say_reminders.nothing_undone(None, desk)
    yield "nothing noted", say_reminders.nothing_noted(owing[0], 1, desk)
    yield "answered already", say_reminders.already_answered(desk)
    for number in range(3):
        yield f"reminders {number}", say_reminders.listing(several, number, desk)
    yield "no reminders", say_reminders.listing((), 0, desk)
    yield "missed", say_reminders.missed(one, [NOW, NOW], desk)


def _reminders(words: str) -> Iterator[tuple[StoredReminder, ReminderAnswers, datetime | None]]:
    audiences = ("owing:workshop", "channel", "everyone", "person", "member:1881", "owing:gone")
    for number in range(MANY):
        answers = ReminderAnswers.model_construct(
            say=words[:500] or "–",
            audience=audiences[number % len(audiences)],
            person="slack:U1",
            when=Kind(WHEN[number % len(WHEN)].value),
            start=TODAY,
            days_before=3,
        )
        state = list(ReminderState)[number % 2]
        stored = StoredReminder(number, {}, state, "slack:U1", NOW, NOW)
        coming = next_occasions(answers.rule, NOW, 1, BRO.zone)
        yield stored, answers, coming[0].moment if coming else None


def week(words: str) -> DigestFacts:
    """A week's facts with news, with corrections, with skipped weeks and with missing reports."""
    before = tuple(report(words, number) for number in range(1, 4))
    late = tuple(
        report(words, number, recorded_at=NOW - timedelta(days=4)) for number in range(4, MANY)
    )
    previous = Published(Week(2026, 21), NOW - timedelta(days=4, hours=1))
    skipped = (Week(2026, 22), Week(2026, 23))
    published = Published(Week(2026, 24), NOW + timedelta(days=3), skipped)
    then, now = ByReports(BRO, before), ByReports(BRO, (*before[:2], *late))
    return digest_facts(BRO, published, now, (previous, then))


def quiet_week() -> DigestFacts:
    """The first week of all, with nothing told."""
    return digest_facts(BRO, Published(Week(2026, 2), NOW), ByReports(BRO, ()))


def _on_the_week(words: str, code: Code) -> Named:
    voice = voice_of(None, code)
    for name, facts in (("full", week(words)), ("quiet", quiet_week())):
        yield f"digest, {name}", say_digest.digest(BRO, facts, voice)
        yield f"detail, {name}", say_digest.detail(BRO, facts, voice)


def _ways_in(words: str, code: Code) -> Named:
    somebody = person(words, code)
    voice = voice_of(somebody, code)
    mine = tuple(report(words, number) for number in (1, 2, 3))
    theirs = tuple(each for each in owed(BRO, (), BRO.ends) if each.member == "1881")
    yield "help", say_welcome.help_page(somebody, OFFER, voice)
    yield "help with what is no command", say_welcome.help_page(somebody, OFFER, voice, words)
    yield (
        "help for all",
        say_welcome.help_page(replace(somebody, roles=frozenset()), OFFER, voice),
    )
    yield "guide", say_welcome.guide(OFFER, voice, "/workshop")
    for kind in OFFER.reports:
        yield f"help about {kind.kind}", say_welcome.kind_help(kind, OFFER, voice)
    yield "help with reminders", say_welcome.reminder_help(voice)
    inquiry = inquiry_of(inquiry_reports(words), BRO.inquiries)
    asked = tuple((inquiry, ask) for ask in inquiry.asks[1:])
    yield "home", say_welcome.home(asked, theirs, mine, OFFER, voice)
    yield "guide", say_welcome.guide(OFFER, voice)
    yield "home of nothing", say_welcome.home((), (), (), OFFER, voice)
    yield "a refusal", said(words or "–")


# --- Cases of several steps


def step(number: int, kind: str, home: str, day: date, **answers: object) -> Recorded:
    return Recorded(
        id=number,
        case="case-1",
        kind=kind,
        day=day,
        members=(),
        answers=answers,
        reporter="slack:U1",
        home=home,
        recorded_at=NOW - timedelta(days=1, minutes=-number),
        part=home,
    )


def inquiry_reports(words: str, *, landed: bool = False) -> tuple[Recorded, ...]:
    """All municipalities asked: a third have answered, a third have acknowledged."""
    text, day = words.strip()[:80] or "–", TODAY - timedelta(days=20)
    since = {home: day.isoformat() for home in ALL_MEMBERS}
    opening = step(
        1,
        "etablering",
        "bro",
        day,
        code_name=text,
        asked=list(ALL_MEMBERS),
        asked_since=since,
        received_on=day.isoformat(),
        source="direct",
        area="industry",
        needs=["land", "power"],
        land_ha="15.5",
        jobs=1,
        investment_sek=40_000_000,
        company=words.strip()[:120] or None,
        registry_number=words.strip()[:60] or None,
        notes=words.strip()[:2000] or None,
    )
    steps = [opening]
    for number, home in enumerate(ALL_MEMBERS):
        on = (day + timedelta(days=number)).isoformat()
        if number % 3 == 0:
            told = {"verdict": ("yes", "no", "partly")[number // 3 % 3], "answered_on": on}
            told |= {"proposal": words.strip()[:300] or "–", "reason": words.strip()[:1000] or "–"}
            steps.append(step(number + 2, "etablering_svar", home, day, **told))
        elif number % 3 == 1:
            steps.append(step(number + 2, "etablering_kvittens", home, day, acknowledged_on=on))
    visit = {"stage": "visit", "reached_on": day.isoformat(), "notes": words.strip()[:1000] or None}
    steps.append(step(30, "etablering_steg", "bro", day, **visit))
    if landed:
        done = {"municipality": "1881", "decided_on": day.isoformat(), "investment_sek": 10**9}
        steps.append(step(31, LANDED, "bro", day, area="industry", **done))
    return tuple(steps)


def _on_inquiries(words: str, code: Code) -> Named:
    somebody = person(words, code, 1)
    for name, secret in (("", False), ("secret ", True)):
        voice = voice_of(somebody, code, words, secret=secret)
        for landed in (False, True):
            reports = inquiry_reports(words, landed=landed)
            inquiry = inquiry_of(reports, BRO.inquiries)
            facts = say_inquiries.CaseFacts(
                inquiry,
                reports,
                frozenset(ALL_MEMBERS[:4]),
                (words,),
                (words,),
                may_follow=True,
                may_change=True,
                may_answer=True,
                may_answer_for=True,
                page=0,
            )
            for number in range(3):
                page = say_inquiries.page(replace(facts, page=number), somebody, voice)
                yield f"{name}inquiry, landed {landed}, {number}", page
            for ask in inquiry.asks[:4]:
                asking = say_asked.ask(inquiry, ask, (words, words), voice)
                yield f"{name}ask {ask.home}, landed {landed}", asking
        yield f"{name}old", say_asked.old(inquiry, voice)
        for limit in ("acknowledge", "answer"):
            notice = InquiryNudge(case="case-1", home="1881", limit=limit)
            nudge = say_asked.nudge(inquiry, inquiry.asks[2], notice, voice)
            yield f"{name}nudge {limit}", nudge
        late = inquiry_of(inquiry_reports(words), BRO.inquiries)
        yield f"{name}late", say_asked.late(late, voice)
        yield f"{name}settled", say_asked.settled(cover_of(words, secret), voice)
        several = (inquiry,) * MANY
        yield f"{name}list", say_inquiries.listing(several, 2, 1, somebody, voice)
    yield "list of nothing", say_inquiries.listing((), 1, 0, somebody, voice)
    yield "closed", say_inquiries.closed(several, 2, 1, voice)
    yield "none closed", say_inquiries.closed((), 1, 0, voice)
    yield "asked no longer", say_asked.no_longer_asked(voice)


def _on_campaigns(words: str, code: Code) -> Named:
    voice = voice_of(person(words, code), code, words)
    began = {"name": words.strip()[:120] or "–", "programme": "own", "audience": ["students"]}
    began |= {
        "gender": "yes",
        "gender_how": words.strip()[:500] or "–",
        "notes": words.strip()[:2000] or None,
    }
    opening = step(1, "kampanj", "bro", TODAY, **began, initiated_on=TODAY.isoformat())
    created = step(2, "kampanj_steg", "bro", TODAY, stage="create", reached_on=TODAY.isoformat())
    results = [
        step(
            3 + number,
            "kampanj_resultat",
            "bro",
            TODAY - timedelta(days=200 * number),
            channel="web",
            first=(TODAY - timedelta(days=200 * number)).isoformat(),
            last=(TODAY - timedelta(days=200 * number)).isoformat(),
            spend_sek=25_000,
            reach=10**9,
            visits=6_000,
            leads=40,
            conversions=240 if number else None,
            counts_as=words.strip()[:200] or "–",
        )
        for number in range(3)
    ]
    full = campaign_of((opening, created, *results))
    facts = say_campaigns.CampaignFacts(full, True, True, frozenset({3, 4}), 0)
    yield "campaign", say_campaigns.page(facts, voice)
    empty = replace(facts, campaign=campaign_of((opening,)), may_follow=False, may_change=False)
    yield "campaign begun", say_campaigns.page(empty, voice)
    yield "campaigns", say_campaigns.listing((full,) * MANY, 1, voice)
    yield "no campaigns", say_campaigns.listing((), 0, voice)
    for question in (say_campaigns.WHICH, say_campaigns.SEVERAL, say_campaigns.NOT_FOUND):
        yield question, say_campaigns.result_choice(question, (full,) * MANY, words, voice)
    nothing = say_campaigns.result_choice(say_campaigns.WHICH, (), words, voice)
    yield "no campaign to choose", nothing
