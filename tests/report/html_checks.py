"""Checks on a finished page, apart from the code that makes it. Every check answers with a list of complaints."""

import re
from collections import Counter
from functools import lru_cache
from html.parser import HTMLParser
from itertools import pairwise

VOID = {"meta", "br", "hr", "img", "input", "link", "col", "source", "wbr", "base"}
ACTIVE = {"script", "link", "iframe", "object", "embed", "base", "img"}
FETCHING = {"src", "srcset", "data", "poster", "xlink:href", "action", "formaction", "background"}


class Page(HTMLParser):
    """Collects tags with their attributes, complaints about nesting, and text by element."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.complaints: list[str] = []
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.text: list[tuple[str, str]] = []
        self.feed(html)
        self.close()
        self.complaints += [f"<{tag}> is never closed" for tag in self.open]

    def handle_starttag(self, tag, attrs):
        names = [name for name, _ in attrs]
        self.complaints += [f"<{tag}> has {n} twice" for n, count in Counter(names).items() if count > 1]
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag):
        if not self.open or self.open[-1] != tag:
            self.complaints.append(f"</{tag}> closes {self.open[-1:]} at {self.getpos()}")
        else:
            self.open.pop()

    def handle_data(self, data):
        self.text.append((self.open[-1] if self.open else "", data))


@lru_cache(maxsize=2)
def parsed(html: str) -> Page:
    return Page(html)


def nesting(html: str) -> list[str]:
    return parsed(html).complaints


def duplicate_ids(html: str) -> list[str]:
    ids = Counter(attrs["id"] for _, attrs in parsed(html).tags if "id" in attrs)
    return [name for name, count in ids.items() if count > 1]


def broken_references(html: str) -> list[str]:
    page = parsed(html)
    ids = {attrs["id"] for _, attrs in page.tags if "id" in attrs}
    wanted = [attrs["href"][1:] for _, attrs in page.tags if attrs.get("href", "").startswith("#")]
    wanted += [name for _, attrs in page.tags for name in attrs.get("aria-labelledby", "").split()]
    wanted += re.findall(r"url\(#([\w-]+)\)", html)
    return sorted({name for name in wanted if name not in ids})


def unnamed_figures(html: str) -> list[str]:
    """Drawings without an accessible name; figures without a caption; tables without one."""
    page = parsed(html)
    wrong = []
    for tag, attrs in page.tags:
        if tag == "svg" and attrs.get("aria-hidden") != "true" and not (
            attrs.get("role") == "img" and attrs.get("aria-labelledby")
        ):
            wrong.append(f"svg {attrs}")
    count = Counter(tag for tag, _ in page.tags)
    if count["figure"] != count["figcaption"]:
        wrong.append("a figure without caption")
    if count["table"] != count["caption"]:
        wrong.append("a table without caption")
    return wrong


def outside_requests(html: str) -> list[str]:
    """Everything that would make a browser ask another address, or run something."""
    page = parsed(html)
    wrong = [f"<{tag}>" for tag, _ in page.tags if tag in ACTIVE]
    for tag, attrs in page.tags:
        wrong += [f"{tag} {name}" for name in attrs if name in FETCHING or name.startswith("on")]
        if "href" in attrs and tag != "a":
            wrong.append(f"{tag} href")
        if tag == "a" and not attrs["href"].startswith(("#", "https://", "http://")):
            wrong.append(f"a {attrs['href']}")
    style = "".join(text for tag, text in page.text if tag == "style")
    wrong += [u for u in re.findall(r"url\(([^)]*)\)", style) if not u.startswith(('"data:font', "#"))]
    return wrong + re.findall(r"@import[^;]*", style)


def skipped_headings(html: str) -> list[str]:
    levels = [int(tag[1]) for tag, _ in parsed(html).tags if re.fullmatch(r"h[1-6]", tag)]
    wrong = [f"h{a} then h{b}" for a, b in pairwise(levels) if b > a + 1]
    return wrong if levels.count(1) == 1 else [*wrong, "not exactly one h1"]


ALL = (nesting, duplicate_ids, broken_references, unnamed_figures, outside_requests, skipped_headings)
