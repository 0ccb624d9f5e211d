"""The pages of the documentation: complete, every link leads somewhere, nothing is asked of another machine."""

import re
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from tools.site.__main__ import Site, slug, sources  # noqa: E402


class Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.ids, self.links, self.loads, self.tags, self.text = set(), [], [], set(), []

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.tags.add(tag)
        self.ids |= {found["id"]} if "id" in found else set()
        self.links += [found["href"]] if tag == "a" else []
        self.loads += [found[name] for name in ("src", "data", "srcset") if name in found]
        self.loads += [found["href"]] if tag == "link" else []

    def handle_data(self, data):
        self.text.append(data)


def read(path):
    reader = Reader()
    reader.feed(path.read_text(encoding="utf-8"))
    return reader


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    out = tmp_path_factory.mktemp("made") / "site"
    Site(out).write()
    return {path.relative_to(out).as_posix(): read(path) for path in out.rglob("*.html")}, out


def test_every_text_is_a_page_in_the_list_of_every_page(site):
    pages, _ = site
    assert set(pages) == set(sources().values())
    assert len({page.rpartition("/")[2] for page in pages}) > 30
    for name, page in pages.items():
        up = Path(name).parent
        reached = {(Path("/") / up / link).resolve() for link in page.links if not re.match(r"[a-z]+:|#", link)}
        assert {(Path("/") / other).resolve() for other in pages} <= reached


def test_every_link_leads_to_a_page_and_a_heading_that_are_there(site):
    pages, out = site
    wrong = []
    for name, page in pages.items():
        for link in page.links:
            if re.match(r"[a-z]+:", link):
                continue
            path, _, part = link.partition("#")
            target = (out / name).parent / path if path else out / name
            found = pages.get(target.resolve().relative_to(out.resolve()).as_posix())
            if found is None or (part and part not in found.ids):
                wrong.append(f"{name}: {link}")
    assert wrong == []


def test_nothing_is_loaded_from_outside_and_nothing_runs(site):
    pages, out = site
    for name, page in pages.items():
        assert "script" not in page.tags
        for load in page.loads:
            assert not re.match(r"([a-z]+:)?//", load)
            assert ((out / name).parent / load).exists(), f"{name} loads {load}"
    style = (out / "style.css").read_text()
    assert all((out / url).exists() for url in re.findall(r"url\(([^)]+)\)", style))
    assert "//" not in style


def test_a_second_build_is_the_same(site, tmp_path):
    _, out = site
    Site(tmp_path / "again").write()
    for path in out.rglob("*"):
        if path.is_file():
            assert (tmp_path / "again" / path.relative_to(out)).read_bytes() == path.read_bytes()


def test_names_of_headings():
    used = set()
    assert [slug(text, used) for text in ("Two logs", "Two logs", "What it is, not!")] == [
        "two-logs", "two-logs-1", "what-it-is-not",
    ]  # fmt: skip
