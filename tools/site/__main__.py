"""The documentation as pages in build/site: `python -m tools.site [FOLDER]`. No outside request, no script.

From what stands in the repository alone: the README, docs, decisions, and the README of every room. A path of one of
them, as a link or in code letters, becomes a link to its page.
"""

import html
import posixpath
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).parents[2]
FONTS = ROOT / "src" / "tocsin" / "report" / "data" / "fonts"
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'">
<title>{title}</title><link rel="stylesheet" href="{up}style.css"></head>
<body><a class="skip" href="#text">To the text</a><nav aria-label="Pages">{nav}</nav>
<main id="text">
{text}</main></body></html>
"""


def sources() -> dict[str, str]:
    """Page by source, both relative: every text that is published."""
    found = {"README.md": "index.html", "CHANGELOG.md": "changelog.html"}
    found |= {f"docs/{path.name}": f"{path.stem}.html" for path in sorted((ROOT / "docs").glob("*.md"))}
    found |= {
        f"docs/decisions/{path.name}": f"decisions/{'index' if path.stem == 'README' else path.stem}.html"
        for path in sorted((ROOT / "docs" / "decisions").glob("*.md"))
    }
    rooms = sorted((ROOT / "src" / "tocsin").glob("*/README.md"))
    return found | {f"src/tocsin/{path.parent.name}/README.md": f"rooms/{path.parent.name}.html" for path in rooms}


def slug(text: str, used: set[str]) -> str:
    """Name of a heading, as code forges make it."""
    base = re.sub(r"[^\w\- ]", "", text.lower()).strip().replace(" ", "-") or "part"
    name, number = base, 1
    while name in used:
        name, number = f"{base}-{number}", number + 1
    used.add(name)
    return name


class Site:
    """Everything that is published, with what each page needs to point to others."""

    def __init__(self, out: Path) -> None:
        self._out, self._pages = out, sources()
        self._read = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
        self._titles = {source: self._title(source) for source in self._pages}

    def write(self) -> int:
        """All pages, the style, fonts and pictures. Returns how many pages."""
        if self._out.exists():
            shutil.rmtree(self._out)
        (self._out / "fonts").mkdir(parents=True)
        shutil.copy(Path(__file__).with_name("style.css"), self._out)
        for font in FONTS.glob("*latin*.woff2"):
            shutil.copy(font, self._out / "fonts")
        shutil.copy(FONTS / "OFL.txt", self._out / "fonts")
        shutil.copytree(ROOT / "docs" / "images", self._out / "images")
        for source, page in self._pages.items():
            path = self._out / page
            path.parent.mkdir(exist_ok=True)
            up = "../" * page.count("/")
            text = self._read.renderer.render(self._tokens(source), self._read.options, {})
            text = text.replace("<table>", '<div class="wide"><table>').replace("</table>", "</table></div>")
            title = html.escape(f"{self._titles[source]} - Tocsin" if page != "index.html" else "Tocsin")
            path.write_text(PAGE.format(title=title, up=up, nav=self._nav(page), text=text), encoding="utf-8")
        return len(self._pages)

    def _title(self, source: str) -> str:
        found = re.search(r"(?m)^# (.+)$", (ROOT / source).read_text(encoding="utf-8"))
        return found[1].replace("`", "").partition(":")[0] if found else Path(source).stem

    def _nav(self, here: str) -> str:
        parts = {"": "", "decisions/": "Decisions", "rooms/": "Rooms"}
        lines = []
        for folder, heading in parts.items():
            lines += [f"<h2>{heading}</h2>"] if heading else []
            for source, page in self._pages.items():
                if page.rpartition("/")[0] == folder.rstrip("/"):
                    now = ' aria-current="page"' if page == here else ""
                    target = posixpath.relpath(page, posixpath.dirname(here) or ".")
                    lines.append(f'<a href="{target}"{now}>{html.escape(self._titles[source])}</a>')
        return "\n".join(lines)

    def _tokens(self, source: str) -> list[Token]:
        tokens = self._read.parse((ROOT / source).read_text(encoding="utf-8"))
        used: set[str] = set()
        for number, token in enumerate(tokens):
            if token.type == "heading_open":
                words = "".join(child.content for child in tokens[number + 1].children or ())
                token.attrSet("id", slug(words, used))
            if token.children:
                token.children = list(self._inline(source, token.children))
        return tokens

    def _inline(self, source: str, children: list[Token]) -> Iterator[Token]:
        inside = False
        for child in children:
            if child.type == "link_open":
                inside = True
                child.attrSet("href", self._target(source, str(child.attrGet("href"))))
            elif child.type == "link_close":
                inside = False
            elif child.type == "image":
                child.attrSet("src", self._picture(source, str(child.attrGet("src"))))
            page = self._pages.get(child.content) if child.type == "code_inline" and not inside else None
            if page is None:
                yield child
            else:
                link = Token("link_open", "a", 1)
                link.attrSet("href", self._from(source, page))
                yield from (link, child, Token("link_close", "a", -1))

    def _from(self, source: str, page: str) -> str:
        return posixpath.relpath(page, posixpath.dirname(self._pages[source]) or ".")

    def _target(self, source: str, link: str) -> str:
        """A link to another text becomes one to its page; outside addresses stay. Other files: an error."""
        path, mark, part = link.partition("#")
        if not path or re.match(r"[a-z]+:", link):
            return link
        wanted = posixpath.normpath(posixpath.join(posixpath.dirname(source), unquote(path)))
        if wanted not in self._pages:
            sys.exit(f"site: {source}: the link {link} leads to no published page")
        return self._from(source, self._pages[wanted]) + mark + part

    def _picture(self, source: str, link: str) -> str:
        wanted = posixpath.normpath(posixpath.join(posixpath.dirname(source), unquote(link)))
        if not wanted.startswith("docs/images/") or not (ROOT / wanted).exists():
            sys.exit(f"site: {source}: the picture {link} is not one of docs/images")
        return quote(self._from(source, wanted.removeprefix("docs/")))


if __name__ == "__main__":
    place = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build" / "site"
    print(f"{Site(place).write()} pages in {place}")
