"""`python -m tools.package [FOLDER]`: wheel, SBOM and SHA256SUMS of the last commit."""

import json
import sys
from pathlib import Path

from tools.package.build import ROOT, commit_time, git, sha256, wheel
from tools.package.sbom import bill


def main(out: Path) -> None:
    revision = git("rev-parse", "HEAD").decode().strip()
    made = wheel(revision, out)
    texts = (git("show", f"{revision}:{path}").decode() for path in
             ("pyproject.toml", "requirements.lock", "web/package-lock.json"))  # fmt: skip
    sbom = made.with_suffix(".cdx.json")
    sbom.write_text(json.dumps(bill(*texts, commit_time(revision), sha256(made)), indent=1) + "\n")
    sums = "".join(f"{sha256(path)}  {path.name}\n" for path in sorted((made, sbom)))
    (out / "SHA256SUMS").write_text(sums)
    print(f"commit {revision}\n{sums}in {out}", end="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build" / "package")
