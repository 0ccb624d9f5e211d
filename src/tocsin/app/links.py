"""From cards and settings to the lines between centres."""

from pathlib import Path

from tocsin.errors import Refusal
from tocsin.node.adapters import keys, tls
from tocsin.node.adapters.runner import Line
from tocsin.node.adapters.settings import Settings
from tocsin.node.adapters.tilefiles import read_file

INSIDE, OUTSIDE = "inside.sock", "outside.sock"


def card_of_party(folder: Path, made: Settings) -> keys.Card:
    """The party's own card as it was given to partners."""
    path = folder / "card.json"
    card = keys.parse_card(read_file(path, "the party's own card"), str(path))
    if (card.party, card.mode) != (made.party, made.mode):
        raise Refusal(f"{path}: the card of {card.party} in mode {card.mode}; {made.party}, {made.mode} was expected")
    return card


def root_is_elsewhere(folder: Path, made: Settings) -> None:
    """A live centre must not be able to sign rosters and epochs for itself. Raises Refusal."""
    if made.mode == "live" and (folder / "root.key").exists():
        raise Refusal(f"{folder / 'root.key'}: move it to where this machine cannot reach it, then start again")


def line_to(card: keys.Card, made: Settings, folder: Path) -> Line:
    """How a partner is reached and received. Raises Refusal where a link would be plaintext."""
    if card.party in made.gateways:
        place = Path(made.gateways[card.party])
        return Line(party=card.party, url="http://gateway", inside=place / INSIDE, outside=place / OUTSIDE)
    if made.party not in card.links or card.party not in made.links:
        raise Refusal(f"no link between {made.party} and {card.party}: pair them again with cards that name each other")
    return Line(
        party=card.party,
        url=card.links[made.party],
        host=made.host,
        port=made.links[card.party],
        listening=tls.listening(folder, card.link_certificate),
        calling=tls.calling(folder, card.link_certificate),
    )
