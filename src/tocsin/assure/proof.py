"""Writing a claim down as a proof: exact rationals, the subdivision trees, nothing else."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any, Final

from tocsin.assure.model import MU_KM3_S2, RADIUS_KM, ROTATION_RAD_S, regions_of
from tocsin.assure.question import Box, Question, Value
from tocsin.assure.search import LEAVES, Tree
from tocsin.assure.threshold import Claim

FORMAT: Final = "tocsin-bound-proof/3"


def _exact(x: Fraction) -> str:
    return str(x)


def _ends(value: Value) -> list[str]:
    return [_exact(value.low), _exact(value.high)]


def _region(box: Box) -> dict[str, Any]:
    return {
        "name": box.name,
        "latitude_deg": _ends(box.latitude_deg),
        "longitude_deg": _ends(box.longitude_deg),
    }


def proof_of(question: Question, claim: Claim) -> bytes:
    """The proof as UTF-8 JSON with one root on each line; the bytes are the same on every run."""
    cap = question.flight_cap_s
    head = {
        "format": FORMAT,
        "title": question.title,
        "question_sha256": question.sha256,
        "model": {
            "radius_km": _exact(RADIUS_KM),
            "mu_km3_s2": _exact(MU_KM3_S2),
            "rotation_rad_s": _exact(ROTATION_RAD_S),
            "drift_km_s2": _exact(question.drift_km_s2.high),
            "burn_radius_km": _exact(question.burn_radius_km.high),
            "altitude_min_km": _exact(question.altitude_min_km.low),
            "arc_start_max_s": _exact(question.arc_start_max_s),
            "flight_cap_s": None if cap is None else _exact(cap.high),
            "clips": [_exact(y) for y in claim.clips],
        },
        "family": {"apogee_factor": _ends(question.apogee_factor), "arc_time_s": _ends(question.arc_time_s)},
        "claim": {
            "commit_delay_s": [_exact(t) for t in claim.delays_s],
            "speed_km_s": [_exact(v) for v in claim.speeds_km_s],
        },
    }
    roots = [
        {"site": _region(r.site), "launch": _region(r.launch), "aim": _region(r.aim), "tree": tree.text}
        for r, tree in zip(claim.regions, claim.trees, strict=True)
    ]
    lines = [json.dumps({name: part}, ensure_ascii=False)[1:-1] for name, part in head.items()]
    body = ",\n".join(json.dumps(root, ensure_ascii=False) for root in roots)
    return ("{" + ",\n".join(lines) + ',\n"roots": [\n' + body + "\n]}\n").encode()


def claim_of(question: Question, data: bytes) -> Claim | None:
    """The claim of a proof made for the same inputs; None where it speaks of other boxes, another family or model.

    The texts of the question (title, sources) may have changed since: they are no part of what is proved. Nothing is
    checked here; the trees are only read.
    """
    try:
        top = json.loads(data)
        low, high = (Fraction(t) for t in top["claim"]["commit_delay_s"])
        first, second = (Fraction(v) for v in top["claim"]["speed_km_s"])
        one, two, three = (Fraction(y) for y in top["model"]["clips"])
        texts = [str(root["tree"]) for root in top["roots"]]
    except (ValueError, KeyError, TypeError):
        return None
    regions = regions_of(question, (low, high))
    trees = tuple(Tree(text, sum(mark in LEAVES for mark in text), True, ()) for text in texts)
    if len(regions) != len(trees):
        return None
    claim = Claim((low, high), (first, second), (one, two, three), regions, trees)
    same = json.loads(proof_of(question, claim))
    same["title"], same["question_sha256"] = top.get("title"), top.get("question_sha256")
    return claim if same == top else None
