"""Make the virtual environment: `python3 tools/setup/environment.py .venv requirements.lock`.

Standard library only.
"""

import subprocess
import sys
import venv
from pathlib import Path

MINIMUM = (3, 11)


def step(number: int, of: int, text: str) -> None:
    print(f"[{number}/{of}] {text}", flush=True)


def pip(python: Path, total: int, *arguments: str) -> None:
    """Run pip install, show how far it is, and its own words only if it fails."""
    command = [str(python), "-m", "pip", "--disable-pip-version-check", "install", *arguments]
    said: list[str] = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout is not None
        seen = 0
        for line in process.stdout:
            said.append(line)
            if line.startswith(("Collecting ", "Requirement already satisfied: ")):
                seen += 1
                show(f"      {min(seen, total)}/{total} {line.split()[1 if line[0] == 'C' else 3].split('==')[0]}")
            elif line.startswith("Installing collected packages"):
                show("      unpacking")
    show("")
    if process.returncode:
        print("".join(said[-25:]))
        sys.exit("set-up stopped: pip could not install what the lock file names; its words are above.")


def show(text: str) -> None:
    """One line that replaces itself on a terminal."""
    if sys.stdout.isatty():
        print(f"\r{text:60}", end="" if text else "\r", flush=True)


def main(folder: str, lock: str) -> None:
    if sys.version_info < MINIMUM:
        sys.exit(f"Python {MINIMUM[0]}.{MINIMUM[1]} or newer is needed; this is {sys.version.split()[0]}.")
    target = Path(folder)
    python = target / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    step(1, 3, f"virtual environment in {target}")
    if not python.exists():
        venv.create(target, with_pip=True)
    names = sum(1 for line in Path(lock).read_text(encoding="utf-8").splitlines() if "==" in line)
    step(2, 3, f"{names} packages of {lock}, each checked against its locked hash (about a minute the first time)")
    pip(python, names, "--require-hashes", "-r", lock)
    step(3, 3, "tocsin itself")
    pip(python, 1, "--no-deps", "--no-build-isolation", "-e", ".")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
