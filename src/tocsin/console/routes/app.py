"""The application: guard, pages, interface. `console(host, settings)` is what `tocsin serve` and an exercise mount."""

from collections.abc import Sequence
from typing import Any

import msgspec
from litestar import Litestar, Request, Router, get
from litestar.config.app import AppConfig
from litestar.exceptions import HTTPException
from litestar.openapi import OpenAPIConfig
from litestar.openapi.spec import Contact, License

from tocsin import __version__
from tocsin.console.host import Host
from tocsin.console.people import Drawer, MemoryDrawer
from tocsin.console.routes import act, login, read
from tocsin.console.routes.document import STRUCTS, with_bodies
from tocsin.console.routes.door import Door
from tocsin.console.routes.guard import MAX_BODY_BYTES, Asgi, guarded
from tocsin.console.routes.pages import Pages, with_pages
from tocsin.console.routes.problems import failed, http_failed, our_fault
from tocsin.console.settings import ConsoleSettings
from tocsin.errors import TocsinError

BASE = "/api/v1"


class Console:
    """One console as an ASGI application; `door` is what is behind it, `interface` the part that is documented."""

    def __init__(self, host: Host, settings: ConsoleSettings, drawer: Drawer | None = None) -> None:
        self.door = Door(host, settings, drawer or MemoryDrawer())
        routes = (*login.handlers(self.door), *read.handlers(self.door), *act.handlers(self.door))
        self.interface = interface(routes, f"Console of {host.centre.config.party}")
        self._app = guarded(with_pages(self.interface, Pages(settings.pages)), settings.hosts)  # type: ignore[arg-type]

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """ASGI."""
        await self._app(scope, receive, send)


def console(host: Host, settings: ConsoleSettings, drawer: Drawer | None = None) -> Console:
    """The console of one centre."""
    return Console(host, settings, drawer)


def interface(
    routes: Sequence[Any], title: str, structs: Sequence[type[msgspec.Struct]] = STRUCTS
) -> Litestar:
    """Documented routes under /api/v1, with failures as problem+json. A director's page makes its own of these."""
    api = OpenAPIConfig(
        title=f"Tocsin: {title}", version=__version__, render_plugins=[],
        description="Failures are application/problem+json (RFC 9457), `type` urn:tocsin:problem:<slug>. "
        "Acts carry X-Tocsin-CSRF of the session and an Idempotency-Key; the same key brings the same answer, once.",
        license=License(name="Apache-2.0", identifier="Apache-2.0"), contact=Contact(name="Tocsin"),
    )  # fmt: skip

    @get("/openapi.json", include_in_schema=False)
    async def document(request: Request[Any, Any, Any]) -> dict[str, Any]:
        return with_bodies(request.app.openapi_schema.to_schema(), structs)

    return Litestar(
        [Router(path=BASE, route_handlers=[*routes, document])],
        exception_handlers={TocsinError: failed, HTTPException: http_failed, Exception: our_fault},
        on_app_init=[_plain], openapi_config=api, logging_config=None, request_max_body_size=MAX_BODY_BYTES,
    )  # fmt: skip


def _plain(config: AppConfig) -> AppConfig:
    config.debug = False
    return config


__all__ = ["BASE", "Asgi", "Console", "console", "interface"]
