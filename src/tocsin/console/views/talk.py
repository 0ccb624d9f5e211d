"""What people say to each other: messages, codes, calls, acknowledgements, denials, retractions; and cases."""

from tocsin.console.board import DocketLine, DocketStep, Saying
from tocsin.console.sight import Sight
from tocsin.node import hearing, sights
from tocsin.node.record import Said, in_words
from tocsin.wire.bodies import Acknowledgement, Retraction
from tocsin.wire.talk import Hotline, ShortCode, VoiceCall

SHOWN = 200
KINDS = frozenset(
    {
        "hotline", "short-code", "voice-call", "acknowledgement", "negative-statement", "retraction", "incident",
        "cyber-incident", "note",
    }
)  # fmt: skip


def talk(sight: Sight) -> tuple[Saying, ...]:
    """The latest first, at most `SHOWN`; press reports among them."""
    said = [one for one in sight.centre.said if one.kind in KINDS][-SHOWN:]
    read: dict[str, list[str]] = {}
    for one in sight.centre.said:
        if isinstance(one.body, Acknowledgement):
            for reference in one.statement.references:
                read.setdefault(reference.sha256, []).append(f"{one.party}: {one.body.officer}")
    lines = [_saying(sight, one, read) for one in said]
    lines += [
        Saying(
            sha256="", party="press", kind="press", utc=sights.utc(one.t_tai_ns // 1_000),
            t_tai_us=one.t_tai_ns // 1_000, text=one.text, language="", officer=one.source,
        )
        for one in sight.host.press()
    ]  # fmt: skip
    return tuple(sorted(lines, key=lambda one: -one.t_tai_us))[:SHOWN]


def waits_for_us(sight: Sight, said: Said, read: dict[str, list[str]]) -> bool:
    """A message to us that no person of ours has acknowledged."""
    body = said.body
    if not isinstance(body, Hotline) or sight.party not in body.to or said.party == sight.party:
        return False
    return not any(one.startswith(f"{sight.party}: ") for one in read.get(said.entry.sha256, ()))


def _saying(sight: Sight, said: Said, read: dict[str, list[str]]) -> Saying:
    body, sha256 = said.body, said.entry.sha256
    answers = next((one.sha256 for one in said.statement.references if one.role in ("answers", "acknowledges")), "")
    common = {
        "sha256": sha256, "party": said.party, "kind": said.kind, "utc": sights.utc(said.t_tai_us),
        "t_tai_us": said.t_tai_us, "text": _text(said), "language": said.statement.marking.language,
        "officer": getattr(body, "officer", ""), "answers": answers, "acknowledged_by": tuple(read.get(sha256, ())),
        "waits_for_us": waits_for_us(sight, said, read),
    }  # fmt: skip
    if isinstance(body, Hotline | VoiceCall):
        common["translations"] = {one.language: one.text for one in body.translations}
    if isinstance(body, Hotline):
        common |= {"to": body.to, "precedence": body.precedence}
    if isinstance(body, ShortCode):
        meaning = hearing.code_text(sight.centre, body, said.statement.marking.language)
        common |= {"code_word": body.code_word, "code_number": body.number, "code_meaning": meaning}
    return Saying(**common)  # type: ignore[arg-type]


def _text(said: Said) -> str:
    """The words as they were written; a line of ours where a statement has none."""
    body = said.body
    if isinstance(body, VoiceCall):
        return body.summary
    if isinstance(body, Retraction):
        return body.because
    written = getattr(body, "text", "")
    return written if written else in_words(said)


def dockets(sight: Sight) -> tuple[DocketLine, ...]:
    """Cases, the latest first."""
    cases = sorted(hearing.docket(sight.centre), key=lambda one: -one.opened_tai_ns)
    return tuple(_case(sight, one) for one in cases)


def _case(sight: Sight, case: hearing.Case) -> DocketLine:
    steps = tuple(
        DocketStep(
            party=sight.party_of(one.party), step=one.body.step, officer=one.body.officer,
            utc=sights.utc(one.t_tai_ns // 1_000), text=one.body.text, sha256=one.place.sha256,
        )
        for one in case.steps
    )  # fmt: skip
    return DocketLine(
        id=case.case, sha256=case.steps[0].place.sha256, state=case.state, opened_by=sight.party_of(case.asker),
        asked=tuple(sight.party_of(one) for one in case.asked), event=case.event, question=case.question,
        deadline_utc=sights.utc(sights.tai_us_of_posix(case.deadline_s)),
        waiting=tuple(sight.party_of(one) for one in case.waiting),
        waits_for_us=sight.party in {sight.party_of(one) for one in case.waiting}, words=case.words, entries=steps,
    )  # fmt: skip
