"""Push, answer, loss, repetition, order, restart: nothing logged is lost and everything arrives."""

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tocsin.node.exchange import MAX_ENTRIES, MAX_MESSAGE_BYTES, Answer, Push, decode_request, encode
from tocsin.node.queries import all_heads

from .two import NS, exchange, in_step, notice, pass_time, settle, world


def test_both_hold_and_receipt_both_logs():
    east, west, _ = world()
    east.centre.say(notice())
    settle(east, west)
    in_step(east, west)
    assert sorted(r.cosigner for r in east.centre.receipts if r.origin == east.log.origin)[-1] == "west"
    assert {h.root for h in all_heads(east.centre)} == {h.root for h in all_heads(west.centre)}


def test_a_lost_answer_is_made_good_and_keeps_its_first_time():
    east, west, clock = world()
    east.centre.say(notice())
    lost = encode(west.centre.receive("east", east.centre.message("west")))
    clock.now += 20 * NS
    settle(east, west)
    in_step(east, west)
    times = [r.time_s for r in east.centre.receipts if r.size == east.log.size and r.cosigner == "west"]
    given_at = [r.time_s for r in west.centre.receipts if r.size == east.log.size and r.origin == east.log.origin]
    assert times == given_at
    east.centre.answered("west", lost)  # and late it does no harm
    in_step(east, west)
    assert east.messages == []


def test_a_repeated_push_changes_nothing():
    east, west, _ = world()
    east.centre.say(notice())
    push = east.centre.message("west")
    first, again = (encode(west.centre.receive("east", push)) for _ in range(2))
    assert first == again
    east.centre.answered("west", first)
    said, receipts = len(west.centre.said), len(west.centre.receipts)
    assert encode(west.centre.receive("east", push)) == first
    assert (len(west.centre.said), len(west.centre.receipts)) == (said, receipts)


@settings(max_examples=15, phases=(Phase.explicit, Phase.generate))
@given(st.data())
def test_any_order_loss_and_repetition_ends_in_step(data):
    east, west, clock = world()
    sides = {"east": east, "west": west}
    flying = []
    for number in range(1, 25):
        action = data.draw(st.sampled_from(["say", "send", "send", "deliver", "deliver", "deliver", "restart", "time"]))
        name = data.draw(st.sampled_from(["east", "west"]))
        side, other = sides[name], "west" if name == "east" else "east"
        if action == "say":
            side.centre.say(notice(number, name[:3].upper()))
        elif action == "send":
            message = side.centre.message(other)
            flying += [(name, other, True, message)] if message else []
        elif action == "deliver" and flying:
            at = data.draw(st.integers(0, len(flying) - 1))
            sender, receiver, request, message = flying[at]
            if data.draw(st.booleans()):
                del flying[at]
            if request:
                reply = encode(sides[receiver].centre.receive(sender, message))
                flying.append((receiver, sender, False, reply))
            else:
                sides[receiver].centre.answered(sender, message)
        elif action == "restart":
            side.start()
        else:
            clock.now += data.draw(st.integers(-5, 20)) * NS
    pass_time((east, west), clock, 40)
    in_step(east, west)
    for side in (east, west):
        assert [words for words in side.messages if "did not answer at the start" not in words] == []


@pytest.mark.parametrize("count", [1, MAX_ENTRIES, 3 * MAX_ENTRIES + 7])
def test_a_partner_far_behind_is_brought_up_in_few_messages(count):
    east, west, _ = world(start_wait_s=0)
    for number in range(count):
        east.centre._append(draft(east, number))
    east.centre.commit()
    assert east.log.size >= count
    sent = 0
    for _ in range(count):
        if not exchange(east, west):
            break
        sent += 1
    assert sent <= count // MAX_ENTRIES + 2
    in_step(east, west)


def test_many_small_checkpoints_travel_together():
    east, west, _ = world()
    for number in range(300):
        east.centre.say(notice(number))
    sent = sum(exchange(east, west) for _ in range(10))
    assert sent <= 2
    in_step(east, west)


def test_large_statements_stay_below_the_size_of_a_message():
    from tocsin.wire.bodies import Retraction

    east, west, _ = world()
    east.disk.full = True
    for _ in range(150):
        east.centre.say(Retraction(because="x" * 8_000, text="y" * 8_000))
    east.disk.full = False
    east.centre.tick()
    sizes = []
    while (data := east.centre.message("west")) is not None:
        sizes.append(len(data))
        east.centre.answered("west", encode(west.centre.receive("east", data)))
    assert max(sizes) < MAX_MESSAGE_BYTES
    assert len(sizes) > 1
    in_step(east, west)


def test_a_partner_that_refuses_is_not_asked_without_end():
    east, west, clock = world()
    east.centre.say(notice())
    sent = 0
    for _ in range(100):
        data = east.centre.message("west")
        if data is not None:
            sent += 1
            east.centre.answered("west", b'{"type":"answer","held":0,"refused":"no"}')
        clock.now += NS
    assert sent < 15
    clock.now += 60 * NS
    settle(east, west)
    in_step(east, west)


def test_a_warning_goes_at_once_to_a_partner_that_refused_again_and_again():
    east, _, clock = world()
    east.centre.say(notice())

    def refuse(data):
        east.centre.answered("west", encode(Answer(held=0, refused="no", number=decode_request(data).number)))

    waited = 0
    while waited < 10:  # the link has learned to wait
        data = east.centre.message("west")
        waited = waited + 1 if data is None else 0
        if data is not None:
            refuse(data)
        clock.now += NS
    assert east.centre.message("west") is None
    east.centre.say(notice(2))
    data = east.centre.message("west")
    assert data is not None and isinstance(decode_request(data), Push)
    refuse(data)
    assert east.centre.message("west") is None  # once; then the wait goes on


def test_silence_is_counted_from_the_start_and_ends_with_the_first_new_entry():
    east, west, clock = world()
    for _ in range(16):
        clock.now += NS
        east.centre.tick()
    assert east.centre.silent() == ("west",)
    assert east.centre.silence_s()["west"] == 16.0
    replay = west.centre.message("east")
    west.centre.tick()
    settle(east, west)
    assert east.centre.silent() == ()
    assert replay is None


def test_a_replayed_push_is_no_sign_of_life():
    east, west, clock = world()
    west.centre.say(notice())
    push = west.centre.message("east")
    east.centre.receive("west", push)
    clock.now += 20 * NS
    east.centre.receive("west", push)
    assert east.centre.silent() == ("west",)


def test_a_silent_partner_is_asked_for_what_it_has():
    """Its own calls do not get through; its answers do."""
    east, west, clock = world()
    west.centre.say(notice())
    for _ in range(40):
        clock.now += NS
        for side in (east, west):
            side.centre.tick()
        exchange(east, west)
        exchange(east, west)
    west.centre.commit()
    exchange(east, west)
    assert east.centre.mirrors["west"].size >= west.log.size - 1
    assert west.centre.links["east"].receipted >= west.log.size - 2


def draft(side, number):
    from tocsin.release import Draft

    return Draft(body=notice(number % 1000, f"A{chr(65 + number // 26000)}{chr(65 + number // 1000)}"),
                 observed_tai_ns=side.clock.now)  # fmt: skip


def test_a_doubled_answer_makes_no_second_request():
    east, west, _ = world()
    for number in range(1, 4):
        east.centre.say(notice(number))
    first = encode(west.centre.receive("east", east.centre.message("west")))
    east.centre.say(notice(4))
    east.centre.answered("west", first)
    assert east.centre.message("west") is not None
    east.centre.answered("west", first)
    assert east.centre.message("west") is None


def test_a_partner_that_started_anew_is_asked_first():
    east, west, _ = world()
    west.start()
    east.centre.say(notice())
    reply = west.centre.receive("east", east.centre.message("west"))
    assert reply.ask
    assert west.centre.mirrors["east"].size < east.log.size
    east.centre.answered("west", encode(reply))
    settle(east, west)
    in_step(east, west)
