"""One page: the shared style, fonts and layout. Nothing in it asks for anything from outside.

Every later document extends `page.html` and takes its style from `style.css`.
"""

import base64
import re
from functools import cache
from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup, escape

from tocsin.report import words

_FACES = (
    ("IBM Plex Sans", "ibm-plex-sans", 400),
    ("IBM Plex Sans", "ibm-plex-sans", 600),
    ("IBM Plex Mono", "ibm-plex-mono", 400),
)
_RANGES = {
    "latin": "U+0000-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+2000-206F,U+20AC,U+2122,U+2212",
    "cyrillic": "U+0301,U+0400-045F,U+0490-0491,U+04B0-04B1,U+2116",
}
_LINK = re.compile(r"https?://[^\s<>\"'`\\]+", re.ASCII)


def _resource(name: str) -> bytes:
    return files("tocsin.report").joinpath(name).read_bytes()


@cache
def style() -> Markup:
    """The style sheet with its fonts inside."""
    faces = []
    for family, stem, weight in _FACES:
        for subset, unicode_range in _RANGES.items():
            data = base64.b64encode(_resource(f"data/fonts/{stem}-{subset}-{weight}-normal.woff2")).decode()
            faces.append(
                f'@font-face{{font-family:"{family}";font-weight:{weight};font-display:swap;'
                f'src:url("data:font/woff2;base64,{data}") format("woff2");unicode-range:{unicode_range}}}'
            )
    return Markup("\n".join(faces) + "\n" + _resource("style.css").decode())  # noqa: S704 - our own files


def linked(text: str) -> Markup:
    """Foreign text with its http and https addresses as links; everything else stays text."""
    clean, parts, end = words.clean(text), [], 0
    for match in _LINK.finditer(clean):
        address = match.group().rstrip(".,;:)]")
        start = match.start()
        parts += [escape(clean[end:start]), Markup('<a href="{0}" rel="noreferrer">{0}</a>').format(address)]
        end = start + len(address)
    return Markup("").join([*parts, escape(clean[end:])])


@cache
def environment() -> Environment:
    """Templates of this package: everything is escaped, and a missing value is an error."""
    made = Environment(
        loader=FunctionLoader(lambda name: _resource(name).decode()),
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    made.filters |= {
        "clean": words.clean, "moment": words.moment, "duration": words.duration, "km": words.km,
        "size": words.size, "kind": words.plain_kind, "linked": linked, "tight": words.tight,
    }  # fmt: skip
    return made


def render(template: str, context: dict[str, object]) -> str:
    """The page as one text, ready to be written to a file as UTF-8."""
    return environment().get_template(template).render(context, style=style())
