"""Entries for some parties alone, between three centres: who reads, who only holds, and what a cheat can spoil (L7)."""

from contextlib import suppress
from dataclasses import replace

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin import regime as regimes
from tocsin.errors import BadEvidence
from tocsin.node.centre import Centre
from tocsin.node.config import Ports
from tocsin.node.custody.confidential import decrypt, encrypt
from tocsin.node.custody.vault import ReplayableVault, XWingVault
from tocsin.release import Draft, Released, Withheld
from tocsin.wire.bodies import body_of, encode_body
from tocsin.wire.confidential import LENGTHS, ciphertext_of, disclosed, hidden_text, padded, unpadded, with_ciphertext
from tocsin.wire.envelope import Reference, Statement, decode, encode
from tocsin.wire.errors import WireError
from tocsin.wire.talk import Hotline

from .two import JOINT, NS, Clock, Side, cosigners, in_step, notice, pass_time, settle, signers

GROUP = """
[[release_groups]]
name = "neighbours"
parties = ["east", "west"]
kinds = ["hotline", "launch-detection"]
"""
TERMS = regimes.load(JOINT.data + GROUP.encode(), "groups")
NAMES = ("east", "north", "west")


def vault_of(name, real=False):
    seed = name.encode().ljust(32)
    return XWingVault(name, seed, lambda n: b"x" * n) if real else ReplayableVault(name, seed)


class Party(Side):
    """A side with a key of its own for what is meant for it alone."""

    def start(self):
        if self.config.regime is not TERMS:
            partners = tuple(
                replace(one, encryption_key=vault_of(one.party, self.real).key) for one in self.config.partners
            )
            self.config = replace(self.config, regime=TERMS, partners=partners)
        ports = Ports(
            clock=self.clock, store=self.disk.store, cells=self.disk,
            log_signers=lambda origin: signers(self.name, origin), mirror_signers=cosigners(self.name),
            private=self.private, vault=vault_of(self.name, self.real),
        )  # fmt: skip
        self.centre = Centre(self.config, ports)
        self.centre.begin()
        return self.centre


class Real(Party):
    real = True


Party.real = False


def three(kind=Party):
    clock = Clock()
    sides = {name: kind(name, [one for one in NAMES if one != name], clock) for name in NAMES}
    settle(*sides.values())
    return (*sides.values(), clock)


def line(text="Is the rocket yours?", to=("east",)):
    return Hotline(to=to, precedence="urgent", officer="Anna", text=text)


def heard(side, kind="hotline"):
    return [said for said in side.centre.said if said.kind == kind]


@pytest.mark.parametrize("kind", [Party, Real])
def test_two_of_three_read_and_all_three_hold(kind):
    east, north, west, clock = three(kind)
    outcome = west.centre.say(line())
    assert isinstance(outcome, Released) and outcome.recipients == ("east",)
    west.centre.say(line("Please answer."))
    pass_time((east, north, west), clock, 6)
    in_step(east, north, west)
    assert [said.body.text for said in heard(east)] == ["Is the rocket yours?", "Please answer."]
    assert heard(east)[0].statement.marking.releasable_to == ("east",)
    assert heard(west)[0].body == line() and not heard(north)
    assert [decode(entry.data).kind for entry in north.centre.unread] == ["hotline", "hotline"]
    assert not any("hotline" in message for message in north.messages + east.messages)
    stored = b"".join(entry for side in (north, west) for store in side.disk.stores.values() for entry in store.held)
    assert b"rocket yours" not in stored and stored.count(b'"kind":"key-wrap"') == 2  # one key a minute, in two copies


def test_everybody_else_hears_what_is_for_all():
    east, north, west, _ = three()
    west.centre.say(notice())
    north.centre.say(line(to=("west",)))  # north is in no group: its line is for all
    settle(east, north, west)
    assert all(heard(side, "notification") and heard(side) for side in (east, north, west))


def test_a_wish_that_no_group_grants_stays_in():
    east, _, west, clock = three()
    refused = west.centre.publish(Draft(body=line(), observed_tai_ns=clock.now, recipients=("north",)))
    assert isinstance(refused, Withheld) and "no release group" in refused.reason
    granted = east.centre.publish(Draft(body=line(), observed_tai_ns=clock.now, recipients=("west",)))
    assert isinstance(granted, Released)


def test_without_a_key_nothing_goes_out_in_the_clear():
    _, _, west, _ = three()
    west.config = replace(west.config, partners=tuple(replace(p, encryption_key=None) for p in west.config.partners))
    west.start()
    west.clock.now += 20 * NS
    west.centre.tick()
    outcome = west.centre.say(line())
    assert isinstance(outcome, Withheld) and "no encryption key of east" in outcome.reason
    assert west.entries and not any(b"hotline" in entry[:40] for entry in west.entries[2:])


def test_a_restart_reads_it_all_again():
    east, north, west, clock = three()
    west.centre.say(line())
    pass_time((east, north, west), clock, 2)
    for side in (east, north, west):
        side.start()
    assert heard(east)[0].body == heard(west)[0].body == line() and not heard(north)
    pass_time((east, north, west), clock, 20)
    west.centre.say(line("again"))
    settle(east, north, west)
    assert heard(east)[-1].body.text == "again"


def test_one_seed_one_log():
    roots = []
    for _ in range(2):
        east, north, west, clock = three()
        west.centre.say(line())
        pass_time((east, north, west), clock, 7)
        roots.append([side.log.head.root for side in (east, north, west)])
    assert roots[0] == roots[1]


@pytest.mark.parametrize("spoil", ["ciphertext", "commitment", "key", "wrong-wrap"])
def test_what_does_not_open_is_kept_and_the_centre_runs_on(spoil):
    """West signs and logs garbage that is marked for east: evidence at east, silence at north."""
    east, north, west, clock = three()
    book = west.centre.books["shared"]
    real = west.centre.confidential.seal

    def seal(outcome, append, book, now):
        made = real(outcome, append, book, now)
        if isinstance(made, Withheld) or made.template.encryption is None:
            return made
        return replace(made, template=spoiled(made.template, spoil))

    west.centre.confidential.seal = seal
    west.centre.say(line())
    pass_time((east, north, west), clock, 3)
    in_step(east, north, west)
    assert not heard(east) and any("hotline" in message for message in east.messages)
    assert east.private.evidence_notes[-1][3] and book.size == east.centre.mirrors["west"].size
    assert not any("hotline" in message for message in north.messages)
    west.centre.confidential.seal = real
    west.centre.say(line("in order"))
    settle(east, north, west)
    assert [said.body.text for said in heard(east)] == ["in order"]


def spoiled(template, how):
    slot = template.encryption
    if how == "ciphertext":
        data = bytearray(ciphertext_of(template))
        data[7] ^= 1
        return with_ciphertext(template, bytes(data))
    if how == "commitment":
        return msgspec.structs.replace(template, encryption=msgspec.structs.replace(slot, commitment="0" * 64))
    (place,) = template.references
    index = 0 if how == "key" else place.index + 7
    return msgspec.structs.replace(template, references=(msgspec.structs.replace(place, index=index),))


PLAIN = None


def plain(text):
    global PLAIN
    if PLAIN is None:
        _, _, west, _ = three()
        PLAIN = west.centre.say(line()).template
    return msgspec.structs.replace(PLAIN, body=encode_body(line(text)))


SALTS = st.binary(min_size=32, max_size=32)
KEY = Reference(role="key", origin="tocsin.exercise/test/west", epoch=0, index=3, sha256="0" * 64)


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=4_000), SALTS)
def test_round_trip_and_disclosure(text, salt):
    made = plain(text)
    sealed = encrypt(made, salt, b"s" * 32, KEY)
    again = decode(encode(sealed))
    opened = decrypt(again, b"s" * 32)
    assert body_of(opened).text == text and opened.signatures == made.signatures
    assert len(ciphertext_of(again)) - 16 in LENGTHS and again.encryption.padded_bytes in LENGTHS
    shown = hidden_text(made, salt)
    assert disclosed(again, shown) == opened  # anybody, with the text alone, against the logged envelope
    with pytest.raises(WireError, match="not the text"):
        disclosed(again, hidden_text(made, salt[::-1] if salt != salt[::-1] else b"z" * 32))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_change_of_the_envelope_or_the_ciphertext_is_noticed(data):
    sealed = encrypt(plain("a"), b"t" * 32, b"s" * 32, KEY)
    bare = msgspec.structs.replace
    changes = [
        lambda s: bare(s, kind="short-code"), lambda s: bare(s, schema=2), lambda s: bare(s, origin=s.origin + "x"),
        lambda s: bare(s, epoch=1), lambda s: bare(s, mode="live"), lambda s: bare(s, regime="1" * 64),
        lambda s: bare(s, marking=bare(s.marking, releasable_to=())),
        lambda s: bare(s, observed=bare(s.observed, t_tai_us=0)),
        lambda s: bare(s, encryption=bare(s.encryption, key_reference="x")),
        lambda s: bare(s, references=(bare(KEY, index=4),)),
    ]  # fmt: skip
    cipher = bytearray(ciphertext_of(sealed))
    at = data.draw(st.integers(0, len(cipher) * 8 - 1))
    cipher[at // 8] ^= 1 << at % 8
    changed: Statement = data.draw(st.sampled_from([*changes, lambda s: with_ciphertext(s, bytes(cipher))]))(sealed)
    with pytest.raises(BadEvidence):
        decrypt(changed, b"s" * 32)
    with pytest.raises(BadEvidence):
        decrypt(sealed, b"S" * 32)


@given(st.binary(max_size=5_000))
def test_padding_has_one_spelling(text):
    assert unpadded(padded(text)) == text


@given(st.binary(max_size=2_000))
def test_any_padding_is_read_or_refused(data):
    with suppress(WireError):
        assert padded(unpadded(data)) == data


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('"hotline", "launch-detection"', '"tracklet"', "may be confidential"),
        ('"hotline", "launch-detection"', '"vote"', "may be confidential"),
        ('["east", "west"]', '["east", "east"]', "each party once"),
        ('"key-wrap",', "", "key-wrap expected"),
        ('["east", "west"]', '["east"]', "release_groups"),
    ],
)
def test_groups_that_are_none(old, new, why):
    text = TERMS.data.decode()
    assert old in text
    with pytest.raises(BadEvidence, match=why):
        regimes.load(text.replace(old, new).encode(), "x")
