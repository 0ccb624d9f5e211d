"""`console(host, settings)`: the console of one centre as an ASGI application."""

from tocsin.console.routes.app import Console, console

__all__ = ["Console", "console"]
