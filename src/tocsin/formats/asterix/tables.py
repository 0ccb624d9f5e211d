"""Categories as data: the files under tables/, one for each, read once."""

import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

from tocsin.formats.asterix.shapes import Shape, shape

CATEGORIES = (1, 2, 21, 34, 48, 62, 65)
RANDOM = "RFS"
Plan = tuple[tuple[str, Shape | None], ...]


@dataclass(frozen=True, slots=True)
class Category:
    """`uaps`: orders of items ("every", or "plot" and "track" for category 001). `items`: shapes by reference."""

    number: int
    name: str
    edition: str
    uaps: dict[str, tuple[str, ...]]
    items: dict[str, Shape]
    plans: dict[tuple[str, bytes], Plan] = field(default_factory=dict)


@cache
def category(number: int) -> Category:
    """The tables of one category. KeyError for one that is not here."""
    if number not in CATEGORIES:
        raise KeyError(number)
    text = resources.files("tocsin.formats.asterix").joinpath("tables", f"cat{number:03}.toml").read_text()
    raw = tomllib.loads(text)
    return Category(
        number=number,
        name=raw["name"],
        edition=raw["edition"],
        uaps={name: tuple(order.split()) for name, order in raw["uap"].items()},
        items={reference: shape(notation) for reference, notation in raw["items"].items()},
    )
