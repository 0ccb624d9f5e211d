"""The manifest of pairing and the regime in force, as the statement with which a log begins and a regime changes."""

from typing import TYPE_CHECKING

from tocsin.wire.bodies import Agreement, PartyKeys

if TYPE_CHECKING:
    from tocsin.node.centre import Centre


def agreement_of(centre: "Centre") -> Agreement:
    """Every party's keys as compared at pairing, and the exact bytes of the regime."""
    keys = [(p.party, p.origin, p.log_keys, p.mirror_keys) for p in centre.config.partners]
    mine = tuple(signer.key for signer in centre.ports.mirror_signers)
    keys.append((centre.config.party, centre.config.origin, centre.books["shared"].writer.keys, mine))
    parties = tuple(
        PartyKeys(
            party=party,
            origin=origin,
            log_keys=tuple(key.text for key in log_keys),
            mirror_keys=tuple(key.text for key in mirror_keys),
        )
        for party, origin, log_keys, mirror_keys in sorted(keys, key=lambda one: one[0])
    )
    return Agreement(regime_text=centre.config.regime.data.decode(), parties=parties)
