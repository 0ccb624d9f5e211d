"""The gate: what goes where, what never goes, and that each refusal has its reason."""

import dataclasses
from hashlib import sha256

import msgspec
import pytest

from tocsin.regime import More, load, shipped
from tocsin.release import OWN_KINDS, Draft, Ledger, Released, Withheld, publish
from tocsin.wire import bodies
from tocsin.wire.confidential import CONFIDENTIAL_KINDS, SEAL_KINDS
from tocsin.wire.custody import CUSTODY_KINDS
from tocsin.wire.envelope import OfficerSignature, Reference, decode, officer_message
from tocsin.wire.groups import GROUP_KINDS
from tocsin.wire.measures import Amend, Measure, ShareMore, Suspend
from tocsin.wire.watch import WATCH_KINDS
from tocsin.world.time import posix_s
from wire.examples import BODIES as CUSTODY

from .council import COUNCIL, prepared
from .flight import REGIMES, T0, S, context

H = "0" * 64
NOW = T0 + 9_999 * S
AREA = bodies.Circle(latitude_deg=69.3, longitude_deg=16.0, radius_km=50.0)
WINDOW = bodies.Window(start_tai_us=0, end_tai_us=1)
PICTURE = bodies.PictureReference(heads=(), as_of_tai_us=0, fuse_version="1", digest=H)


def notification(number="01", form="pre-launch", **more):
    return bodies.Notification(identifier=f"PLN/XW/1995/001/001/{number}", format=form, addressee="east", **more)


def proposal(regime, **changes):
    body = bodies.Proposal(
        event="event-1", finding="benign", parties=("east", "west"), required=("east", "west"),
        policy_sha256=regime.sha256, deadline_s=posix_s(NOW) + 60, void_if=(), picture=PICTURE, officer="A", text="",
    )  # fmt: skip
    return msgspec.structs.replace(body, **changes)


def vote(**changes):
    body = bodies.Vote(
        proposal_sha256=H, proposal_origin="exercise.example/east", proposal_epoch=0, party="west",
        role="duty-officer", choice="yes", officer="A", heads=(),
    )  # fmt: skip
    return msgspec.structs.replace(body, **changes)


def tracklet(**changes):
    body = bodies.Tracklet(
        track="west-0001", since_tai_us=None, t_tai_us=T0 // 1000, position_ecef_m=(6.4e6, 0.0, 0.0),
        velocity_ecef_m_s=(0.0, 0.0, 0.0), information=tuple(float(i == j) for i in range(6) for j in range(i, 6)),
        information_vector=(0.0,) * 6, process_noise_m2_s3=0.0, existence=1.0, phase="coast",
    )  # fmt: skip
    return msgspec.structs.replace(body, **changes)


def measure(regime, **changes):
    deadline_s = proposal(regime).deadline_s
    fields = {
        "terms": Suspend(effective_s=deadline_s + 1), "parties": ("east", "west"), "required": ("east", "west"),
        "policy_sha256": regime.sha256, "deadline_s": deadline_s, "void_if": (), "officer": "A", "text": "",
    }  # fmt: skip
    return Measure(**(fields | changes))


def every_kind(regime):
    """One sound draft body of each kind."""
    keys = bodies.PartyKeys(party="west", origin="exercise.example/west", log_keys=("k",), mirror_keys=("k",))
    return {
        "tracklet": tracklet(),
        "notification": notification(),
        "acknowledgement": bodies.Acknowledgement(officer="A", role="duty-officer"),
        "assessment": bodies.Assessment(
            event="e", site_report="valid", confidence="high", explanations=(), officer="A"
        ),
        "conference": bodies.Conference(event="e", level="threat", reason="r", officer="A"),
        "proposal": proposal(regime),
        "measure": measure(regime),
        "vote": vote(),
        "floor": bodies.Floor(proposal_sha256=H, floor_s=1, unreceipted=("east",)),
        "heartbeat": bodies.Heartbeat(heads=()),
        "agreement": bodies.Agreement(regime_text="x", parties=(keys,)),
        "retraction": bodies.Retraction(because="radar fault"),
        "negative-statement": bodies.NegativeStatement(area=AREA, window=WINDOW),
        "standing": bodies.Standing(action="suspend", effective_tai_us=0, because="b", officer="A"),
        "reserved-action": bodies.ReservedAction(event="e", rule="r", because="b", officer="A"),
        **{kind: CUSTODY[kind] for kind, _ in (*CUSTODY_KINDS, *WATCH_KINDS, *CONFIDENTIAL_KINDS, *SEAL_KINDS)},
        **{kind: CUSTODY[kind] for kind, _ in GROUP_KINDS},
        **COUNCIL,
    }


def draft(body, **more):
    return Draft(body=body, observed_tai_ns=NOW - 5 * S, **more)


def send(body, regime="joint", ledger=None, ctx=None, **more):
    rules = REGIMES[regime] if isinstance(regime, str) else regime
    return publish(draft(body, **more), rules, ledger or Ledger(), ctx or context())


@pytest.mark.parametrize("name", REGIMES)
@pytest.mark.parametrize("kind", sorted({kind for kind, _ in bodies.KINDS}))
def test_every_kind_under_every_regime(name, kind):
    regime = REGIMES[name]
    body = every_kind(regime)[kind]
    if kind == "proposal" and regime.finding.required == "owner":
        body = proposal(regime, required=("west",))
    found = send(body, name, prepared(kind))
    if regime.shares(kind):
        assert isinstance(found, Released) and found.group == "shared" and found.withheld is None
        assert found.template.marking.releasable_to == ("east",)
        assert found.template.origin == "exercise.example/west"
    elif kind in OWN_KINDS:
        assert isinstance(found, Released) and found.group == "own"
        assert found.template.marking.releasable_to == ()
        assert found.template.origin == "exercise.example/west/own"
        assert found.withheld.what == kind and name in found.withheld.why
    else:
        assert isinstance(found, Withheld) and name in found.reason


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"terms": Suspend(effective_s=1)}, "effective before the deadline"),
        ({"required": ("west",)}, "required west"),
        ({"policy_sha256": H}, "the one in force is"),
        ({"terms": ShareMore(kinds=("weather",), effective_s=2**40, until_s=2**41)}, "weather"),
        ({"terms": Amend(regime_text="x", regime_sha256=H, effective_s=2**40)}, "whose hash is not"),
        ({"terms": Amend(regime_text="x", regime_sha256=sha256(b"x").hexdigest(), effective_s=2**40)}, "amendment: "),
    ],
)
def test_a_void_measure_is_not_put_to_the_vote(changes, why):
    found = send(measure(REGIMES["joint"], **changes), "joint")
    assert isinstance(found, Withheld) and why in found.reason


def test_what_is_shared_more_goes_out_while_the_measure_runs():
    body = every_kind(REGIMES["connected"])["site-check"]
    more = context(more=More(frozenset({"site-check"})))
    assert send(body, "connected").group == "own"
    assert send(body, "connected", ctx=more).group == "shared"
    assert send(body, "connected", ctx=dataclasses.replace(more, suspended=True)).group == "own"


@pytest.mark.parametrize("kind", sorted({kind for kind, _ in bodies.KINDS}))
def test_suspension_leaves_the_reassurance_channel_alone(kind):
    regime = REGIMES["joint"]
    found = send(every_kind(regime)[kind], ledger=prepared(kind), ctx=context(suspended=True))
    shared = isinstance(found, Released) and found.group == "shared"
    assert shared == (kind in regime.terms.reassurance)


def test_statement_is_complete_and_bound():
    found = send(vote(), uncertainty_ns=1_001)
    statement = decode(found.data(41))
    assert (statement.sequence, statement.mode, statement.regime) == (41, "exercise", REGIMES["joint"].sha256)
    assert statement.observed.t_tai_us == (NOW - 5 * S) // 1000
    assert statement.observed.uncertainty_us == 2  # rounded up: never better than it is
    assert (statement.observed.clock, statement.marking.authority) == ("gps", "duty officer")
    assert bodies.body_of(statement) == vote()


def test_an_officer_signs_what_will_be_logged():
    found = send(vote())
    signature = OfficerSignature(scheme="ed25519", key_id="k", role="duty-officer", value="v")
    signed = found.signed(signature)
    assert signed.message() == found.message() == officer_message(decode(signed.data(7)))
    assert decode(signed.data(7)).signatures == (signature,)
    assert send(vote(), "connected").message() != found.message()  # another regime, another message


def test_exercise_and_live_never_meet():
    assert isinstance(send(vote(), mode="exercise"), Released)
    for made, runs in (("exercise", "live"), ("live", "exercise")):
        found = send(vote(), mode=made, ctx=context(mode=runs))
        assert isinstance(found, Withheld) and "never meet" in found.reason


def test_what_refers_to_the_own_log_stays_there():
    reference = Reference(role="because", origin="exercise.example/west/own", epoch=0, index=0, sha256=H)
    found = send(bodies.Retraction(because="wrong"), references=(reference,))
    assert (found.group, found.template.origin) == ("own", "exercise.example/west/own")
    assert isinstance(send(bodies.Heartbeat(heads=()), references=(reference,)), Withheld)


def test_private_drafts_stay_own():
    assert send(every_kind(REGIMES["joint"])["assessment"], private=True).group == "own"
    assert isinstance(send(vote(), private=True), Withheld)


def test_without_partners_nothing_is_shared():
    assert send(tracklet(), ctx=context(partners=())).group == "own"


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (lambda r: proposal(r, policy_sha256=H), "the one in force"),
        (lambda r: proposal(r, deadline_s=posix_s(NOW)), "deadline"),
        (lambda r: proposal(r, required=("west",)), "required"),
        (lambda r: proposal(r, parties=("west",)), "parties"),
        (lambda r: vote(party="east"), "this is the centre of west"),
        (lambda r: vote(role="cook"), "may not vote"),
        (lambda r: notification("02", "window-extension", refers_to="PLN/XW/1995/001/009/01"), "not in our log"),
        (lambda r: bodies.Heartbeat(heads=(), missed=("East",)), "out of bounds"),
        (lambda r: tracklet(since_tai_us=0), "nothing was said before"),
        (lambda r: bodies.Agreement(regime_text="\n" * 59_000, parties=()), "out of bounds"),
    ],
)
def test_never(body, why):
    found = send(body(REGIMES["joint"]))
    assert isinstance(found, Withheld)
    assert why in found.reason
    assert found.record.t_tai_ns == NOW


@pytest.mark.parametrize("finding", ["threat", "attack", "engage"])
def test_no_joint_decision_about_threat_or_attack(finding):
    found = send(proposal(REGIMES["joint"], finding=finding))
    assert isinstance(found, Withheld)
    assert finding in found.reason


def logged(ledger, outcome, sequence):
    ledger.add(outcome.group, outcome.statement(sequence))
    return outcome


def test_first_vote_is_final_also_after_a_restart():
    ledger = Ledger()
    logged(ledger, send(vote(), ledger=ledger), 0)
    for choice in ("yes", "close"):
        found = send(vote(choice=choice), ledger=ledger)
        assert isinstance(found, Withheld) and "V1" in found.reason
    assert isinstance(send(vote(proposal_sha256="1" * 64), ledger=ledger), Released)


def test_identifiers_are_used_once_and_later_formats_refer_to_known_ones():
    ledger = Ledger()
    logged(ledger, send(notification(), "notify", ledger), 0)
    assert "used once" in send(notification(), "notify", ledger).reason
    extension = notification("02", "window-extension", refers_to="PLN/XW/1995/001/001/01")
    assert isinstance(send(extension, "notify", ledger), Released)


def test_scope_leaves_small_launches_out():
    small = send(notification(), "notify", range_km=300.0, apogee_km=90.0)
    assert isinstance(small, Withheld) and "300 km" in small.reason
    for known in ({"range_km": 300.0, "apogee_km": 1_400.0}, {"range_km": 300.0}, {}):
        assert isinstance(send(notification(), "notify", **known), Released)


def test_regime_delay_holds_back_and_says_until_when():
    text = shipped("joint").decode().replace("[tracklet]", "[shares.delay_s]\nassessment = 30\n\n[tracklet]")
    regime = load(text.encode())
    body = every_kind(regime)["assessment"]
    early = send(body, regime, prepared("assessment"))
    assert isinstance(early, Withheld) and early.retry_tai_ns == NOW + 25 * S
    late = send(body, regime, prepared("assessment"), context(now_tai_ns=early.retry_tai_ns))
    assert isinstance(late, Released) and late.group == "shared"


def test_records_are_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        send(vote()).group = "own"
