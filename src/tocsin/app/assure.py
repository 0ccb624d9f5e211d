"""`tocsin assure`: what a defence architecture cannot reach, with proofs that the other side can recheck."""

from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import Parameter
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from tocsin.assure import AssuranceResult, Depth, load, run, shipped, shipped_proofs
from tocsin.assure import check as check_proof
from tocsin.assure.ceiling import ceiling_lines, parse_speed
from tocsin.assure.ceiling import cite as citation
from tocsin.assure.race import arms_race
from tocsin.node.adapters.tilefiles import read_file, unpacked, write_file
from tocsin.report import assurance_html
from tocsin.report import assurance_words as words


def assure(
    question: str = "",
    *,
    check: Path | None = None,
    cite: Path | None = None,
    ceiling: str = "",
    again: Annotated[bool, Parameter(negative=())] = False,
    out: Path = Path("runs"),
    quick: Annotated[bool, Parameter(negative=())] = False,
) -> int:
    """Thresholds of an architecture over commit delay, each with a bound proof; or check somebody's proof.

    Parameters
    ----------
    question
        Name of a shipped question, or a TOML file; `arms-race` for the study of rounds.
    check
        A proof to check with the stand-alone checker, instead of running a question.
    cite
        A proof to check and to cite: prints what a docket's attachment and a joint decision's condition would say.
    ceiling
        A declared ceiling, as '4.5 km/s': prints what it would commit the defender to.
    again
        Search for every proof anew, instead of taking the shipped ones that were made for the same inputs.
    out
        Folder for results, proofs and report.
    quick
        Thresholds and proofs only; no curves, maps and sensitivities.
    """
    console = Console(highlight=False)
    if check is not None:
        return _check(console, check)
    if question == "arms-race":
        return _race(console)
    if cite is not None:
        print(
            msgspec.json.format(
                msgspec.json.encode(citation(cite.name.removesuffix(".gz"), unpacked(cite, "a bound proof"))), indent=1
            ).decode()
        )
        return 0
    declared = parse_speed(ceiling) if ceiling else None
    own = Path(question).is_file()
    data = read_file(Path(question), "a question file") if own else shipped(question)
    known = () if again else tuple(shipped_proofs("" if own else question).values())
    done = TextColumn("{task.percentage:>3.0f}%")
    columns = (TextColumn("{task.description}"), BarColumn(), done, TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("reading the question", total=1.0)
        depth = Depth(more=not quick, keep_width=0.02 if again else 0.05)
        result = run(data, lambda what, share: bar.update(task, description=what, completed=share), depth, known)
    folder = out / f"assure-{result.name}"
    _write(result, folder)
    _show(console, result)
    if declared is not None:
        for line in ceiling_lines(load(data), result.brackets, declared):
            console.print(line, markup=False, soft_wrap=True)
    proofs = f"\nProofs: {folder / 'proofs'}  (check one: tocsin assure --check FILE)"
    console.print(proofs, markup=False, soft_wrap=True)
    console.print(f"Report: {(folder / 'report.html').resolve()}", markup=False, soft_wrap=True)
    return 0


def _check(console: Console, path: Path) -> int:
    verdict = check_proof(unpacked(path, "a bound proof"))
    if verdict.accepted:
        console.print(f"Accepted ({verdict.leaves} leaves): {verdict.claim}.", markup=False, soft_wrap=True)
        return 0
    console.print(f"Rejected: {verdict.why}", markup=False, soft_wrap=True)
    return 1


def _race(console: Console) -> int:
    table = Table(pad_edge=False)
    for head in ("round", "commitment", "force", "slowest engagement at", "warheads", "left"):
        table.add_column(head)
    for one in arms_race():
        for n, left in enumerate(one.left):
            first = (one.name, words.seconds(one.delay_s)) if n == 0 else ("", "")
            share = "" if left.warheads == 0 else f"{left.left:.0f} ({words.percent(left.left / left.warheads)})"
            table.add_row(*first, left.force, words.high(left.threshold_km_s), f"{left.warheads:.0f}", share)
        table.add_section()
    console.print(table)
    console.print(
        "Every interceptor used, every one hits: most generous to each defence. Reach is a separate question: below "
        "the speed in the fourth column nothing was found. Assumed numbers; nothing is foretold.",
        markup=False, soft_wrap=True,
    )  # fmt: skip
    return 0


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
