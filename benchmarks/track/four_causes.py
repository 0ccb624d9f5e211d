"""Why four objects three sigma apart are not resolved within 20 scans: our tracker beside what the scans allow.

On the same runs as `four_apart`, with a plain linear filter of its own: the share resolved
  known      when it is known whose detection is whose (nothing but the noise is left),
  pictures   by the best of many joint pictures, each going on in every likely way, decided as late as possible,
  at once    by the best picture alone, decided anew in every scan and never taken back;
and our runs that fail by the first cause that applies: an object without a track, the noise, scans that mislead even
many pictures, or else a decision of the tracker.

    python -m benchmarks.track.four_causes [runs [pictures [first seed]]]        default 60, 300, 0
"""

import itertools
import sys
from functools import cache

import numpy as np

from benchmarks.track import _ours
from benchmarks.track._show import show
from benchmarks.track._worlds import DETECTED, HIGH, LOW, SIGMA, cartesian, four
from benchmarks.track.four_apart import AT, resolved

OBJECTS, ALIKE, LOSS = 4, 6, 25.0
NEAR_M = 3000.0  # what is further from the group than this is left out: clutter
BEGIN = np.log(0.05 / 10.0)  # births over clutter
F, Q = np.eye(6), np.kron(np.array([[1 / 3, 1 / 2], [1 / 2, 1.0]]), np.eye(3))
F[:3, 3:] = np.eye(3)


def converted(z):
    """Positions (m, 3), covariances (m, 3, 3) and log densities of clutter (m,) of detections."""
    e, a, r = z.T
    ce, se, ca, sa = np.cos(e), np.sin(e), np.cos(a), np.sin(a)
    turn = np.array([[-r * se * ca, -r * ce * sa, ce * ca], [-r * se * sa, r * ce * ca, ce * sa], [r * ce, 0 * r, se]])
    turn = turn.transpose(2, 0, 1)
    density = np.log(10.0 / np.prod(HIGH - LOW)) - np.log(r * r * ce)
    return cartesian(e, a, r), turn @ np.diag(SIGMA**2) @ turn.transpose(0, 2, 1), density


def begun(p, r):
    """First states and covariances, the speed within 700 m/s in each axis."""
    cov = np.zeros((*r.shape[:-2], 6, 6))
    cov[..., :3, :3], cov[..., 3:, 3:] = r, 700.0**2 * np.eye(3)
    return np.concatenate([p, np.zeros_like(p)], axis=-1), cov


def updated(x, cov, p, r):
    gain = np.linalg.solve(cov[..., :3, :3] + r, cov[..., :3, :]).swapaxes(-1, -2)
    return x + (gain @ (p - x[..., :3])[..., None])[..., 0], cov - gain @ cov[..., :3, :]


def known(world):
    """(n, 3) places at scan AT when it is known whose detection is whose."""
    tracks = {}
    for k in range(AT + 1):
        p, r, _ = converted(world.scans[k])
        tracks = {name: (F @ x, F @ cov @ F.T + Q) for name, (x, cov) in tracks.items()}
        for j in np.flatnonzero(world.origins[k] >= 0).tolist():
            name = int(world.origins[k][j])
            tracks[name] = updated(*tracks[name], p[j], r[j]) if name in tracks else begun(p[j], r[j])
    return np.array([x[:3] for x, _ in tracks.values()])


@cache
def shared_out(m):
    """(ways, OBJECTS): every way to give m detections to objects, -1 for none."""
    ways = itertools.product(range(-1, m), repeat=OBJECTS)
    return np.array([w for w in ways if len({*w} - {-1}) == sum(j >= 0 for j in w)])


def pictures(world, most):
    """(n, 3) places at scan AT of the best of `most` joint pictures of at most four objects."""
    x, cov = np.zeros((1, OBJECTS, 6)), np.tile(np.eye(6), (1, OBJECTS, 1, 1))
    begins, score, trail = np.zeros((1, OBJECTS), bool), np.zeros(1), np.full((1, OBJECTS, 0), -1)
    for k in range(AT + 1):
        p, r, density = converted(world.scans[k])
        near = np.linalg.norm(p - world.truth[k].mean(axis=0), axis=1) < NEAR_M
        p, r, density = p[near], r[near], density[near]
        x, cov, ways = x @ F.T, F @ cov @ F.T + Q, shared_out(len(p))
        gain = np.full((len(x), OBJECTS, len(p) + 1), np.log(1.0 - DETECTED))
        s, y = cov[:, :, None, :3, :3] + r, p - x[:, :, None, :3]
        fit = np.einsum("ktmi,ktmi->ktm", y, np.linalg.solve(s, y[..., None])[..., 0])
        gain[:, :, : len(p)] = np.log(DETECTED) - 0.5 * (fit + np.linalg.slogdet(2.0 * np.pi * s)[1]) - density
        gain[~begins] = -np.inf
        gain[~begins, -1] = 0.0
        total = score[:, None] + sum(gain[:, t][:, ways[:, t]] for t in range(OBJECTS))
        total += BEGIN * np.minimum(len(p) - (ways >= 0).sum(axis=1), (~begins).sum(axis=1)[:, None])
        order = np.argsort(-total, axis=None, kind="stable")[: 3 * most]
        order = order[total.ravel()[order] > total.max() - LOSS]
        old, new = order // len(ways), ways[order % len(ways)].copy()
        x, cov, begins, score = x[old], cov[old], begins[old].copy(), total.ravel()[order]
        x, cov = x.copy(), cov.copy()
        for t in range(OBJECTS):
            hit = np.flatnonzero(new[:, t] >= 0)
            x[hit, t], cov[hit, t] = updated(x[hit, t], cov[hit, t], p[new[hit, t]], r[new[hit, t]])
        for i in np.flatnonzero(~begins.all(axis=1)).tolist():
            left = [j for j in range(len(p)) if j not in new[i]]
            for t, j in zip(np.flatnonzero(~begins[i]).tolist(), left, strict=False):
                (x[i, t], cov[i, t]), begins[i, t], new[i, t] = begun(p[j], r[j]), True, j
        trail = np.concatenate([trail[old], new[:, :, None]], axis=2)[:, :, -ALIKE:]
        seen = {}
        for i, key in enumerate(tuple(sorted(map(tuple, one))) for one in trail.tolist()):
            seen.setdefault(key, i)
        rows = np.array(list(seen.values()))[:most]
        x, cov, begins, score, trail = x[rows], cov[rows], begins[rows], score[rows], trail[rows]
    return x[0, begins[0], :3]


OURS = {"ours": _ours.CLOSE, "ours without groups": _ours.PLAIN}
CAUSES = "an object without a track", "the noise", "misleading scans", "a decision of ours"


def main():
    runs, most, first = (int(a) for a in (*sys.argv[1:], *("60", "300", "0")[len(sys.argv) - 1 :]))
    share = dict.fromkeys((*OURS, "known", "pictures", "at once"), 0)
    causes = {name: dict.fromkeys(CAUSES, 0) for name in OURS}
    for seed in range(first, first + runs):
        world = four(seed)
        truth = world.truth[AT]
        places = {name: _ours.follow(world, settings).tracks[AT][1] for name, settings in OURS.items()}
        places |= {"known": known(world), "pictures": pictures(world, most), "at once": pictures(world, 1)}
        done = {name: resolved(truth, place) for name, place in places.items()}
        for name in share:
            share[name] += done[name].resolved
        for name in OURS:
            if not done[name].resolved:
                apply = (not done[name].each, not done["known"].resolved, not done["pictures"].resolved, True)
                causes[name][next(cause for cause, does in zip(CAUSES, apply, strict=True) if does)] += 1
    for name, count in share.items():
        show(f"four objects resolved in 20 scans: {name}", count / runs, "of runs", runs=runs, pictures=most)
    for name in OURS:
        for cause, count in causes[name].items():
            show(f"not resolved by {name}: {cause}", count / runs, "of runs")


if __name__ == "__main__":
    main()
