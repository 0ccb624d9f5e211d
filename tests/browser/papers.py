"""What is said, judged and signed in the pages' own tests."""

from browser.sky import NOW_S, tai, utc
from tocsin.console import board as b


def head(party: str, parties: tuple[str, ...]) -> b.Head:
    others = tuple(one for one in parties if one != party)
    return b.Head(
        party=party,
        parties=parties,
        mode="exercise",
        title="andoya-1995",
        t_tai_us=tai(NOW_S),
        utc=utc(NOW_S),
        regime=b.RegimeLine(
            name="connected", title="Two connected centres", status="political", sha256="7c" * 32, suspended=False
        ),
        speed=1.0,
        paused=False,
        ended=False,
        replay=False,
        no_duff="",
        development=True,
        sentence=b.Sentence(
            text="T-0041 in coast, explained as PLN/NO/1995/001/001/01 (a notified launch); no guarded area is near.",
            attention=True,
            what="T-0041 in coast",
            explained=0.96,
            explained_words="a notified launch",
            impact_tai_us=tai(1_150),
            needed="your vote",
        ),
        links=tuple(
            b.LinkLine(
                party=one,
                state="up",
                last_tai_us=tai(NOW_S - 1.0),
                last_utc=utc(NOW_S - 1),
                receipted=118,
                ours=118,
                size=96,
                held=96,
                words="heard 1 s ago; all receipted",
            )
            for one in others
        ),
        feed=tuple(
            b.FeedLine(
                sensor=name, kind=kind, state="up", last_tai_us=tai(NOW_S - 0.6), last_utc=utc(NOW_S), period_s=2.0
            )  # type: ignore[arg-type]
            for name, kind in (("north-radar", "radar"), ("high-eye", "infrared"))
        ),
        state="normal",
        sign=b.Sign(allowed=True),
        version="0.1.0",
    )


def events(parties: tuple[str, ...], mine: str = "opened") -> tuple[b.Event, ...]:
    return (
        b.Event(
            id="T-0041",
            names=("T-0041", "e.T-9"),
            first_utc=utc(38),
            phase="coast",
            source="joint",
            benign=0.96,
            explanations=(
                b.ExplanationLine(
                    what="notified-launch",
                    probability=0.96,
                    words="the notified research rocket",
                    identifier="PLN/NO/1995/001/001/01",
                    reasons=("launch area and window match", "azimuth within 2 degrees"),
                ),
                b.ExplanationLine(what="unexplained", probability=0.03, words="", identifier="", reasons=()),
                b.ExplanationLine(
                    what="sensor-fault", probability=0.01, words="", identifier="", reasons=("one radar of two",)
                ),
            ),
            identifier="PLN/NO/1995/001/001/01",
            level="display",
            proposed_level="none",
            reason="explained, nothing guarded near",
            finding="benign",
            site_report="valid",
            raw_counts={"north-radar": 1, "high-eye": 1},
            fused_count=1,
            count_words="counts agree",
            areas=(
                b.AreaLine(area="northern Norway", probability=0.012, impact_tai_us=tai(NOW_S + 780), sigma_s=9.0),
                b.AreaLine(area="Svalbard", probability=0.004, impact_tai_us=tai(NOW_S + 780), sigma_s=9.0),
                b.AreaLine(area="Kola peninsula", probability=0.0001, impact_tai_us=tai(NOW_S + 780), sigma_s=9.0),
            ),
            assessments=tuple(
                b.Judgement(
                    party=one,
                    state=mine if i == 0 else "opened",
                    officer="A. Berg" if i == 0 else "V. Orlov",
                    site_report="valid",
                    confidence="medium",
                    explanation="notified-launch",
                    identifier="PLN/NO/1995/001/001/01",
                    probability=0.9 - 0.15 * i,
                    utc=utc(240),
                    opens_utc=utc(290),
                )  # type: ignore[arg-type]
                for i, one in enumerate(parties)
            ),
            spread_words="parties lie 15 points apart",
            disputed=b.Disputed(disputed=False),
            impact_tai_us=tai(1_150),
            apogee_km=1_453.0,
            range_km=1_020.0,
            minutes=b.Minutes(detect=0.6, authenticate=0.4, consult=2.1, decide=1.4),
        ),
    )


def notices() -> tuple[b.NoticeLine, ...]:
    return (
        b.NoticeLine(
            identifier="PLN/NO/1995/001/001/01",
            sha256="ab" * 32,
            party="east",
            format="pre-launch",
            vehicle="sounding-rocket",
            stage="open",
            flags=("late",),
            words=("announced 3 h before its window; the regime asks for 24 h",),
            announced_utc=utc(-18_000),
            window_start_utc=utc(-7_200),
            window_end_utc=utc(14_400),
            acknowledged_by=("A. Berg (west)",),
            waits_for_us=False,
            text="Scientific rocket, four stages, for the study of the aurora.",
            governing_language="en",
            refers_to="",
            matched_event="T-0041",
        ),
    )


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
        "unsigned": "nobody has signed yet",
        "half-signed": "undetermined; act as not adopted",
        "signed": "adopted: every required party has signed",
        "closed": "closed by east",
        "disputed": "disputed: a cosigner gave contradicting times; act as not adopted",
        "undetermined": "undetermined; act as not adopted",
    }[state]
    return b.ProposalLine(
        sha256="3e" * 32,
        origin="west.example/log",
        index=97,
        kind="finding",
        event="T-0041",
        finding="benign",
        text="The object is the announced research rocket. No party is under attack.",
        full_text=FULL_TEXT,
        by="east",
        officer="V. Orlov",
        made_utc=utc(250),
        deadline_tai_us=tai(600),
        deadline_utc=utc(600),
        picture=b.PictureLine(digest="4f1d" * 16, ours="4f1d" * 16, same=state != "disputed", as_of_utc=utc(248)),
        required=parties,
        votes=tuple(
            b.VoteLine(
                party=one,
                required=True,
                choice="yes" if one in signed else "close" if state == "closed" and one != "west" else "",
                officer="V. Orlov" if one in signed else "",
                role="watch-officer",
                signed_by=("V. Orlov",) if one in signed else (),
                counts=one in signed,
                utc=utc(262) if one in signed else "",
                receipted_by=tuple(p for p in parties if p != one) if state == "signed" else (),
            )
            for one in parties
        ),
        status="PENDING" if state != "signed" else "ADOPTED",
        state=state,
        binding=True,
        words=words,
        reasons=(),
        may_vote=may_vote,
        why_not="" if may_vote else "we have voted",  # type: ignore[arg-type]
    )


def talk() -> tuple[b.Saying, ...]:
    def say(n: int, party: str, kind: str, seconds: float, text: str, language: str = "en", **more: object) -> b.Saying:
        return b.Saying(
            sha256=f"{n:02x}" * 32,
            party=party,
            kind=kind,
            utc=utc(seconds),
            t_tai_us=tai(seconds),
            text=text,
            language=language,
            **more,
        )  # type: ignore[arg-type]

    return (
        say(
            1,
            "east",
            "hotline",
            180,
            "Мы видим один объект. Это ваша ракета?",
            "ru",
            to=("west",),
            precedence="urgent",
            officer="В. Орлов",
            translations={"en": "We see one object. Is it your rocket?"},
            acknowledged_by=("A. Berg",),
        ),
        say(
            2,
            "west",
            "hotline",
            205,
            "It is the research rocket notified as PLN/NO/1995/001/001/01. One object, no more.",
            to=("east",),
            precedence="urgent",
            officer="A. Berg",
            answers="01" * 32,
        ),
        say(
            3,
            "east",
            "short-code",
            222,
            "",
            code_word="AURORA",
            code_number=12,
            code_meaning="We have understood and see the same.",
            officer="V. Orlov",
            waits_for_us=True,
        ),
        say(4, "west", "acknowledgement", 228, "read", officer="A. Berg"),
    )


def timeline(parties: tuple[str, ...]) -> b.Timeline:
    def item(lane: str, seconds: float, kind: str, words: str, predicted: bool = False) -> b.TimeItem:
        return b.TimeItem(
            lane=lane,
            t_tai_us=tai(seconds),
            utc=utc(seconds),
            kind=kind,
            words=words,
            sha256="" if predicted else "ab" * 32,
            predicted=predicted,
        )

    first, second = parties[0], parties[-1]
    return b.Timeline(
        lanes=(*parties, "joint"),
        from_tai_us=tai(NOW_S - 900),
        until_tai_us=tai(NOW_S + 1_500),
        items=(
            item(second, -420, "acknowledgement", "notice acknowledged"),
            item("joint", 0, "launch", "launch T-0041"),
            item(first, 38, "event", "seen by north-radar"),
            item(second, 61, "event", "seen by high-eye"),
            item(second, 180, "hotline", "“Is it your rocket?”"),
            item(first, 205, "hotline", "answered"),
            item(first, 240, "assessment", "judged"),
            item("joint", 250, "proposal", "proposed benign"),
            item(second, 262, "vote", "signed yes"),
            item("joint", 600, "deadline", "deadline of the vote", True),
            item("joint", 1_150, "impact", "predicted impact", True),
        ),
    )


def watch() -> b.Watch:
    return b.Watch(
        holder="A. Berg",
        since_utc=utc(-10_000),
        roster=(
            b.RosterLine(name="A. Berg", roles=("watch-officer",), signs=True, passkey=True),
            b.RosterLine(name="C. Dahl", roles=("senior-officer",), signs=True, passkey=True),
            b.RosterLine(name="E. Falk", roles=("auditor",), signs=False, passkey=False),
        ),
        open_items=(
            b.OpenItem(
                what="proposal on T-0041 is open until 06:34Z", ref="3e" * 32, since_utc=utc(250), since_tai_us=tai(250)
            ),
        ),
        tests=(
            b.CircuitTest(
                id="ct-1",
                sha256="cc" * 32,
                party="east",
                utc=utc(-3_600),
                acknowledged_by=("A. Berg",),
                waits_for_us=False,
                late=False,
            ),
            b.CircuitTest(
                id="ct-2",
                sha256="cd" * 32,
                party="east",
                utc=utc(120),
                acknowledged_by=(),
                waits_for_us=True,
                late=False,
            ),
        ),
        test_due_utc=utc(3_600),
        tokens=(b.TokenLine(token="hot line key", holder="A. Berg", since_utc=utc(-10_000)),),
        delegations=(
            b.DelegationLine(
                sha256="dd" * 32,
                by="capital",
                to="A. Berg",
                kinds=("vote",),
                from_utc=utc(-9_000),
                until_utc=utc(7_200),
                until_tai_us=tai(7_200),
                in_force=True,
                because="night shift",
            ),
        ),
    )


def verify(parties: tuple[str, ...]) -> b.Verify:
    return b.Verify(
        logs=tuple(
            b.LogLine(
                origin=f"{one}.example/log",
                party=one,
                size=118,
                root=f"{i + 1}a" * 32,
                utc=utc(NOW_S),
                receipts=tuple(b.ReceiptLine(by=p, size=118 - 2 * i, utc=utc(NOW_S - 2)) for p in parties if p != one),
                forked=False,
                words="complete and unaltered as held here",
            )
            for i, one in enumerate(parties)
        ),
        evidence=(
            b.EvidenceLine(
                utc=utc(90),
                source="link of east",
                message="entry 88: a signature that no known key made; kept as evidence",
                sha256="ee" * 32,
            ),
        ),
        refused=(),
        disclosed={"tracklet": 64, "heartbeat": 40, "hotline": 2, "vote": 1},
        disclosed_bytes=81_204,
        withheld={"tracklet": 210},
    )


def me(**may: str) -> b.Me:
    return b.Me(
        name="A. Berg",
        roles=("watch-officer",),
        has_watch=True,
        login="development",
        expires_posix_s=4_000_000_000,
        may=may,
    )


def docket(ours: str, theirs: str) -> tuple[b.DocketLine, ...]:
    step = b.DocketStep(
        party=theirs,
        step="opened",
        officer="V. Orlov",
        utc=utc(190),
        text="How many stages, and where do they fall?",
        sha256="fa" * 32,
    )
    return (
        b.DocketLine(
            id="D-1",
            sha256="fa" * 32,
            state="open",
            opened_by=theirs,
            asked=(ours,),
            event="T-0041",
            question="How many stages, and where do they fall?",
            deadline_utc=utc(900),
            waiting=(ours,),
            waits_for_us=True,
            words="waits for us",
            entries=(step,),
        ),
    )
