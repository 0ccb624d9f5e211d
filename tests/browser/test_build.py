"""The committed pages are what the sources give, and nothing in them reaches outside."""

import filecmp
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "src" / "tocsin" / "console" / "pages"


def test_no_page_names_another_host_or_holds_inline_script():
    for page in PAGES.glob("*.html"):
        text = page.read_text()
        assert re.findall(r"https?://", text) == []
        assert re.findall(r"<script(?![^>]*\bsrc=)", text) == []
        assert "<style" not in text


@pytest.mark.servers
@pytest.mark.slow
def test_a_build_of_the_sources_gives_the_committed_files(tmp_path):
    if shutil.which("npx") is None or not (ROOT / "web" / "node_modules" / ".package-lock.json").exists():
        pytest.skip("Node and web/node_modules are needed: make web")
    subprocess.run(
        ["npx", "vite", "build", "--outDir", str(tmp_path / "pages"), "--logLevel", "error"],
        cwd=ROOT / "web", check=True, capture_output=True,
    )  # fmt: skip
    made = sorted(p.relative_to(tmp_path / "pages") for p in (tmp_path / "pages").rglob("*") if p.is_file())
    held = sorted(p.relative_to(PAGES) for p in PAGES.rglob("*") if p.is_file())
    assert made == held
    assert [one for one in made if not filecmp.cmp(tmp_path / "pages" / one, PAGES / one, shallow=False)] == []
