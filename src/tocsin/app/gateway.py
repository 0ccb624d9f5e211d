"""`tocsin gateway`: the partner-facing half of one link, apart from the centre."""

import asyncio
import os
from pathlib import Path

from tocsin.app.links import INSIDE, OUTSIDE
from tocsin.errors import Refusal
from tocsin.node.adapters import keys, settings, tls
from tocsin.node.adapters.clock import SystemClock
from tocsin.node.adapters.gateway import Gateway
from tocsin.node.adapters.runner import Line
from tocsin.node.adapters.tilefiles import read_file


def gateway(centre: Path, partner: str, *, sockets: Path) -> int:
    """Run the gateway to one partner until it is stopped. It needs no secret.key: keep that away from it.

    Parameters
    ----------
    centre
        A CENTRE.toml with, beside it, link.pem, link.key, and the partner's card under partners/.
    partner
        Which partner it faces.
    sockets
        Folder for the two sockets; the centre names it under [gateways].
    """
    made = settings.load(centre)
    if (centre.parent / "secret.key").exists():
        raise Refusal(f"{centre.parent / 'secret.key'}: a gateway's folder must not hold the centre's secret")
    path = centre.parent / "partners" / f"{partner}.json"
    card = keys.parse_card(read_file(path, "the partner's card"), str(path))
    if made.party not in card.links or partner not in made.links:
        raise Refusal(f"no link between {made.party} and {partner}: pair them again with cards that name each other")
    line = Line(
        party=partner, url=card.links[made.party], host=made.host, port=made.links[partner],
        listening=tls.listening(centre.parent, card.link_certificate),
        calling=tls.calling(centre.parent, card.link_certificate),
    )  # fmt: skip
    sockets.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.umask(0o077)
    print(f"gateway of {made.party} to {partner} on {made.host}:{line.port}", flush=True)
    asyncio.run(Gateway(line, sockets / INSIDE, sockets / OUTSIDE, SystemClock()).run())
    return 0
