"""What parties say by script: an alert by mistake and its all-clear, a denial, a suspension."""

from collections.abc import Callable
from functools import partial
from hashlib import sha256

from tocsin import regime as regimes
from tocsin.errors import Refusal
from tocsin.node import commands, queries
from tocsin.node.centre import Centre
from tocsin.node.council import send_code, tell
from tocsin.sim.announce import Due
from tocsin.sim.parts import BookFile, Happening, MeasureFile
from tocsin.sim.scenario import Scenario
from tocsin.wire import bodies
from tocsin.wire.measures import Amend, Resume, ShareMore, Suspend
from tocsin.wire.talk import Codebook, CodedMessage, Translation
from tocsin.world.time import parse_utc, posix_s

NS = 1_000_000_000
Terms = ShareMore | Amend | Suspend | Resume


def due(scenario: Scenario, centre: Centre) -> list[Due]:
    """What a party says, and when."""
    launch_ns = parse_utc(scenario.launch)
    mine = (one for one in scenario.happening if one.by == centre.config.party)
    said = [Due(launch_ns + round(one.at_s * NS), _action(centre, one, launch_ns)) for one in mine]
    return [*_books(scenario, centre), *said]


def alert_name(party: str) -> str:
    """The event of an alert that no track stands behind."""
    return f"{party}-alert"


def _action(centre: Centre, one: Happening, launch_ns: int) -> Callable[[], object]:
    name = f"officer of the watch, {centre.config.party}"
    event = alert_name(centre.config.party)
    if one.does == "alert":
        return lambda: commands.convene(centre, event, "threat", one.text, name)
    if one.does == "all-clear":
        return lambda: _all_clear(centre, event, one.text, name)
    if one.measure is not None:
        terms = _terms(one.measure, launch_ns)
        return lambda: _try(centre, lambda: commands.propose_measure(centre, terms, name, one.text))
    if one.code is not None:
        code = one.code
        return lambda: _try(centre, lambda: send_code(centre, code.word, code.number, name, code.blanks))
    if one.does != "deny" or one.area is None:
        action = "resume" if one.does == "resume" else "suspend"
        return lambda: commands.stand(centre, action, one.text, name)
    area = bodies.Circle(
        latitude_deg=one.area.latitude_deg, longitude_deg=one.area.longitude_deg, radius_km=one.area.radius_km
    )
    start, end = (launch_ns + round(t_s * NS) for t_s in (one.from_s, one.to_s))
    window = bodies.Window(start_tai_us=start // 1_000, end_tai_us=end // 1_000)
    return lambda: commands.deny(centre, area, window, one.text)


def _try(centre: Centre, action: Callable[[], object]) -> None:
    """A regime without such measures or codes refuses; that is said, and the play goes on."""
    try:
        action()
    except Refusal as refusal:
        centre.ports.private.withheld(centre.now_tai_ns, "command", str(refusal))


def _terms(file: MeasureFile, launch_ns: int) -> Terms:
    start_s = posix_s(launch_ns + round(file.effective_s * NS))
    if file.kind == "share-more":
        until_s = posix_s(launch_ns + round((file.until_s or 0.0) * NS))
        return ShareMore(kinds=file.share, effective_s=start_s, until_s=until_s, every_s=file.every_s)
    if file.kind == "amend":
        data = regimes.shipped(file.amend)
        return Amend(regime_text=data.decode(), regime_sha256=sha256(data).hexdigest(), effective_s=start_s)
    return Suspend(effective_s=start_s) if file.kind == "suspend" else Resume(effective_s=start_s)


def _books(scenario: Scenario, centre: Centre) -> list[Due]:
    """Every party logs the agreed code books at the start: a code is read by the text in one's own log."""
    begin_ns = parse_utc(scenario.launch) + round(scenario.begins_s * NS) + NS
    return [
        Due(begin_ns, partial(_try, centre, partial(tell, centre, codebook(file)))) for file in scenario.codebook
    ]


def codebook(file: BookFile) -> Codebook:
    """The book as a statement."""
    return Codebook(
        code_word=file.word,
        messages=tuple(
            CodedMessage(
                number=number,
                texts=tuple(Translation(language=language, text=text) for language, text in sorted(texts.items())),
            )
            for number, texts in enumerate(file.text, 1)
        ),
    )


def _all_clear(centre: Centre, event: str, text: str, name: str) -> None:
    """Down from the level, and the retraction that says so to the others. It refers only to what they hold."""
    commands.convene(centre, event, "none", text, name)
    said = queries.said_by(centre, "conference", centre.config.party)
    held = [one.entry for one in said if one.entry.origin == centre.config.origin]
    commands.retract(centre, held[:1], text)
