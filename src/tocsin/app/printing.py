"""Reports as PDF: a browser without a window prints the page, so that paper shows what the screen shows."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from tocsin.errors import Outage, Refusal
from tocsin.node.adapters.tilefiles import write_file

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
# The page asks for nothing from outside; these keep the browser itself from calling home.
FLAGS = (
    "--headless=new", "--disable-gpu", "--disable-quic", "--no-first-run", "--no-default-browser-check",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions",
    "--no-pdf-header-footer",
)  # fmt: skip
TIMEOUT_S = 180.0
_MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")


def browser() -> str:
    """The program that prints: what CHROMIUM names, or one on the path. Raises Refusal where there is none."""
    named = os.environ.get("CHROMIUM", "")
    if named:
        found = shutil.which(named)
        if found is None:
            raise Refusal(f"CHROMIUM names {named}, which is no program here: the path of Chromium was expected")
        return found
    found = next(filter(None, map(shutil.which, NAMES)), None) or (str(_MAC) if _MAC.exists() else None)
    if found is None:
        raise Refusal(
            "a PDF is printed by Chromium, and none is here: install it (Debian: apt install chromium), or let the "
            "environment variable CHROMIUM name one; without --pdf the report is written as HTML all the same"
        )
    return found


def print_pdf(page: Path, out: Path, program: str, timeout_s: float = TIMEOUT_S) -> None:
    """Print a page to a PDF file, A4. Raises Outage if the browser gave none, with what it said last."""
    with tempfile.TemporaryDirectory(prefix="tocsin-pdf-") as folder:
        made = Path(folder) / "report.pdf"
        # Chromium has no sandbox for root; the page runs no script, by its own policy.
        rights = ["--no-sandbox"] if getattr(os, "geteuid", lambda: 1)() == 0 else []
        command = [program, *FLAGS, *rights, f"--user-data-dir={folder}/profile", f"--print-to-pdf={made}"]
        command.append(page.resolve().as_uri())
        said = _run(command, timeout_s)
        data = made.read_bytes() if made.exists() else b""
        if not data.startswith(b"%PDF-"):
            raise Outage(f"{program} printed no PDF of {page}: a PDF file was expected; it said: {said or 'nothing'}")
        write_file(out, data)


def _run(command: list[str], timeout_s: float) -> str:
    """The last line that the program wrote to standard error."""
    try:
        done = subprocess.run(command, capture_output=True, timeout=timeout_s, check=False)  # noqa: S603 - our words
    except subprocess.TimeoutExpired:
        return f"nothing within {timeout_s:g} s"
    lines = done.stderr.decode(errors="replace").strip().splitlines()
    return lines[-1][:300] if lines else ""
