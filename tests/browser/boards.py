"""Boards for the pages' own tests, made of the server's structs: one crisis in every state that a page must show."""

import math
from datetime import UTC, datetime

from msgspec import structs

from tocsin.console import board as b

T0 = datetime(1995, 1, 25, 6, 24, tzinfo=UTC)
LEAP_S = 29  # TAI minus UTC in January 1995
T0_TAI_US = int(T0.timestamp() + LEAP_S) * 1_000_000
NOW_S = 300
LAUNCH = (69.3, 16.0)
WORDS_EMPTY = "No event. An empty picture does not mean an empty sky."


def tai(seconds: float) -> int:
    return T0_TAI_US + round(seconds * 1e6)


def utc(seconds: float) -> str:
    return datetime.fromtimestamp(T0.timestamp() + seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def ring(lat: float, lon: float, radius_km: float) -> b.Ring:
    return b.Ring(lat=lat, lon=lon, radius_km=radius_km, polygon=circle(lat, lon, radius_km))


def destination(lat: float, lon: float, km: float, azimuth_deg: float) -> tuple[float, float]:
    d, a, p = km / 6371.0, math.radians(azimuth_deg), math.radians(lat)
    q = math.asin(math.sin(p) * math.cos(d) + math.cos(p) * math.sin(d) * math.cos(a))
    e = math.atan2(math.sin(a) * math.sin(d) * math.cos(p), math.cos(d) - math.sin(p) * math.sin(q))
    return (round((lon + math.degrees(e) + 540) % 360 - 180, 4), round(math.degrees(q), 4))


def circle(lat: float, lon: float, km: float) -> tuple[tuple[float, float], ...]:
    return tuple(destination(lat, lon, km, azimuth) for azimuth in range(0, 361, 10))


def sector(lat: float, lon: float, km: float, centre: float, half: float) -> tuple[tuple[float, float], ...]:
    arc = tuple(destination(lat, lon, km, centre - half + 2 * half * i / 24) for i in range(25))
    return ((lon, lat), *arc, (lon, lat))


def head(party: str, parties: tuple[str, ...]) -> b.Head:
    others = tuple(one for one in parties if one != party)
    return b.Head(
        party=party, parties=parties, mode="exercise", title="andoya-1995", t_tai_us=tai(NOW_S), utc=utc(NOW_S),
        regime=b.RegimeLine(name="connected", title="Two connected centres", status="political", sha256="7c" * 32, suspended=False),
        speed=1.0, paused=False, ended=False, replay=False, no_duff="", development=True,
        sentence=b.Sentence(
            text="T-0041 in coast, explained as PLN/NO/1995/001/001/01 (a notified launch); no guarded area is near.",
            attention=True, what="T-0041 in coast", explained=0.96, explained_words="a notified launch",
            impact_tai_us=tai(1_150), needed="your vote",
        ),
        links=tuple(
            b.LinkLine(party=one, state="up", last_tai_us=tai(NOW_S - 1.0), last_utc=utc(NOW_S - 1), receipted=118, ours=118, size=96, held=96, words="heard 1 s ago; all receipted")
            for one in others
        ),
        feed=tuple(
            b.FeedLine(sensor=name, kind=kind, state="up", last_tai_us=tai(NOW_S - 0.6), last_utc=utc(NOW_S), period_s=2.0)  # type: ignore[arg-type]
            for name, kind in (("north-radar", "radar"), ("high-eye", "infrared"))
        ),
        state="normal", sign=b.Sign(allowed=True), version="0.1.0",
    )  # fmt: skip


def tracks(count: int = 40, step: int = 0) -> b.Tracks:
    """One rocket, and aircraft and satellites that move with `step`."""
    lat, lon, height, speed, heading, kind, source = [71.9], [14.6], [812.0], [3_650.0], [352.0], ["ballistic"], ["joint"]
    for i in range(1, count):
        space = i % 5 == 0
        a, phase = (i * 137.508) % 360, i * 0.7 + step * (0.004 if space else 0.0007)
        if space:
            inclination = 40 + (i * 7) % 55
            lat.append(round(inclination * math.sin(phase), 4))
            lon.append(round((a + math.degrees(phase)) % 360 - 180, 4))
            height.append(float(420 + (i * 53) % 1100))
        else:
            lat.append(round(35 + (i * 61) % 50 + 0.4 * math.sin(phase), 4))
            lon.append(round((a * 0.6 - 60 + math.degrees(phase) * 0.2) % 360 - 180, 4))
            height.append(float(9 + i % 4))
        speed.append(7_500.0 if space else 240.0)
        heading.append(float(a))
        kind.append("space" if space else "air" if i % 17 else "unknown")
        source.append(("own", "joint", "partner:east", "own")[i % 4])
    ids = tuple(f"T-{41 + i:04d}" for i in range(count))
    return b.Tracks(
        as_of_tai_us=tai(NOW_S + step / 4), id=ids, label=ids, lat=tuple(lat), lon=tuple(lon), height_km=tuple(height),
        speed_m_s=tuple(speed), heading_deg=tuple(heading), climb_m_s=(1_200.0,) + (0.0,) * (count - 1), kind=tuple(kind),
        parties=tuple(("west", "east") if one == "joint" else ("west",) for one in source), source=tuple(source),
        phase=("coast",) + tuple("air" if one == "air" else "coast" for one in kind[1:]), existence=(0.999,) * count,
        sigma_km=tuple(round(0.4 + (i * 13 % 29) / 10, 1) for i in range(count)), stale=tuple(i % 11 == 10 for i in range(count)),
        age_s=tuple(94.0 if i % 11 == 10 else round(0.4 + i % 7 * 0.5, 1) for i in range(count)),
        event=("T-0041",) + ("",) * (count - 1), ellipse95={"T-0041": (48.0, 17.0, 350.0)},
    )  # fmt: skip


def trails(of: b.Tracks) -> b.Trails:
    trail = {}
    for i, name in enumerate(of.id):
        back = 0.15 if of.kind[i] == "air" else 1.1
        bearing = math.radians(of.heading_deg[i])
        trail[name] = tuple(
            (round((of.lon[i] - k * back * math.sin(bearing) / max(0.2, math.cos(math.radians(of.lat[i]))) + 540) % 360 - 180, 3),
             round(max(-89, min(89, of.lat[i] - k * back * math.cos(bearing))), 3), of.height_km[i])
            for k in range(16, 0, -1)
        )  # fmt: skip
    rise = [(16.0 - 0.1 * k, 69.3 + 0.17 * k, 812.0 * math.sin(k / 16 * 1.35) / math.sin(1.35)) for k in range(16)]
    trail[of.id[0]] = tuple((round(x, 3), round(y, 3), round(z, 1)) for x, y, z in rise)
    return b.Trails(step_s=10.0, trail=trail)


def areas() -> b.Areas:
    fans = (("north-radar", "radar", 70.4, 31.1, 3_900.0, 330.0, 60.0), ("south-radar", "radar", 55.5, -5.0, 3_000.0, 40.0, 55.0))
    return b.Areas(
        sensors=tuple(
            b.Fan(id=n, kind=k, lat=la, lon=lo, range_km=r, azimuth_centre_deg=c, azimuth_halfwidth_deg=h, elevation_min_deg=3.0, polygon=sector(la, lo, r, c, h))  # type: ignore[arg-type]
            for n, k, la, lo, r, c, h in fans
        ),
        notices=(
            b.NoticeArea(identifier="PLN/NO/1995/001/001/01", party="east", stage="active", launch=ring(69.3, 16.0, 40), impact=ring(78.5, 10.0, 220),
                         corridor=((15.0, 69.4), (17.2, 69.4), (14.5, 78.4), (5.5, 78.6)), window_start_utc=utc(-7_200), window_end_utc=utc(14_400)),
        ),
        guarded=(b.GuardedArea(name="capital", ring=ring(55.75, 37.6, 150)), b.GuardedArea(name="base", ring=ring(68.9, 33.1, 110))),
        launch=(b.EndPlace(event="T-0041", lat=69.31, lon=16.1, semi_major_km=9, semi_minor_km=5, azimuth_deg=20, t_tai_us=tai(0), t_utc=utc(0), sigma_s=2.0, source="joint"),),
        impact=(b.EndPlace(event="T-0041", lat=78.1, lon=11.0, semi_major_km=130, semi_minor_km=45, azimuth_deg=352, t_tai_us=tai(1_150), t_utc=utc(1_150), sigma_s=14.0, source="joint"),),
    )  # fmt: skip


def events(parties: tuple[str, ...], mine: str = "opened") -> tuple[b.Event, ...]:
    return (
        b.Event(
            id="T-0041", names=("T-0041", "e.T-9"), first_utc=utc(38), phase="coast", source="joint", benign=0.96,
            explanations=(
                b.ExplanationLine(what="notified-launch", probability=0.96, words="the notified research rocket", identifier="PLN/NO/1995/001/001/01", reasons=("launch area and window match", "azimuth within 2 degrees")),
                b.ExplanationLine(what="unexplained", probability=0.03, words="", identifier="", reasons=()),
                b.ExplanationLine(what="sensor-fault", probability=0.01, words="", identifier="", reasons=("one radar of two",)),
            ),
            identifier="PLN/NO/1995/001/001/01", level="display", proposed_level="none", reason="explained, nothing guarded near", finding="benign", site_report="valid",
            raw_counts={"north-radar": 1, "high-eye": 1}, fused_count=1, count_words="counts agree",
            assessments=tuple(
                b.Judgement(party=one, state=mine if i == 0 else "opened", officer="A. Berg" if i == 0 else "V. Orlov", site_report="valid", confidence="medium", explanation="notified-launch", identifier="PLN/NO/1995/001/001/01", probability=0.9 - 0.15 * i, utc=utc(240), opens_utc=utc(290))  # type: ignore[arg-type]
                for i, one in enumerate(parties)
            ),
            spread_words="parties lie 15 points apart", disputed=b.Disputed(disputed=False), impact_tai_us=tai(1_150), apogee_km=1_453.0, range_km=1_020.0,
            minutes=b.Minutes(detect=0.6, authenticate=0.4, consult=2.1, decide=1.4),
        ),
    )  # fmt: skip


def notices() -> tuple[b.NoticeLine, ...]:
    return (
        b.NoticeLine(
            identifier="PLN/NO/1995/001/001/01", sha256="ab" * 32, party="east", format="pre-launch", vehicle="sounding-rocket", stage="active", flags=("late",), words=("announced 3 h before its window; the regime asks for 24 h",),
            announced_utc=utc(-18_000), window_start_utc=utc(-7_200), window_end_utc=utc(14_400), acknowledged_by=("A. Berg (west)",), waits_for_us=False,
            text="Scientific rocket, four stages, for the study of the aurora.", governing_language="en", refers_to="", matched_event="T-0041",
        ),
    )  # fmt: skip


FULL_TEXT = """PROPOSAL of a joint finding
event: T-0041
finding: benign
text: The object is the announced research rocket. No party is under attack.
parties: east, west; required: east, west
deadline: 1995-01-25T06:34:00Z
policy: 7c7c7c7c7c7c7c7c
picture: 4f1d4f1d4f1d4f1d, fuse 1, as of 1995-01-25T06:28:40Z"""


def proposal(parties: tuple[str, ...], state: str, signed: tuple[str, ...], may_vote: bool = True) -> b.ProposalLine:
    words = {
        "unsigned": "nobody has signed yet", "half-signed": "undetermined; act as not adopted", "signed": "adopted: every required party has signed",
        "closed": "closed by east", "disputed": "disputed: a cosigner gave contradicting times; act as not adopted", "undetermined": "undetermined; act as not adopted",
    }[state]  # fmt: skip
    return b.ProposalLine(
        sha256="3e" * 32, origin="west.example/log", index=97, kind="finding", event="T-0041", finding="benign",
        text="The object is the announced research rocket. No party is under attack.", full_text=FULL_TEXT, by="east", officer="V. Orlov", made_utc=utc(250),
        deadline_tai_us=tai(600), deadline_utc=utc(600), picture=b.PictureLine(digest="4f1d" * 16, ours="4f1d" * 16, same=state != "disputed", as_of_utc=utc(248)),
        required=parties,
        votes=tuple(
            b.VoteLine(party=one, required=True, choice="yes" if one in signed else "close" if state == "closed" and one != "west" else "", officer="V. Orlov" if one in signed else "", role="watch-officer", signed_by=("V. Orlov",) if one in signed else (),
                       counts=one in signed, utc=utc(262) if one in signed else "", receipted_by=tuple(p for p in parties if p != one) if state == "signed" else ())
            for one in parties
        ),
        status="PENDING" if state != "signed" else "ADOPTED", state=state, binding=True, words=words, reasons=(), may_vote=may_vote, why_not="" if may_vote else "we have voted",  # type: ignore[arg-type]
    )  # fmt: skip


def talk() -> tuple[b.Saying, ...]:
    def say(n: int, party: str, kind: str, seconds: float, text: str, language: str = "en", **more: object) -> b.Saying:
        return b.Saying(sha256=f"{n:02x}" * 32, party=party, kind=kind, utc=utc(seconds), t_tai_us=tai(seconds), text=text, language=language, **more)  # type: ignore[arg-type]

    return (
        say(1, "east", "hotline", 180, "Мы видим один объект. Это ваша ракета?", "ru", to=("west",), precedence="urgent", officer="В. Орлов", translations={"en": "We see one object. Is it your rocket?"}, acknowledged_by=("A. Berg",)),
        say(2, "west", "hotline", 205, "It is the research rocket notified as PLN/NO/1995/001/001/01. One object, no more.", to=("east",), precedence="urgent", officer="A. Berg", answers="01" * 32),
        say(3, "east", "short-code", 222, "", code_word="AURORA", code_number=12, code_meaning="We have understood and see the same.", officer="V. Orlov", waits_for_us=True),
        say(4, "west", "acknowledgement", 228, "read", officer="A. Berg"),
    )  # fmt: skip


def timeline(parties: tuple[str, ...]) -> b.Timeline:
    def item(lane: str, seconds: float, kind: str, words: str, predicted: bool = False) -> b.TimeItem:
        return b.TimeItem(lane=lane, t_tai_us=tai(seconds), utc=utc(seconds), kind=kind, words=words, sha256="" if predicted else "ab" * 32, predicted=predicted)

    first, second = parties[0], parties[-1]
    return b.Timeline(
        lanes=(*parties, "joint"), from_tai_us=tai(NOW_S - 900), until_tai_us=tai(NOW_S + 1_500),
        items=(
            item(second, -420, "acknowledgement", "notice acknowledged"), item("joint", 0, "launch", "launch T-0041"), item(first, 38, "event", "seen by north-radar"),
            item(second, 61, "event", "seen by high-eye"), item(second, 180, "hotline", "“Is it your rocket?”"), item(first, 205, "hotline", "answered"),
            item(first, 240, "assessment", "judged"), item("joint", 250, "proposal", "proposed benign"), item(second, 262, "vote", "signed yes"),
            item("joint", 600, "deadline", "deadline of the vote", True), item("joint", 1_150, "impact", "predicted impact", True),
        ),
    )  # fmt: skip


def watch() -> b.Watch:
    return b.Watch(
        holder="A. Berg", since_utc=utc(-10_000),
        roster=(b.RosterLine(name="A. Berg", roles=("watch-officer",), signs=True, passkey=True), b.RosterLine(name="C. Dahl", roles=("senior-officer",), signs=True, passkey=True), b.RosterLine(name="E. Falk", roles=("auditor",), signs=False, passkey=False)),
        open_items=(b.OpenItem(what="proposal on T-0041 is open until 06:34Z", ref="3e" * 32, since_utc=utc(250), since_tai_us=tai(250)),),
        tests=(b.CircuitTest(id="ct-1", sha256="cc" * 32, party="east", utc=utc(-3_600), acknowledged_by=("A. Berg",), waits_for_us=False, late=False), b.CircuitTest(id="ct-2", sha256="cd" * 32, party="east", utc=utc(120), acknowledged_by=(), waits_for_us=True, late=False)),
        test_due_utc=utc(3_600), tokens=(b.TokenLine(token="hot line key", holder="A. Berg", since_utc=utc(-10_000)),),
        delegations=(b.DelegationLine(sha256="dd" * 32, by="capital", to="A. Berg", kinds=("vote",), from_utc=utc(-9_000), until_utc=utc(7_200), until_tai_us=tai(7_200), in_force=True, because="night shift"),),
    )  # fmt: skip


def verify(parties: tuple[str, ...]) -> b.Verify:
    return b.Verify(
        logs=tuple(
            b.LogLine(origin=f"{one}.example/log", party=one, size=118, root=f"{i + 1}a" * 32, utc=utc(NOW_S), receipts=tuple(b.ReceiptLine(by=p, size=118 - 2 * i, utc=utc(NOW_S - 2)) for p in parties if p != one), forked=False, words="complete and unaltered as held here")
            for i, one in enumerate(parties)
        ),
        evidence=(b.EvidenceLine(utc=utc(90), source="link of east", message="entry 88: a signature that no known key made; kept as evidence", sha256="ee" * 32),),
        refused=(), disclosed={"tracklet": 64, "heartbeat": 40, "hotline": 2, "vote": 1}, disclosed_bytes=81_204, withheld={"tracklet": 210},
    )  # fmt: skip


def me(**may: str) -> b.Me:
    return b.Me(name="A. Berg", roles=("watch-officer",), has_watch=True, login="development", expires_posix_s=4_000_000_000, may=may)


def andoya(party: str = "west", parties: tuple[str, ...] = ("east", "west"), count: int = 40) -> b.Board:
    """Half signed: the other side has, we have not."""
    sky = tracks(count)
    others = tuple(one for one in parties if one != party)
    return b.Board(
        head=head(party, parties), me=me(), tracks=sky, trails=trails(sky), areas=areas(), events=events((party, *others)), notices=notices(),
        proposals=(proposal(parties, "half-signed", others[:1]),), requests=(), talk=talk(), dockets=docket(party, others[0]), timeline=timeline(parties),
        watch=watch(), verify=verify(parties),
    )  # fmt: skip


def docket(ours: str, theirs: str) -> tuple[b.DocketLine, ...]:
    step = b.DocketStep(party=theirs, step="opened", officer="V. Orlov", utc=utc(190), text="How many stages, and where do they fall?", sha256="fa" * 32)
    return (
        b.DocketLine(id="D-1", sha256="fa" * 32, state="open", opened_by=theirs, asked=(ours,), event="T-0041", question="How many stages, and where do they fall?", deadline_utc=utc(900), waiting=(ours,), waits_for_us=True, words="waits for us", entries=(step,)),
    )  # fmt: skip


def quiet(party: str = "west") -> b.Board:
    board = andoya(party, count=12)
    calm = b.Sentence(text=WORDS_EMPTY, attention=False, what="No event")
    sky = structs.replace(board.tracks, event=("",) * 12, kind=("air", *board.tracks.kind[1:]), height_km=(10.0, *board.tracks.height_km[1:]), ellipse95={})
    return structs.replace(
        board, head=structs.replace(board.head, sentence=calm), tracks=sky, trails=trails(sky), events=(), proposals=(), dockets=(), talk=board.talk[3:],
        areas=structs.replace(board.areas, launch=(), impact=()), timeline=structs.replace(board.timeline, items=board.timeline.items[:1]),
    )  # fmt: skip


def no_data(party: str = "west") -> b.Board:
    board = quiet(party)
    empty = tracks(1)
    nothing = b.Tracks(**{name: () if isinstance(getattr(empty, name), tuple) else getattr(empty, name) for name in empty.__struct_fields__} | {"ellipse95": {}})
    feeds = tuple(structs.replace(one, state="never", last_tai_us=None) for one in board.head.feed)
    links = tuple(structs.replace(one, state="never", last_tai_us=None) for one in board.head.links)
    return structs.replace(board, head=structs.replace(board.head, state="no-data", feed=feeds, links=links), tracks=nothing, trails=b.Trails(step_s=10.0, trail={}))


def with_head(board: b.Board, **changes: object) -> b.Board:
    return structs.replace(board, head=structs.replace(board.head, **changes))


def states() -> dict[str, b.Board]:
    """Every state that must not be confused with another, by its name."""
    base, both = andoya(), ("east", "west")
    silent = tuple(structs.replace(one, state="silent", last_tai_us=tai(NOW_S - 47), words="3 heartbeats missed") for one in base.head.links)
    old = structs.replace(base.tracks, stale=(True,) * 40, age_s=(66.0,) * 40)
    down = tuple(structs.replace(one, state="silent", last_tai_us=tai(NOW_S - 66)) for one in base.head.feed)
    clash = structs.replace(base.events[0], disputed=b.Disputed(disputed=True, why="predicted impacts lie 310 km apart", km=310.0))
    far = structs.replace(base.areas.impact[0], lat=75.4, lon=18.0, source="partner:east")
    near = structs.replace(base.areas.impact[0], source="own")
    duff = "Aircraft in distress near the range: all hands to the real matter."
    paused = structs.replace(base.head.regime, suspended=True, suspended_by=("east",), effective_utc=utc(120))
    return {
        "half-signed": base,
        "unsigned": structs.replace(base, proposals=(proposal(both, "unsigned", ()),)),
        "jointly-signed": structs.replace(base, proposals=(proposal(both, "signed", both, False),)),
        "undetermined": structs.replace(base, proposals=(proposal(both, "undetermined", ("east",), False),)),
        "disputed": structs.replace(base, events=(clash,), areas=structs.replace(base.areas, impact=(near, far)), proposals=(proposal(both, "disputed", both, False),)),
        "closed": structs.replace(base, proposals=(proposal(both, "closed", (), False),)),
        "quiet": quiet(),
        "no-data": no_data(),
        "own-feed-down": with_head(structs.replace(base, tracks=old), state="own-feed-down", frozen_utc=utc(NOW_S - 66), feed=down, sign=b.Sign(allowed=False, why_not="own sensors are silent")),
        "partner-silent": with_head(base, links=silent),
        "suspended": with_head(base, regime=paused, links=tuple(structs.replace(one, state="suspended") for one in base.head.links)),
        "live": with_head(base, mode="live", title="live", development=False),
        "replay": with_head(base, replay=True),
        "no-duff": with_head(base, no_duff=duff, paused=True),
        "paused": with_head(base, paused=True),
        "ended": with_head(base, ended=True),
        "five-parties": andoya("west", ("east", "north", "south", "union", "west")),
    }  # fmt: skip
