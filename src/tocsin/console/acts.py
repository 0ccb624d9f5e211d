"""What a person does at a page, as commands of the centre. Each carries the person's name; none is done for him.

`ACTS` has one function a verb: (desk of the act, form) to the outcome. Refusals come back as refusals; what the release
gate keeps is `WithheldHere`; what needs hands raises `AwaitsOfficers` and waits among the requests.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from tocsin.console import forms as f
from tocsin.console.errors import NotConfirmed, NotFound, Unfit
from tocsin.console.sight import Sight
from tocsin.console.views.watch import CIRCUIT_TEST, delegations, is_test, open_items
from tocsin.node import commands, council
from tocsin.node.citing import void_lines
from tocsin.node.desk import EventView
from tocsin.node.record import Said
from tocsin.wire.bodies import Assessment, Proposal
from tocsin.wire.envelope import Line, Record
from tocsin.wire.judging import Docket
from tocsin.wire.talk import VoiceCall
from tocsin.wire.watch import Delegation, Note, OfficerCheck, Watch

CIRCUIT_WORDS = "Please acknowledge by hand."


@dataclass(frozen=True, slots=True)
class At:
    """A person at a desk."""

    sight: Sight
    name: str
    roles: tuple[str, ...]

    @property
    def role(self) -> str:
        """The role in which he acts where nothing else says it."""
        return self.roles[0]

    @property
    def voting_role(self) -> str:
        """The first of his roles that the regime lets vote; his first where there is none, and the rules will say."""
        votes = self.sight.centre.config.regime.finding.roles
        return next((role for role in self.roles if role in votes), self.role)


def find(sight: Sight, sha256: str) -> Said:
    """A statement by its hash. Raises NotFound."""
    found = next((said for said in reversed(sight.centre.said) if said.entry.sha256 == sha256), None)
    if found is None:
        raise NotFound(f"statement {sha256[:12]}: not held here, or of a kind that is not spoken of")
    return found


def _event(at: At, name: str) -> EventView:
    found = at.sight.desk.event(name)
    if found is None:
        raise NotFound(f"event {name}: no live event goes by that name")
    return found


def lent_to(sight: Sight, name: str) -> tuple[str, ...]:
    """Kinds of statement that were lent to a person and are in force."""
    return tuple(kind for one in delegations(sight) if one.in_force and one.to == name for kind in one.kinds)


def _made(kind: type[Record], **fields: Any) -> Record:
    """A body, or the sentence that says which of its fields do not fit each other."""
    try:
        return kind(**fields)
    except ValueError as error:
        raise Unfit(f"{error}".replace("`$.", "`")) from error


def _private(at: At, body: Record) -> Any:
    return at.sight.centre.say(body)


def _acknowledge(at: At, form: f.Acknowledge) -> Any:
    said = find(at.sight, form.sha256)
    return commands.acknowledge(at.sight.centre, said, at.name, at.role)


def _assess(at: At, form: f.Assess) -> Any:
    drafted = at.sight.desk.draft_assessment(_event(at, form.event), at.name)
    body: Assessment = msgspec.structs.replace(
        drafted, site_report=form.site_report, confidence=form.confidence, text=form.text
    )
    return commands.assess(at.sight.centre, body)


def _convene(at: At, form: f.Convene) -> Any:
    return commands.convene(at.sight.centre, form.event, form.level, form.reason, at.name)


def _propose(at: At, form: f.Propose) -> Any:
    event, regime = _event(at, form.event), at.sight.centre.config.regime
    cites = [find(at.sight, one) for one in form.cites]
    text = f"{at.name} puts to the vote that {event.id} is {form.finding!r} under regime {regime.name}: {form.text}"
    _confirm(text + _void(void_lines(cites)), form.confirm_sha256)
    return commands.propose(at.sight.centre, event.id, form.finding, at.name, form.text, cites)


def _vote(at: At, form: f.CastVote) -> Any:
    said = find(at.sight, form.proposal)
    if not isinstance(said.body, Proposal):
        raise NotFound(f"proposal {form.proposal[:12]}: that statement is none")
    what = "signs YES to" if form.choice == "yes" else "closes"
    text = f"{at.name} {what} proposal {form.proposal}: {said.body.event} is {said.body.finding!r}. {said.body.text}"
    _confirm(text + _void(said.body.void_if), form.confirm_sha256)
    return commands.vote(at.sight.centre, said.entry, form.choice, at.name, at.voting_role)


def _void(lines: Sequence[str]) -> str:
    return "".join(f" Void if {line}." for line in lines)


def _confirm(text: str, given: str | None) -> None:
    """Raises NotConfirmed with the text unless its hash was sent back."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    if given == digest:
        return
    why = "read the text and send its hash back" if given is None else "the text has changed: read it again"
    raise NotConfirmed(why, digest, text)


def _close_overdue(at: At, form: f.CloseOverdue) -> Any:
    found = commands.close_overdue(at.sight.centre, find(at.sight, form.proposal).entry)
    if found is None:
        raise NotFound("nothing to state: the deadline has not passed by our floor, or every vote was receipted")
    return found


def _deny(at: At, form: f.Deny) -> Any:
    return commands.deny(at.sight.centre, form.area, form.window, form.text)


def _retract(at: At, form: f.Retract) -> Any:
    entries = [find(at.sight, one) for one in form.entries]
    foreign = [one for one in entries if one.party != at.sight.party]
    if foreign:
        raise NotFound(f"statement {foreign[0].entry.sha256[:12]}: not ours to retract")
    return commands.retract(at.sight.centre, [one.entry for one in entries], form.because)


def _stand(at: At, form: f.Stand) -> Any:
    return commands.stand(at.sight.centre, form.action, form.because, at.name)


def _hotline(at: At, form: f.Message) -> Any:
    answers = find(at.sight, form.answers).entry if form.answers else None
    return council.message(
        at.sight.centre, form.to, form.text, at.name, precedence=form.precedence, answers=answers,
        translations=form.translations,
    )  # fmt: skip


def _short_code(at: At, form: f.Code) -> Any:
    return council.send_code(at.sight.centre, form.code_word, form.number, at.name, form.blanks)


def _voice_call(at: At, form: f.Call) -> Any:
    body = _made(
        VoiceCall, call=form.call, means=form.means, begin_tai_us=form.begin_tai_us, end_tai_us=form.end_tai_us,
        speakers=form.speakers, read_back=form.read_back, summary=form.summary, officer=at.name,
    )  # fmt: skip
    return council.tell(at.sight.centre, body)


def _site_check(at: At, form: f.CheckSite) -> Any:
    return council.check_site(
        at.sight.centre, form.site, form.counted, at.name, event=form.event, displayed=form.displayed,
        report=form.site_report, test_data=form.test_data, direct=form.direct,
    )  # fmt: skip


def _tell_launch(at: At, form: f.TellLaunch) -> Any:
    return council.detected(at.sight.centre, _event(at, form.event).flight, form.vehicle, form.objects)


def _open_docket(at: At, form: f.OpenDocket) -> Any:
    return council.ask(at.sight.centre, form.to, form.text, at.name, within_s=form.within_s, event=form.event)


def _query(at: At, sha256: str) -> Said:
    said = find(at.sight, sha256)
    if not isinstance(said.body, Docket):
        raise NotFound(f"case {sha256[:12]}: that statement opens none")
    return said


def _say_docket(at: At, form: f.SayDocket) -> Any:
    return council.answer(
        at.sight.centre, _query(at, form.query), form.step, form.text, at.name, within_s=form.within_s,
        attachments=form.attachments,
    )  # fmt: skip


def _close_docket(at: At, form: f.CloseDocket) -> Any:
    return council.answer(at.sight.centre, _query(at, form.query), "close", form.text, at.name)


def _circuit_test(at: At, form: f.TestCircuit) -> Any:
    sent = sum(is_test(said) and said.party == at.sight.party for said in at.sight.centre.said)
    text = f"{CIRCUIT_TEST}{at.sight.party}-{sent + 1}. {CIRCUIT_WORDS}"
    return council.message(at.sight.centre, form.to, text, at.name, precedence="routine")


def _circuit_answer(at: At, form: f.AnswerCircuit) -> Any:
    said = find(at.sight, form.sha256)
    if not is_test(said) or said.party == at.sight.party:
        raise NotFound(f"circuit test {form.sha256[:12]}: no test of a partner")
    return commands.acknowledge(at.sight.centre, said, at.name, at.role)


def _assume(at: At, form: f.Assume) -> Any:
    body = Watch(
        action="assume", officer=at.name, role=at.role, open_items=_items(at), tokens=form.tokens, text=form.text
    )
    return _private(at, body)


def _relinquish(at: At, form: f.Relinquish) -> Any:
    body = Watch(
        action="relinquish", officer=at.name, role=at.role, other=form.to, open_items=_items(at), tokens=form.tokens,
        text=form.text,
    )  # fmt: skip
    return _private(at, body)


def _items(at: At) -> tuple[Line, ...]:
    """What is open, in words, as the board says it now."""
    return tuple(f"{one.what} (since {one.since_utc})"[:500] for one in open_items(at.sight))[:64]


def _delegate(at: At, form: f.Delegate) -> Any:
    now_us = at.sight.now_tai_us
    body = _made(
        Delegation, action=form.action, officer=at.name, to=form.to, kinds=form.kinds, from_tai_us=now_us,
        until_tai_us=now_us + form.minutes * 60_000_000, because=form.because,
    )  # fmt: skip
    return _private(at, body)


def _note(at: At, form: f.WriteNote) -> Any:
    return _private(at, Note(officer=at.name, event=form.event, text=form.text))


def _clear_alarm(at: At, form: f.ClearAlarm) -> Any:
    for name, officers in list(at.sight.held_back.items()):
        if form.officer in officers:
            at.sight.drop_request(name)
    at.sight.cleared(form.officer)
    about = hashlib.sha256(f"cleared {form.officer}".encode()).hexdigest()
    return _private(at, OfficerCheck(officer=form.officer, about=about, outcome="cleared", checked_by=at.name))


def _confirm_clock(at: At, form: f.ConfirmClock) -> Any:
    gone_s = at.sight.centre.border.gates.clock.ahead_s()
    if gone_s is None:
        raise Unfit("our clock has not gone ahead: there is nothing to confirm")
    commands.confirm_clock(at.sight.centre, at.name)
    text = f"Our clock had gone {gone_s} s ahead; compared with: {form.against}. Its reading counts."
    return _private(at, Note(officer=at.name, text=text))


ACTS: dict[str, tuple[type[f.Form], Callable[[At, Any], Any]]] = {
    "acknowledge": (f.Acknowledge, _acknowledge),
    "assess": (f.Assess, _assess),
    "convene": (f.Convene, _convene),
    "propose": (f.Propose, _propose),
    "vote": (f.CastVote, _vote),
    "close-overdue": (f.CloseOverdue, _close_overdue),
    "deny": (f.Deny, _deny),
    "retract": (f.Retract, _retract),
    "stand": (f.Stand, _stand),
    "hotline": (f.Message, _hotline),
    "short-code": (f.Code, _short_code),
    "voice-call": (f.Call, _voice_call),
    "site-check": (f.CheckSite, _site_check),
    "tell-launch": (f.TellLaunch, _tell_launch),
    "docket-open": (f.OpenDocket, _open_docket),
    "docket-say": (f.SayDocket, _say_docket),
    "docket-close": (f.CloseDocket, _close_docket),
    "circuit-test": (f.TestCircuit, _circuit_test),
    "circuit-answer": (f.AnswerCircuit, _circuit_answer),
    "assume-watch": (f.Assume, _assume),
    "relinquish-watch": (f.Relinquish, _relinquish),
    "delegate": (f.Delegate, _delegate),
    "note": (f.WriteNote, _note),
    "clear-alarm": (f.ClearAlarm, _clear_alarm),
    "confirm-clock": (f.ConfirmClock, _confirm_clock),
}
