"""The command `tocsin`. Every command is loaded only when it is called, so that help is quick."""

import os
import select
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from tocsin import __version__
from tocsin.errors import TocsinError

if TYPE_CHECKING:
    from cyclopts import App

HELP = "Shared early warning for parties that do not trust each other. It has no interface to any weapon."
# (group, name, where, what it does): loaded only when called, so the words stand here.
COMMANDS = (
    ("Cases", "run", "tocsin.app.play:run", "Play a case through complete centres; print the time line."),
    ("Cases", "compare", "tocsin.app.play:compare", "The same event under several regimes, side by side."),
    ("Cases", "live", "tocsin.app.live:live", "A case between real processes on this machine."),
    ("Cases", "exercise", "tocsin.app.exercise:exercise", "Consoles for people, and a director above them."),
    ("Cases", "kit", "tocsin.app.exercise:kit", "Print the seminar kit of a case."),
    ("Cases", "scenarios", "tocsin.app.play:scenarios", "List the cases that come with the product."),
    ("Records", "replay", "tocsin.app.replaying:replay", "A finished run as a folder that plays in the console."),
    ("Records", "verify", "tocsin.app.check:verify", "Check logs, receipts and decisions offline."),
    ("Records", "fsck", "tocsin.app.check:fsck", "Check one stored log and say where it is damaged."),
    ("Records", "log", "tocsin.app.logs:log", "Read an exported log: show, tail, prove."),
    ("Formats", "import", "tocsin.app.importing:app", "Recordings of others through a centre."),
    ("Formats", "export", "tocsin.app.exporting:export", "Logs as OEM, CZML, GeoJSON, CAP, STIX, ASTERIX, Parquet."),
    ("A centre", "init", "tocsin.app.centre:init", "Make a party's keys, settings and card."),
    ("A centre", "pair", "tocsin.app.centre:pair", "Accept a partner's card after comparing its fingerprint."),
    ("A centre", "serve", "tocsin.app.centre:serve", "Run one centre until it is stopped."),
    ("A centre", "gateway", "tocsin.app.gateway:gateway", "Face one partner, apart from the centre."),
    ("A centre", "seal", "tocsin.app.seals:app", "Bind what is held without showing it; open it later."),
    ("A centre", "rotate", "tocsin.app.epochs:change", "New keys for the log, announced in it."),
    ("A centre", "revoke", "tocsin.app.epochs:revoke", "After a compromise: a new epoch under the root key."),
    ("A centre", "follow", "tocsin.app.epochs:take", "Follow a partner into a new epoch."),
    ("A centre", "retain", "tocsin.app.retention:app", "Agree what need not be held any more; drop it."),
    ("A centre", "prune", "tocsin.app.retention:prune", "Drop what every party agreed to drop."),
    ("A centre", "officer", "tocsin.app.officers:app", "Officers' keys, rosters, invitations, cards."),
    ("Analysis", "study", "tocsin.app.studies:study", "Studies over many flights or runs."),
    ("Analysis", "assure", "tocsin.app.assure:assure", "What a defence cannot reach, with proofs to recheck."),
    ("Housekeeping", "doctor", "tocsin.app.doctor:doctor", "What is missing here, and how to get it."),
    ("Housekeeping", "fingerprint", "tocsin.app.fingerprint:fingerprint", "Hashes of what is installed, to compare."),
    ("Housekeeping", "kernels", "tocsin.app.kernels:kernels", "Compile the tracking kernels ahead."),
)


def built() -> "App":
    """The command line with every command, each loaded when it is called."""
    from cyclopts import App

    app = App(name="tocsin", help=HELP, version=__version__)
    app.register_install_completion_command(help="Complete commands with the tab key in this shell.")
    for group, name, where, words in COMMANDS:
        app.command(where, name=name, help=words, group=group)
    return app


def overview() -> str:
    """Every command in its group. Written without the command line's own library, which takes longer than the rest."""
    lines = ["Usage: tocsin COMMAND", "", HELP]
    groups = dict.fromkeys(group for group, _, _, _ in COMMANDS)
    for group in groups:
        lines += ["", group]
        lines += [f"  {name:12} {words}" for of, name, _, words in COMMANDS if of == group]
    return "\n".join([*lines, "", "tocsin COMMAND --help says more about one; tocsin --version prints the version."])


def _unread() -> bool:
    """Whether nobody reads our output any more: a head, or a pager that was left. Then nothing more is said."""
    try:
        pipe = sys.stdout.fileno()
    except OSError:
        return False
    poll = select.poll()
    poll.register(pipe, select.POLLERR)
    if not any(event & select.POLLERR for _, event in poll.poll(0)):
        return False
    os.dup2(os.open(os.devnull, os.O_WRONLY), pipe)  # for what is still in the buffer when the interpreter ends
    return True


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; a failure is one sentence on standard error and a non-zero exit."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given in ([], ["--help"], ["-h"]):
        with suppress(BrokenPipeError):  # read by head, or a pager that was left
            print(overview(), flush=True)
        sys.exit(0)
    try:
        result = built()(given, exit_on_error=True)
        sys.stdout.flush()
    except TocsinError as error:
        print(f"tocsin: {error}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        print("tocsin: stopped.", file=sys.stderr)
        sys.exit(130)
    except OSError as error:
        if isinstance(error, BrokenPipeError) and _unread():
            sys.exit(141)  # as a program that the pipe's signal ends
        print(f"tocsin: {error.filename or 'disk or network'}: {error.strerror or error}.", file=sys.stderr)
        sys.exit(3)
    sys.exit(result if isinstance(result, int) else 0)
