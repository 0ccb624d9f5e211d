"""Which role may do what at a console. The roster says whose signature counts; this says what a page offers.

Roles: watch-officer, duty-officer (a second pair of hands), senior-officer, capital, observer, director, auditor.
Lent authority (`delegation`) adds kinds of statement for a time; it never adds what a regime's roles may sign.
"""

from collections.abc import Iterable

READERS = ("observer", "director", "auditor")
VERBS: dict[str, frozenset[str]] = {
    "acknowledge": frozenset({"watch-officer", "duty-officer", "senior-officer"}),
    "assess": frozenset({"watch-officer", "senior-officer"}),
    "convene": frozenset({"watch-officer", "senior-officer"}),
    "propose": frozenset({"watch-officer", "senior-officer"}),
    "vote": frozenset({"watch-officer", "duty-officer", "senior-officer"}),
    "close-overdue": frozenset({"watch-officer", "senior-officer"}),
    "deny": frozenset({"watch-officer", "senior-officer", "capital"}),
    "retract": frozenset({"watch-officer", "senior-officer"}),
    "stand": frozenset({"senior-officer", "capital"}),
    "hotline": frozenset({"watch-officer", "senior-officer", "capital"}),
    "short-code": frozenset({"watch-officer", "senior-officer", "capital"}),
    "voice-call": frozenset({"watch-officer", "duty-officer", "senior-officer", "capital"}),
    "site-check": frozenset({"watch-officer", "duty-officer", "senior-officer"}),
    "tell-launch": frozenset({"watch-officer", "senior-officer"}),
    "docket-open": frozenset({"watch-officer", "senior-officer", "capital"}),
    "docket-say": frozenset({"watch-officer", "senior-officer", "capital"}),
    "docket-close": frozenset({"watch-officer", "senior-officer", "capital"}),
    "circuit-test": frozenset({"watch-officer", "duty-officer", "senior-officer"}),
    "circuit-answer": frozenset({"watch-officer", "duty-officer", "senior-officer"}),
    "assume-watch": frozenset({"watch-officer", "senior-officer"}),
    "relinquish-watch": frozenset({"watch-officer", "senior-officer"}),
    "delegate": frozenset({"senior-officer", "capital"}),
    "note": frozenset({"watch-officer", "duty-officer", "senior-officer", "capital", "director"}),
    "sign": frozenset({"watch-officer", "duty-officer", "senior-officer", "capital"}),
    "clear-alarm": frozenset({"senior-officer"}),
    "confirm-clock": frozenset({"watch-officer", "senior-officer"}),
}
ROLES = (*sorted({role for roles in VERBS.values() for role in roles}), *(one for one in READERS if one != "director"))
NEEDS_WATCH = frozenset({"propose", "convene", "assess"})
"""What only the officer who has the watch does, once somebody has it."""
KIND_OF_VERB = {
    "stand": "standing", "propose": "proposal", "deny": "negative-statement", "retract": "retraction",
    "convene": "conference", "assess": "assessment", "vote": "vote", "hotline": "hotline",
}  # fmt: skip
SEES_ALARMS = frozenset({"senior-officer", "auditor"})


def why_not(verb: str, name: str, roles: Iterable[str], holder: str, lent: Iterable[str] = ()) -> str:
    """Why a person may not do something; empty if he may. `lent`: kinds of statement lent to him now."""
    held = set(roles)
    allowed = VERBS[verb]
    if not held & allowed and KIND_OF_VERB.get(verb, "") not in set(lent):
        return f"{verb}: for {', '.join(sorted(allowed))}"
    if verb in NEEDS_WATCH and holder and holder != name and "senior-officer" not in held:
        return f"{verb}: {holder} has the watch"
    if verb == "relinquish-watch" and holder != name:
        return f"{verb}: {holder or 'nobody'} has the watch"
    if verb == "assume-watch" and holder == name:
        return f"{verb}: you have the watch"
    return ""
