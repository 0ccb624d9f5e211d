"""`tocsin assure`: what a defence architecture cannot reach, with proofs that the other side can recheck."""

from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import Parameter
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from tocsin.assure import AssuranceResult, Depth, run, shipped
from tocsin.assure import check as check_proof
from tocsin.node.adapters.tilefiles import read_file, write_file
from tocsin.report import assurance_html
from tocsin.report import assurance_words as words


def assure(
    question: str = "",
    *,
    check: Path | None = None,
    out: Path = Path("runs"),
    quick: Annotated[bool, Parameter(negative=())] = False,
) -> int:
    """Thresholds of an architecture over commit delay, each with a bound proof; or check somebody's proof.

    Parameters
    ----------
    question
        Name of a shipped question, or a TOML file.
    check
        A proof to check with the stand-alone checker, instead of running a question.
    out
        Folder for results, proofs and report.
    quick
        Thresholds and proofs only; no curves, maps and sensitivities.
    """
    console = Console(highlight=False)
    if check is not None:
        return _check(console, check)
    data = read_file(Path(question), "a question file") if Path(question).exists() else shipped(question)
    done = TextColumn("{task.percentage:>3.0f}%")
    columns = (TextColumn("{task.description}"), BarColumn(), done, TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("reading the question", total=1.0)
        depth = Depth(more=not quick)
        result = run(data, lambda what, share: bar.update(task, description=what, completed=share), depth)
    folder = out / f"assure-{result.name}"
    _write(result, folder)
    _show(console, result)
    proofs = f"\nProofs: {folder / 'proofs'}  (check one: tocsin assure --check FILE)"
    console.print(proofs, markup=False, soft_wrap=True)
    console.print(f"Report: {(folder / 'report.html').resolve()}", markup=False, soft_wrap=True)
    return 0


def _check(console: Console, path: Path) -> int:
    verdict = check_proof(read_file(path, "a bound proof"))
    if verdict.accepted:
        console.print(f"Accepted ({verdict.leaves} leaves): {verdict.claim}.", markup=False, soft_wrap=True)
        return 0
    console.print(f"Rejected: {verdict.why}", markup=False, soft_wrap=True)
    return 1


def _write(result: AssuranceResult, folder: Path) -> None:
    for name, proof in result.proofs.items():
        write_file(folder / "proofs" / name, proof)
    plain = msgspec.structs.replace(result, proofs={})
    write_file(folder / "result.json", msgspec.json.format(msgspec.json.encode(plain), indent=1))
    write_file(folder / "report.html", assurance_html(result).encode())


def _show(console: Console, result: AssuranceResult) -> None:
    console.print(result.title, style="bold", markup=False)
    console.print(f"Speed: {words.meaning(result)}.", markup=False, soft_wrap=True)
    table = Table(pad_edge=False)
    for head in ("commit delay", "nothing below (proved)", "something at", "leaves", "slowest one"):
        table.add_column(head, justify="right")
    where: dict[str, list[str]] = {}
    for one in words.ordered(result.brackets):
        minutes = "" if one.minutes is None else f"about {one.minutes} min"
        low, high = words.low(one.low_meant_km_s), words.high(one.high_meant_km_s)
        table.add_row(words.seconds(one.delay_s), low, high, f"{one.leaves:,}", minutes)
        where.setdefault(one.where, []).append(words.seconds(one.delay_s))
    console.print(table)
    for region, delays in where.items():
        told = f"Slowest engagement at {', '.join(delays)}: {region or 'none found'}."
        console.print(told, markup=False, soft_wrap=True)
    for line in result.compare:
        console.print(line, markup=False, soft_wrap=True)
