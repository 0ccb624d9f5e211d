"""The gate for judgements and short codes: nobody is shown a judgement before he must make his own."""

import msgspec

from tocsin.release import Draft, Ledger, Released, Withheld, publish
from tocsin.wire import bodies

from .council import CODE, COUNCIL, OPENING, SEAL, prepared
from .flight import REGIMES, T0, context

JUDGEMENT = bodies.Assessment(event="e", site_report="valid", confidence="low", explanations=(), officer="A")


def send(body, ledger, regime="joint", **more):
    return publish(Draft(body=body, observed_tai_ns=T0, **more), REGIMES[regime], ledger, context(now_tai_ns=T0))


def test_an_open_judgement_stays_at_home_until_the_seal_is_open():
    ledger = Ledger()
    kept = send(JUDGEMENT, ledger)
    assert isinstance(kept, Released) and kept.group == "own"
    assert "sealed judgement" in kept.withheld.why
    ledger.add("shared", send(SEAL, ledger).statement(0))
    assert send(JUDGEMENT, ledger).group == "own"
    ledger.add("shared", send(OPENING, ledger).statement(1))
    assert send(JUDGEMENT, ledger).group == "shared"


def test_other_events_and_regimes_without_seals():
    ledger = prepared("assessment")
    other = msgspec.structs.replace(JUDGEMENT, event="f")
    assert send(other, ledger).group == "own"
    assert "does not share assessment" in send(JUDGEMENT, ledger, "notify").withheld.why


def test_one_seal_and_only_its_own_opening():
    ledger = Ledger()
    early = send(OPENING, ledger)
    assert isinstance(early, Withheld) and "no seal" in early.reason
    ledger.add("shared", send(SEAL, ledger).statement(0))
    twice = send(SEAL, ledger)
    assert isinstance(twice, Withheld) and "once" in twice.reason
    for changes in ({"salt": "1" * 64}, {"judgement": OPENING.judgement.replace("low", "high")}):
        wrong = send(msgspec.structs.replace(OPENING, **changes), ledger)
        assert isinstance(wrong, Withheld) and "not the judgement that was sealed" in wrong.reason


def test_members_of_a_panel_seal_each_for_himself_and_at_home():
    ledger = Ledger()
    for officer in ("A", "B"):
        seal = msgspec.structs.replace(SEAL, panel="experts", officer=officer)
        found = send(seal, ledger, private=True)
        assert isinstance(found, Released) and found.group == "own"
        ledger.add("own", found.statement(len(ledger.seals)))
    assert len(ledger.seals) == 2


def test_a_code_without_its_book_says_nothing():
    found = send(CODE, Ledger())
    assert isinstance(found, Withheld) and "code book" in found.reason
    ledger = Ledger()
    ledger.add("shared", send(COUNCIL["codebook"], ledger).statement(0))
    assert send(CODE, ledger).group == "shared"
    again = Ledger()
    again.add("shared", send(COUNCIL["codebook"], Ledger()).statement(0))
    assert ledger.same(again)
    assert not ledger.same(Ledger())
