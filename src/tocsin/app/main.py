"""The command `tocsin`. Every command is loaded only when it is called, so that help is quick."""

import sys
from collections.abc import Sequence

from cyclopts import App

from tocsin import __version__
from tocsin.errors import TocsinError

app = App(
    name="tocsin",
    help="Shared early warning for parties that do not trust each other. It has no interface to any weapon.",
    version=__version__,
)
app.command("tocsin.app.play:run", name="run")
app.command("tocsin.app.play:compare", name="compare")
app.command("tocsin.app.live:live", name="live")
app.command("tocsin.app.check:verify", name="verify")
app.command("tocsin.app.check:fsck", name="fsck")
app.command("tocsin.app.centre:init", name="init")
app.command("tocsin.app.centre:pair", name="pair")
app.command("tocsin.app.centre:serve", name="serve")
app.command("tocsin.app.studies:study", name="study")
app.command("tocsin.app.play:kernels", name="kernels")
app.command("tocsin.app.play:scenarios", name="scenarios")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; a failure is one sentence on standard error and a non-zero exit."""
    try:
        result = app(arguments, exit_on_error=True)
    except TocsinError as error:
        print(f"tocsin: {error}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        print("tocsin: stopped.", file=sys.stderr)
        sys.exit(130)
    except OSError as error:
        print(f"tocsin: {error.filename or 'disk or network'}: {error.strerror or error}.", file=sys.stderr)
        sys.exit(3)
    sys.exit(result if isinstance(result, int) else 0)
