"""Own picture -> drafts of tracklets: what each track gained since our last statement about it.

A track is spoken of at once when it is new, when its phase changes and when it dies, and else as often as the regime
says, if a sensor has added to it. Numbers are rounded first; the ledger later folds the rounded ones, as sent.
"""

from collections.abc import Iterator

import msgspec
import numpy as np

from tocsin.regime import Regime, TrackletTerms
from tocsin.release.estimates import Estimate, PictureLike, classes, estimates, extent, track_name
from tocsin.release.increment import gain
from tocsin.release.ledger import Ledger, Said, carried
from tocsin.release.publish import destination
from tocsin.release.reading import information_matrix
from tocsin.release.records import Context, Draft, Group
from tocsin.release.rounding import rounded, significant
from tocsin.release.settings import OWN_TERMS, TrackletSettings
from tocsin.wire.bodies import UPPER_COLUMNS, UPPER_ROWS, Tracklet
from tocsin.world.exact import Array, congruence6, inverse6, matvec
from tocsin.world.frames import rotation6, rotation6_inverse


def track_drafts(
    picture: PictureLike,
    ledger: Ledger,
    regime: Regime,
    context: Context,
    settings: TrackletSettings | None = None,
) -> tuple[Draft, ...]:
    """Drafts for `publish`, in the order of the tracks. Add what was logged to the ledger before asking again."""
    settings = settings or TrackletSettings()
    drafts = []
    destinations: dict[str, Group] = {}
    usual = _group(None, None, regime, context)
    for estimate in estimates(picture, context.party, settings):
        range_km, apogee_km = _scoped_extent(estimate, ledger, regime)
        group = usual if apogee_km is None else _group(range_km, apogee_km, regime, context)
        made = _made(group, estimate, ledger, regime, context, settings)
        over = "" if made is None or group == "own" else ledger.meter.too_much(made[0])
        if over:  # the party's own limit on what its sensors' place may leak: on in the own log
            group = "own"
            made = _made(group, estimate, ledger, regime, context, settings)
        destinations[estimate.track] = group
        if made is not None:
            body, remark = made
            drafts.append(
                _draft(
                    body, context, range_km=range_km, apogee_km=apogee_km, remark=over or remark, private=bool(over)
                )
            )
    return (*drafts, *_endings(picture, destinations, usual, ledger, regime, context))


def _made(
    group: Group, estimate: Estimate, ledger: Ledger, regime: Regime, context: Context, settings: TrackletSettings
) -> tuple[Tracklet, str] | None:
    """What is to be said about a track now in a log, and a remark for the private record; None: nothing yet."""
    terms, said = _terms(group, regime, context), ledger.said(group, estimate.track)
    return _tracklet(estimate, said, terms, settings) if _due(estimate, said, terms) else None


def _group(range_km: float | None, apogee_km: float | None, regime: Regime, context: Context) -> Group:
    group, _ = destination("tracklet", (), range_km, apogee_km, regime, context)
    if group is None:
        raise AssertionError("a tracklet is always recorded, in one log or the other")
    return group


def _terms(group: Group, regime: Regime, context: Context) -> TrackletTerms:
    if group == "own" or regime.terms.tracklet is None:
        return OWN_TERMS
    terms, every_s = regime.terms.tracklet, context.more.every_s
    sooner = every_s is not None and every_s < terms.min_interval_s
    return msgspec.structs.replace(terms, min_interval_s=every_s) if sooner else terms


def _scoped_extent(estimate: Estimate, ledger: Ledger, regime: Regime) -> tuple[float | None, float | None]:
    """Range and apogee, if the regime's scope asks for them. A track that was shared once is inside for good:

    an estimate that wavers about the edge must not flicker.
    """
    scope = regime.terms.scope
    if scope is None or "tracklet" not in scope.kinds or ledger.said("shared", estimate.track) is not None:
        return None, None
    return extent(estimate)


def _due(estimate: Estimate, said: Said | None, terms: TrackletTerms) -> bool:
    if said is None:
        return True
    if said.ended or estimate.t_tai_us <= said.t_tai_us:
        return False
    if said.restart or estimate.phase != said.phase:
        return True
    news = estimate.updated_tai_us > said.t_tai_us
    return news and estimate.t_tai_us - said.t_tai_us >= round(terms.min_interval_s * 1e6)


def _tracklet(
    estimate: Estimate, said: Said | None, terms: TrackletTerms, settings: TrackletSettings
) -> tuple[Tracklet, str]:
    """The statement, and a remark for the private record."""
    if terms.coarsen:
        return _coarse(estimate, terms), ""
    if said is None or said.restart or said.coarsened:
        return _full(estimate, terms), ""
    return _increment(estimate, said, terms, settings)


def _increment(
    estimate: Estimate, said: Said, terms: TrackletTerms, settings: TrackletSettings
) -> tuple[Tracklet, str]:
    boosting = "boost" in (estimate.phase, said.phase)
    gained = gain(said, estimate.t_tai_us, estimate.mean, estimate.covariance, boosting, settings)
    turn = rotation6(estimate.t_tai_us * 1_000)
    upper = _upper(congruence6(turn.T, gained.information))
    before = congruence6(turn.T, gained.channel_information)
    reference, away = _reference(estimate, terms)
    back = rotation6_inverse(estimate.t_tai_us * 1_000)
    channel_away = matvec(back, gained.channel_mean - estimate.mean) + away
    vector = matvec(before + information_matrix(upper), away) - matvec(before, channel_away)
    body = _body(estimate, said.t_tai_us, reference, upper, vector, gained.process_noise_m2_s3)
    remark = f"{gained.cut:.1%} of what was known before was cut from the increment" if gained.cut > 1e-3 else ""
    return body, remark


def _full(estimate: Estimate, terms: TrackletTerms) -> Tracklet:
    turn = rotation6(estimate.t_tai_us * 1_000)
    upper = _upper(congruence6(turn.T, inverse6(estimate.covariance)))
    reference, away = _reference(estimate, terms)
    return _body(estimate, None, reference, upper, matvec(information_matrix(upper), away), 0.0)


def _coarse(estimate: Estimate, terms: TrackletTerms) -> Tracklet:
    """Rounded to the quanta and inflated; the rounding error, uniform, is added as its variance quantum^2 / 12."""
    back = rotation6_inverse(estimate.t_tai_us * 1_000)
    reference, _ = _reference(estimate, terms)
    quanta = np.repeat([terms.position_quantum_m, terms.velocity_quantum_m_s], 3)
    covariance = terms.inflation * (congruence6(back, estimate.covariance) + np.diag(quanta * quanta / 12.0))
    return _body(estimate, None, reference, _few_digits(covariance), np.zeros(6), 0.0, coarsened=True)


def _few_digits(covariance: Array) -> tuple[float, ...]:
    """Information to three digits that claims no more than `covariance` does.

    Narrow correlations do not survive three digits; then only the diagonal is told, and n diag(P) >= P for n rows.
    """
    upper = tuple(significant(value, 3) for value in _flat(inverse6(1.05 * covariance)))
    root = np.linalg.cholesky(covariance)
    claims = np.linalg.eigvalsh(root.T @ information_matrix(upper) @ root)
    if claims[0] > 0.5 and claims[-1] <= 1.0:
        return upper
    return tuple(significant(value, 3) for value in _flat(np.diag(1.0 / (6.05 * np.diag(covariance)))))


def _reference(estimate: Estimate, terms: TrackletTerms) -> tuple[tuple[float, ...], Array]:
    """Reference point (6,) in ECEF, rounded, and how far the estimate lies from it."""
    mean = matvec(rotation6_inverse(estimate.t_tai_us * 1_000), estimate.mean)
    reference = (
        *rounded(mean[:3], terms.position_quantum_m),
        *rounded(mean[3:], terms.velocity_quantum_m_s),
    )
    return reference, mean - np.array(reference)


def _body(
    estimate: Estimate, since_tai_us: int | None, reference: tuple[float, ...], upper: tuple[float, ...],
    vector: Array, noise: float, *, coarsened: bool = False, ended: bool = False,
) -> Tracklet:  # fmt: skip
    x, y, z, vx, vy, vz = reference
    return Tracklet(
        track=estimate.track,
        since_tai_us=since_tai_us,
        t_tai_us=estimate.t_tai_us,
        position_ecef_m=(x, y, z),
        velocity_ecef_m_s=(vx, vy, vz),
        information=upper,
        information_vector=tuple(significant(float(value)) for value in vector),
        process_noise_m2_s3=noise,
        existence=estimate.existence,
        phase=estimate.phase,
        classes=() if ended else classes(estimate),
        sensors=estimate.sensors,
        coarsened=coarsened,
        ended=ended,
    )


def _endings(
    picture: PictureLike, destinations: dict[str, Group], usual: Group, ledger: Ledger, regime: Regime, context: Context
) -> Iterator[Draft]:
    """Tracks that died; and in the own log, those that go on in the shared one since the regime lets them."""
    alive = {track_name(context.party, number) for number in picture.id}
    t_tai_us = picture.t_tai_ns // 1_000
    for group in ("shared", "own"):
        for track in ledger.open(group):
            moved = group == "own" and destinations.get(track) == "shared"
            said = ledger.said(group, track)
            if said is None or (track in alive and not moved) or said.t_tai_us >= t_tai_us:
                continue
            if group == "own" or usual == "shared":
                body = _ending(track, said, t_tai_us, _terms(group, regime, context))
                yield _draft(body, context, private=group == "own")


def _ending(track: str, said: Said, t_tai_us: int, terms: TrackletTerms) -> Tracklet:
    """The last word on a track: nothing gained, existence none."""
    mean, covariance = carried(said, t_tai_us, 0.0)
    estimate = Estimate(
        track=track, t_tai_us=t_tai_us, mean=mean, covariance=covariance, updated_tai_us=said.t_tai_us,
        phase=said.phase, existence=0.0, sensors=0,
    )  # fmt: skip
    reference, _ = _reference(estimate, terms)
    if said.coarsened or said.restart:
        turn = rotation6(t_tai_us * 1_000)
        upper = _upper(congruence6(turn.T, inverse6(covariance)))
        return _body(estimate, None, reference, upper, np.zeros(6), 0.0, coarsened=said.coarsened, ended=True)
    return _body(estimate, said.t_tai_us, reference, (0.0,) * 21, np.zeros(6), 0.0, ended=True)


def _upper(matrix: Array) -> tuple[float, ...]:
    return tuple(significant(value) for value in _flat(matrix))


def _flat(matrix: Array) -> list[float]:
    values: list[float] = matrix[UPPER_ROWS, UPPER_COLUMNS].tolist()
    return values


def _draft(
    body: Tracklet, context: Context, *, range_km: float | None = None, apogee_km: float | None = None,
    remark: str = "", private: bool = False,
) -> Draft:  # fmt: skip
    return Draft(
        body=body,
        observed_tai_ns=body.t_tai_us * 1_000,
        uncertainty_ns=context.clock_sigma_ns,
        mode=context.mode,
        range_km=range_km,
        apogee_km=apogee_km,
        remark=remark,
        private=private,
    )
