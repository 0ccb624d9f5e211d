"""Writes golden/three-parties.json: a log, and the picture of it to the last bit. Run from the root of the project:

    python tests/fuse/make_golden.py

The entries come from reference_radars.py (seed 11), so their numbers are those of one machine's linear algebra; they
are input here, and stored. The digests and the bits of the states are what every machine must compute from them. The
tolerance is none: section 1 of docs/fusion.md promises equal bits. Make it anew only with a new FUSE_VERSION.
"""

import json
from pathlib import Path

from reference_radars import EAST, RNG, SOUTH, T0_NS, WEST, simulate

from tocsin.fuse import FUSE_VERSION, common_picture

FILE = Path(__file__).parent / "golden" / "three-parties.json"
SECONDS = (12, 26, 33)


def made() -> dict[str, object]:
    campaign = simulate(RNG(11), 1, 30, 5, [WEST, EAST, SOUTH])
    entries = [entry for logs in campaign.logs.values() for entry in logs[0].entries]
    return {
        "generator": "python tests/fuse/make_golden.py",
        "fuse_version": FUSE_VERSION,
        "entries": [[entry.origin, entry.index, entry.data.decode()] for entry in entries],
        "pictures": [picture_bits(entries, second) for second in SECONDS],
    }


def picture_bits(entries, second: int) -> dict[str, object]:
    """Digest, and every state's bits as hexadecimal floats."""
    picture = common_picture(entries, T0_NS + second * 10**9)
    return {
        "second": second,
        "digest": picture.digest,
        "states_ecef": [[value.hex() for value in track.state_ecef.tolist()] for track in picture.tracks],
        "variances": [[v.hex() for v in track.covariance_ecef.diagonal().tolist()] for track in picture.tracks],
    }


if __name__ == "__main__":
    FILE.write_text(json.dumps(made(), indent=1) + "\n")
