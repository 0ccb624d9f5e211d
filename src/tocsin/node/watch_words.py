"""What a centre records about its own watch, as one line each for the time line."""

from collections.abc import Callable

from tocsin.wire import watch
from tocsin.wire.envelope import Record
from tocsin.world.time import clock_text

_US = 1_000


def _relief(body: watch.Watch) -> str:
    if body.action == "assume":
        return f"{body.officer} has the watch, {len(body.open_items)} matters open"
    return f"{body.officer} hands the watch to {body.other or 'nobody'}, {len(body.open_items)} matters open"


def _delegation(body: watch.Delegation) -> str:
    if body.action == "revoke":
        return f"{body.officer} takes back what was lent to {body.to}"
    until = clock_text(body.until_tai_us * _US)
    return f"{body.officer} lends {body.to} {', '.join(body.kinds)} until {until}"


def _check(body: watch.OfficerCheck) -> str:
    return f"{body.officer}: challenge {body.outcome}{' by ' + body.checked_by if body.checked_by else ''}"


def _session(body: watch.DeskSession) -> str:
    return f"{body.officer} at a console: {body.action} ({body.login})"


def _note(body: watch.Note) -> str:
    return f"note of {body.officer}: {body.text[:200]}"


WATCH_WORDS: dict[type[Record], Callable[..., str]] = {
    watch.Watch: _relief,
    watch.Delegation: _delegation,
    watch.OfficerCheck: _check,
    watch.DeskSession: _session,
    watch.Note: _note,
}
