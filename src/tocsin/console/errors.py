"""What a console refuses, each with the slug under which a page finds it (RFC 9457, `urn:tocsin:problem:<slug>`)."""

from tocsin.errors import Refusal


class ConsoleRefusal(Refusal):
    """A refusal with its HTTP status and slug."""

    status = 409
    slug = "refused"


class NotLoggedIn(ConsoleRefusal):
    """Nobody is logged in here, or no longer."""

    status, slug = 401, "not-logged-in"


class NotAllowed(ConsoleRefusal):
    """This person may not do that."""

    status, slug = 403, "not-allowed"


class BadToken(ConsoleRefusal):
    """A request that this page did not make."""

    status, slug = 403, "csrf"


class NotFound(ConsoleRefusal):
    """There is no such thing here."""

    status, slug = 404, "not-found"


class TooMuch(ConsoleRefusal):
    """Too many requests; `retry_s` says when again."""

    status, slug = 429, "too-much"
    retry_s = 1


class OtherBody(ConsoleRefusal):
    """An idempotency key that stood for something else."""

    status, slug = 422, "key-reused"


class NotConfirmed(ConsoleRefusal):
    """Not refused: the act waits until the person has read `text` and sent `confirm_sha256` back."""

    status, slug = 409, "not-confirmed"

    def __init__(self, message: str, confirm_sha256: str, text: str) -> None:
        super().__init__(message)
        self.confirm_sha256, self.text = confirm_sha256, text


class Unfit(ConsoleRefusal):
    """Fields that do not fit each other."""

    status, slug = 422, "unfit"


class WithheldHere(ConsoleRefusal):
    """The release gate kept it."""

    status, slug = 409, "withheld"
