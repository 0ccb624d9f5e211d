"""Every number that an explanation rests on, with its reason. Assumptions, not measurements: marked [I].

A party may hold other beliefs; its assessment is its own. They are data, so that a study can vary them.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Beliefs:
    """Prior odds and widths for `match`."""

    happens: float = 0.8
    """Chance that a notified launch takes place in its window; the rest are scrubbed without a cancellation. [I]"""

    unannounced_per_year: float = 100.0
    """Launches a year, anywhere, that nobody announced to us (tests, space launches, attacks). [I]"""

    imitation: float = 0.1
    """Odds that a launch from the announced place and time is not the announced one. One in ten is far more than
    experience says: place and time alone shall never explain a launch (an attacker reads notices too). [I]"""

    unannounced_area_km2: float = 5.1e7
    """Those launches come from a tenth of the Earth: test ranges, silo fields, patrol areas at sea. [I]"""

    careless: float = 0.01
    """Chance that one stated figure (azimuth, apogee, class, impact area, time) is wrong in the notice. [I]"""

    place_slack_km: float = 5.0
    """Sigma added to the launch point: areas are rounded, pads stand at their edge. [I]"""

    place_careless_km: float = 100.0
    """The same where the stated area is wrong (chance `careless`). [I]"""

    time_slack_s: float = 120.0
    """Sigma added to the launch time against the window's ends or a stated actual time (rounded to minutes). [I]"""

    apogee_slack: float = 0.1
    """Relative sigma of a stated apogee: plans are met to a few per cent; drag and staging bias our prediction. [I]"""

    impact_slack_km: float = 30.0
    """Sigma added to the predicted impact: re-entry drag and wind, which the prediction leaves out. [I]"""

    azimuth_slack_deg: float = 2.0
    """Sigma added to the direction of flight. [I]"""

    azimuth_default_tolerance_deg: float = 10.0
    """Half-width where a notice states an azimuth without tolerance. [I]"""

    steep_deg: float = 5.0
    """Flights within this angle of the vertical have no direction worth comparing. [I]"""

    impact_reach_km: float = 1_000.0
    """Without the notice, the impact could be anywhere within this or twice the predicted range, if longer. [I]"""

    aimed: float = 0.5
    """Share of launches that are neither the announced one nor harmless: aimed at what the officer protects. [I]"""

    extra_object: float = 0.05
    """Factor for each launch beyond the number of objects announced. [I]"""

    same_launch_s: float = 120.0
    """Objects that left the same place within this time belong to one launch (stages, payload, debris). [I]"""


DEFAULT_BELIEFS = Beliefs()
