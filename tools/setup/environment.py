"""Make the virtual environment: `python3 tools/setup/environment.py .venv`. Standard library only."""

import subprocess
import sys
import venv
from pathlib import Path

MINIMUM = (3, 11)


def step(number: int, of: int, text: str) -> None:
    print(f"[{number}/{of}] {text}", flush=True)


def pip(python: Path, *arguments: str) -> None:
    command = [str(python), "-m", "pip", "--disable-pip-version-check", "install", *arguments]
    done = subprocess.run(command, check=False)
    if done.returncode:
        sys.exit("set-up stopped: pip could not install what requirements-dev.lock names; see its lines above.")


def main(folder: str) -> None:
    if sys.version_info < MINIMUM:
        sys.exit(f"Python {MINIMUM[0]}.{MINIMUM[1]} or newer is needed; this is {sys.version.split()[0]}.")
    target = Path(folder)
    python = target / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    step(1, 3, f"virtual environment in {target}")
    if not python.exists():
        venv.create(target, with_pip=True)
    step(2, 3, "dependencies, each checked against its locked hash (about a minute the first time)")
    pip(python, "--progress-bar", "on", "--quiet", "--require-hashes", "-r", "requirements-dev.lock")
    step(3, 3, "tocsin itself")
    pip(python, "--quiet", "--no-deps", "--no-build-isolation", "-e", ".")


if __name__ == "__main__":
    main(sys.argv[1])
