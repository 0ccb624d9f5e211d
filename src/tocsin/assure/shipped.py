"""The questions that come with Tocsin."""

from importlib.resources import files
from typing import Final

from tocsin.assure.errors import QuestionRefused

NAMES: Final = (
    "poland-2007",
    "poland-romania",
    "ships-north",
    "joint-nato-russia",
    "russia-british-french",
    "russia-united-states",
)


def shipped(name: str) -> bytes:
    """The bytes of a shipped question."""
    if name not in NAMES:
        raise QuestionRefused(f"there is no shipped question {name!r}; there are {', '.join(NAMES)}.")
    return files("tocsin.assure").joinpath("studies", f"{name}.toml").read_bytes()
