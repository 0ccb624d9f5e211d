"""The wheel of a commit: the same bytes from any folder. Time stamps are the commit's; what is not committed is out.

    python -m tools.package            wheel, SBOM and SHA256SUMS of HEAD in build/package
"""

import hashlib
import io
import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]


def git(*words: str) -> bytes:
    """What git says in this repository. Ends with one sentence where there is none."""
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, check=False)
    if done.returncode:
        sys.exit(f"package: git {words[0]}: {done.stderr.decode(errors='replace').strip()}; a clone was expected.")
    return done.stdout


def commit_time(revision: str) -> int:
    """When the commit was made, POSIX seconds."""
    return int(git("log", "-1", "--format=%ct", revision))


def source(revision: str, into: Path) -> Path:
    """The files of a commit, unpacked into a folder."""
    with tarfile.open(fileobj=io.BytesIO(git("archive", "--format=tar", revision))) as archive:
        archive.extractall(into, filter="data")
    return into


def wheel(revision: str, out: Path) -> Path:
    """Build the wheel of a commit into `out`; nothing is fetched: the build tool is one of the locked packages."""
    out.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(commit_time(revision)), "TZ": "UTC", "LC_ALL": "C.UTF-8"}
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out.resolve())]
        done = subprocess.run(command, cwd=source(revision, Path(folder)), env=environment, capture_output=True,
                              text=True, check=False)  # fmt: skip
    if done.returncode:
        sys.exit(f"package: the wheel could not be built: {done.stderr.strip()[-2_000:]}")
    return max(out.glob("*.whl"), key=lambda path: path.stat().st_mtime_ns)


def sha256(path: Path) -> str:
    """Of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
