"""What watches, capitals and sensor sites say, as one line each for the time line."""

from collections.abc import Callable

from tocsin.wire import cyber, judging, measures, messages, talk
from tocsin.wire.envelope import Record
from tocsin.world.time import clock_text, from_posix_s

_US = 1_000


def _clock(t_tai_us: int) -> str:
    return clock_text(t_tai_us * _US)


def _detection(body: messages.LaunchDetection) -> str:
    place = body.launch_place
    text = f"{body.event}: launch at {_clock(body.launch_tai_us)}, {place.latitude_deg:.1f} {place.longitude_deg:.1f}"
    text += "" if body.direction_deg is None else f", towards {body.direction_deg:03.0f} deg"
    if body.impact_place is not None:
        when = "" if body.impact_tai_us is None else f" at {_clock(body.impact_tai_us)}"
        text += f", impact {body.impact_place.latitude_deg:.1f} {body.impact_place.longitude_deg:.1f}{when}"
    return text + ("" if body.grouping in (None, "single") else f", one of a {body.grouping} group")


def _hazard(body: messages.HazardNotice) -> str:
    nature = "of a kind that is not named" if body.nature == "withheld" else f"({body.nature})"
    return f"{body.number}: hazard {nature}, {_clock(body.window.start_tai_us)} to {_clock(body.window.end_tai_us)}"


def _exercise(body: messages.ExerciseNotice) -> str:
    data = "; simulated data on warning systems" if body.simulated_data else ""
    return f"exercise {body.name} ({body.nature.replace('-', ' ')}){data}"


def _air(body: messages.AirAlert) -> str:
    who = body.callsign or "aircraft"
    return f"{body.event}: {who} {body.category.replace('-', ' ')} at {body.altitude_km:.1f} km"


def _incident(body: messages.Incident) -> str:
    return f"{body.nature.replace('-', ' ')} ({body.domain}): {body.text[:200]}".rstrip(": ")


def _cyber(body: cyber.CyberIncident) -> str:
    touched = ", ".join(one.replace("-", " ") for one in body.affected)
    return f"{body.incident}: {body.state} {body.nature.replace('-', ' ')} on {touched}; own warning {body.warning}"


def _deconfliction(body: messages.Deconfliction) -> str:
    return f"{body.request.replace('-', ' ')} ({body.domain}): {body.activity}"


def _declaration(body: messages.AnnualDeclaration) -> str:
    return f"{sum(one.launched for one in body.launches)} launches declared for {body.year}"


def _orbit(body: messages.Orbit) -> str:
    return f"{body.designator or body.name} ({body.status.replace('-', ' ')}) as of {_clock(body.t_tai_us)}"


def _codebook(body: talk.Codebook) -> str:
    return f"code book {body.code_word}: {len(body.messages)} texts"


def _code(body: talk.ShortCode) -> str:
    return " ".join((f"{body.code_word} {body.number}", *body.blanks)) + f" ({body.officer})"


def _hotline(body: talk.Hotline) -> str:
    return f"to {', '.join(body.to)} ({body.precedence}): {body.text[:200]}"


def _call(body: talk.VoiceCall) -> str:
    parties = ", ".join(sorted({one.party for one in body.speakers}))
    back = f"; read back by {', '.join(body.read_back)}" if body.read_back else "; not read back"
    return f"call {body.call} of {parties}{back}: {body.summary[:200]}"


def _site(body: talk.SiteCheck) -> str:
    shown = "" if body.displayed is None else f", the summary shows {body.displayed}"
    test = "; test data on its lines" if body.test_data else ""
    return f"{body.site} counts {body.counted}{shown}: {body.site_report}{test}"


def _sealed(body: judging.SealedJudgement) -> str:
    who = f"{body.officer} of panel {body.panel}" if body.panel else body.officer
    return f"{body.event}: judgement of {who} sealed, opens by {_clock(body.opens_tai_us)}"


def _opened(body: judging.OpenedJudgement) -> str:
    who = f"{body.officer} of panel {body.panel}" if body.panel else body.officer
    return f"{body.event}: judgement of {who} opened"


def _docket(body: judging.Docket) -> str:
    words = {"query": f"asks {', '.join(body.to)}", "extend": "sets a later deadline", "close": "closes it",
             "disagree": "disagrees"}  # fmt: skip
    return f"{body.case}: {words.get(body.step, body.step)}: {body.text[:200]}"


def _remark(body: judging.RecordRemark) -> str:
    return f"on its record ({body.measure.replace('-', ' ')}): {body.text[:200]}"


def _measure(body: measures.Measure) -> str:
    terms, kind = body.terms, measures.measure_kind(body).replace("-", " ")
    what = ""
    if isinstance(terms, measures.ShareMore):
        often = "" if terms.every_s is None else f"{'; ' if terms.kinds else ''}tracks every {terms.every_s:g} s"
        what = f": {', '.join(terms.kinds)}{often}, until {_clock_s(terms.until_s)}"
    elif isinstance(terms, measures.Amend):
        what = f" to regime {terms.regime_sha256[:8]}"
    return f"joint measure to {kind}{what}, from {_clock_s(terms.effective_s)}"


def _clock_s(t_s: int) -> str:
    return clock_text(from_posix_s(t_s))


COUNCIL_WORDS: dict[type[Record], Callable[..., str]] = {
    messages.LaunchDetection: _detection,
    messages.HazardNotice: _hazard,
    messages.ExerciseNotice: _exercise,
    messages.AirAlert: _air,
    messages.Incident: _incident,
    cyber.CyberIncident: _cyber,
    messages.Deconfliction: _deconfliction,
    messages.AnnualDeclaration: _declaration,
    messages.Orbit: _orbit,
    talk.Codebook: _codebook,
    talk.ShortCode: _code,
    talk.Hotline: _hotline,
    talk.VoiceCall: _call,
    talk.SiteCheck: _site,
    judging.SealedJudgement: _sealed,
    judging.OpenedJudgement: _opened,
    judging.Docket: _docket,
    judging.RecordRemark: _remark,
    measures.Measure: _measure,
}
