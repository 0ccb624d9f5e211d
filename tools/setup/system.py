"""Install the outside programs that tests use, where this machine allows it. Standard library only."""

import os
import shutil
import subprocess
from pathlib import Path

# program -> Debian packages that bring it
WANTED = {"go": ("golang", "golang-golang-x-mod-dev"), "nats-server": ("nats-server",), "initdb": ("postgresql",)}
MOD = Path("/usr/share/gocode/src/golang.org/x/mod")


def present(program: str) -> bool:
    """On the path, or where Debian puts it."""
    return bool(
        shutil.which(program) or shutil.which(program, path="/usr/sbin")
        or any(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"))
    )  # fmt: skip


def missing() -> list[str]:
    names = [package for program, packages in WANTED.items() if not present(program) for package in packages]
    if not MOD.exists():
        names.append("golang-golang-x-mod-dev")
    return sorted(set(names))


def main() -> None:
    names = missing()
    if not names:
        return
    if not shutil.which("apt-get") or os.geteuid() != 0:
        print(f"not installed: {', '.join(names)}; the tests that need them will say that they were skipped.")
        return
    print(f"installing for the tests: {', '.join(names)}", flush=True)
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "check": False}
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update"], env=environment, **quiet)
    done = subprocess.run(["apt-get", "install", "-y", "--no-install-recommends", *names], env=environment, **quiet)
    if done.returncode:
        print(f"could not install {', '.join(names)}; the tests that need them will say that they were skipped.")


if __name__ == "__main__":
    main()
