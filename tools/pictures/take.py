"""Pictures for the README from a finished run: `take.py runs/andoya-1995-1995`. Needs Chromium."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

FLAGS = [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars",
]  # fmt: skip
OUT = Path("docs/images")


def shot(page: Path, out: Path, width: int, height: int) -> None:
    """One picture of the top of a page."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if browser is None:
        sys.exit("no Chromium here; install Debian's package chromium, then run this again")
    with tempfile.TemporaryDirectory() as profile:
        command = [browser, *FLAGS, f"--user-data-dir={profile}", f"--window-size={width},{height}"]
        command += [f"--screenshot={out}", page.resolve().as_uri()]
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)


def main(run: str) -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    shot(Path(run) / "report.html", OUT / "andoya.png", 1280, 900)


if __name__ == "__main__":
    main(sys.argv[1])
