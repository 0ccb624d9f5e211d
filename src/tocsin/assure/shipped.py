"""The questions that come with Tocsin, and the bound proofs found for them."""

import gzip
from importlib.resources import files
from typing import Final

from tocsin.assure.errors import QuestionRefused

NAMES: Final = (
    "poland-2007",
    "poland-romania",
    "ships-north",
    "joint-nato-russia",
    "joint-russian-deterrent",
    "russia-british-french",
    "russia-united-states",
)


def shipped(name: str) -> bytes:
    """The bytes of a shipped question."""
    if name not in NAMES:
        raise QuestionRefused(f"there is no shipped question {name!r}; there are {', '.join(NAMES)}.")
    return files("tocsin.assure").joinpath("studies", f"{name}.toml").read_bytes()


def shipped_proofs(name: str) -> dict[str, bytes]:
    """The bound proofs that come with a shipped question, by file name; empty for any other question."""
    folder = files("tocsin.assure").joinpath("proofs")
    if not folder.is_dir():
        return {}
    found = sorted(f.name for f in folder.iterdir() if f.name.startswith(f"{name}-") and f.name.endswith(".json.gz"))
    named = [f for f in found if f.removeprefix(f"{name}-")[:4].isdigit()]
    return {f.removesuffix(".gz"): gzip.decompress(folder.joinpath(f).read_bytes()) for f in named}
