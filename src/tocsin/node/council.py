"""What a person may say at a centre beyond launches, judgements and votes. Each is one draft through the release gate.

`tell` says anything of those kinds; the others fill in what the centre knows better than a person: the five data of a
launch from the track, the hash of a code book, the case that an answer belongs to.
"""

import math
from collections.abc import Sequence
from hashlib import sha256

from tocsin.assess import Flight
from tocsin.assess.flights import uncertainty_km
from tocsin.errors import Refusal
from tocsin.mirror import Verified
from tocsin.node.centre import Centre
from tocsin.node.commands import Outcome, refer
from tocsin.node.record import Said
from tocsin.release import Draft
from tocsin.wire import judging, messages, talk
from tocsin.wire.bodies import Circle, Notification, SiteReport, kind_of
from tocsin.wire.council import COUNCIL_KINDS
from tocsin.wire.envelope import Record, Reference
from tocsin.wire.values import VehicleClass

NS = 1_000_000_000
_SEALS = ("sealed-judgement", "opened-judgement")
_WIDEST_DEG = 180.0


def tell(centre: Centre, body: Record, references: Sequence[Reference] = ()) -> Outcome:
    """Say anything of the council's kinds, or a notification. Seals have their own way (`node.judging`)."""
    kind = kind_of(body)
    if (kind not in COUNCIL_KINDS and not isinstance(body, Notification)) or kind[0] in _SEALS:
        raise Refusal(f"{kind[0]}: not a message that is told; it has a command of its own")
    return centre.publish(Draft(body=body, observed_tai_ns=centre.now_tai_ns, references=tuple(references)))


def detected(
    centre: Centre, one: Flight, vehicle: VehicleClass | None = None, objects: int | None = None
) -> Outcome:
    """Tell the partners the five data of a launch: time, place, rough direction, place and time of impact."""
    body = detection(one, vehicle, objects)
    range_km, apogee_km = (None, None) if one.boosting else (one.range_km, one.apogee_km)
    return centre.publish(
        Draft(body=body, observed_tai_ns=one.track.t_tai_ns, range_km=range_km, apogee_km=apogee_km)
    )


def detection(
    one: Flight, vehicle: VehicleClass | None = None, objects: int | None = None
) -> messages.LaunchDetection:
    """The five data of a flight, rounded to what its uncertainty carries; no impact while the engine burns."""
    if one.launch is None:
        raise Refusal(f"{one.track.id}: no launch point can be worked out, so there is nothing to tell")
    impact = None if one.boosting else one.impact
    tolerance = min(2.0 * one.azimuth_sigma_deg, _WIDEST_DEG)
    return messages.LaunchDetection(
        event=one.track.id,
        launch_tai_us=one.launch.t_tai_ns // 1_000,
        launch_uncertainty_s=_ceil(one.launch.time_sigma_s),
        launch_place=_place(one.launch.latitude_deg, one.launch.longitude_deg, uncertainty_km(one.launch)),
        direction_deg=None if one.azimuth_deg is None else float(round(one.azimuth_deg) % 360),
        direction_tolerance_deg=None if one.azimuth_deg is None else float(math.ceil(tolerance)),
        impact_place=None
        if impact is None
        else _place(impact.latitude_deg, impact.longitude_deg, uncertainty_km(impact)),
        impact_tai_us=None if impact is None else max(impact.t_tai_ns, one.launch.t_tai_ns) // 1_000,
        impact_uncertainty_s=None if impact is None else _ceil(impact.time_sigma_s),
        vehicle=vehicle,
        objects=objects,
    )


def send_code(centre: Centre, code_word: str, number: int, officer: str, blanks: Sequence[str] = ()) -> Outcome:
    """Send an agreed text by its code word and number. Refuses where our log holds no such text."""
    for said in reversed(centre.said):
        book = said.body
        ours = said.party == centre.config.party
        if ours and isinstance(book, talk.Codebook) and book.code_word == code_word:
            if number not in {one.number for one in book.messages}:
                raise Refusal(f"code {code_word} {number}: the book has {len(book.messages)} texts, not this one")
            digest = sha256(bytes(said.statement.body)).hexdigest()
            body = talk.ShortCode(
                code_word=code_word, number=number, codebook_sha256=digest, blanks=tuple(blanks), officer=officer
            )
            return tell(centre, body)
    raise Refusal(f"code {code_word} {number}: our log holds no code book of that word")


def message(
    centre: Centre,
    to: Sequence[str],
    text: str,
    officer: str,
    *,
    precedence: str = "urgent",
    answers: Verified | None = None,
    translations: Sequence[talk.Translation] = (),
) -> Outcome:
    """A plain message over the hot line. The text in our language governs; translations are courtesy."""
    body = talk.Hotline(
        to=tuple(to), precedence=precedence, officer=officer, text=text, translations=tuple(translations)  # type: ignore[arg-type]
    )
    return tell(centre, body, (refer("answers", answers),) if answers else ())


def check_site(
    centre: Centre,
    site: str,
    counted: int,
    officer: str,
    *,
    event: str | None = None,
    displayed: int | None = None,
    report: SiteReport = "valid",
    test_data: bool = False,
    direct: bool = True,
) -> Outcome:
    """Put on record what a directly connected site counts beside what the summary shows (the lesson of 1980)."""
    body = talk.SiteCheck(
        site=site, event=event, t_tai_us=centre.now_tai_ns // 1_000, counted=counted, displayed=displayed,
        site_report=report, test_data=test_data, means="direct-line" if direct else "voice", officer=officer,
    )  # fmt: skip
    return tell(centre, body)


def ask(
    centre: Centre, to: Sequence[str], text: str, officer: str, *, within_s: int = 3_600, event: str | None = None,
    about: Sequence[Verified] = (),
) -> Outcome:  # fmt: skip
    """Open a case: a question to other parties with a deadline."""
    unknown = sorted(set(to) - set(centre.links))
    if unknown:
        raise Refusal(f"question to {', '.join(unknown)}: one of {', '.join(sorted(centre.links))} expected")
    asked = sum(isinstance(s.body, judging.Docket) and s.body.step == "query" for s in centre.said
                if s.party == centre.config.party)  # fmt: skip
    body = judging.Docket(
        case=f"{centre.config.party}-q{asked + 1}", step="query", to=tuple(sorted(set(to))), event=event,
        deadline_s=centre.posix_s() + within_s, text=text, officer=officer,
    )  # fmt: skip
    return tell(centre, body, tuple(refer("about", one) for one in about))


def answer(
    centre: Centre, query: Said, step: str, text: str, officer: str, *, within_s: int | None = None,
    attachments: Sequence[judging.Attachment] = (),
) -> Outcome:  # fmt: skip
    """Reply, bring evidence, set a later deadline (the asker), close or disagree in the case of a query."""
    if not isinstance(query.body, judging.Docket) or query.body.step != "query" or step == "query":
        raise Refusal(f"answer to entry {query.entry.index} of {query.entry.origin}: a query expected")
    deadline_s = None if within_s is None else centre.posix_s() + within_s
    try:
        body = judging.Docket(
            case=query.body.case, step=step, deadline_s=deadline_s, text=text, officer=officer,  # type: ignore[arg-type]
            attachments=tuple(attachments),
        )  # fmt: skip
    except ValueError as error:
        raise Refusal(f"answer in {query.body.case}: {error}") from error
    return tell(centre, body, (refer("answers", query.entry),))


def remark(
    centre: Centre, measure: judging.Measure, text: str, officer: str, about: Sequence[Verified] = ()
) -> Outcome:
    """The right of reply: say something to a count in the record that is kept of us."""
    body = judging.RecordRemark(measure=measure, text=text, officer=officer)
    return tell(centre, body, tuple(refer("about", one) for one in about))


def _place(latitude_deg: float, longitude_deg: float, radius_km: float) -> Circle:
    """A circle that holds the place with 95 %; no more digits than that radius deserves."""
    digits = 2 if radius_km < 20.0 else 1
    return Circle(
        latitude_deg=round(latitude_deg, digits), longitude_deg=round(longitude_deg, digits),
        radius_km=min(float(math.ceil(max(radius_km, 1.0))), 20_000.0),
    )  # fmt: skip


def _ceil(seconds: float) -> float:
    return min(float(math.ceil(seconds)), 86_400.0)
