"""Every number that fusion rests on, with its reason. A change of any of them is a new FUSE_VERSION.

Fixed numbers, not settings: two centres that used different ones would not see the same picture.
"""

FUSE_VERSION = "1"
"""Pinned in the regime and named in every proposal (design rule 7)."""

NS_PER_S = 1_000_000_000

# --- what a tracklet may say (hostile numbers are dropped with their reason) ---------------------------------
RADIUS_MIN_M = 6.2e6
"""From the Earth's centre: 150 km under the surface, so that a coarse track of an aircraft still passes."""
RADIUS_MAX_M = 6.0e7
"""Beyond geostationary height (4.2e7 m) there is nothing this house is for."""
SPEED_MAX_M_S = 1.5e4
"""Relative to the Earth; escape speed at the surface is 11.2 km/s."""
SIGMA_POSITION_MIN_M = 1e-2
SIGMA_VELOCITY_MIN_M_S = 1e-4
"""Nobody's radar is better than a centimetre: a claim beyond that is an attempt to silence the others."""
SIGMA_POSITION_MAX_M = 1e7
SIGMA_VELOCITY_MAX_M_S = 1e5
"""A full statement that does not place the object on this side of the Earth is no statement."""
OFFSET_MAX_SIGMA = 50.0
"""A full statement's estimate lies at most this far from its own reference point, by its own information."""
NEGATIVE_PART = 1e-3
"""An increment may take back this part of what its sender had said (rounding, a re-tuned filter), not more."""
PROCESS_NOISE_MAX_M2_S3 = 1e6
"""White acceleration of 100 g over a second; more would be no statement about motion."""

# --- time ------------------------------------------------------------------------------------------------------
STEP_MAX_NS = 1_800 * NS_PER_S
"""Longest propagation between two statements about an object: a longer silence breaks the chain."""
COAST_MAX_NS = 600 * NS_PER_S
"""A track that nobody updated for so long is shown where it was last known, marked stale."""
COAST_SPREAD_M2 = 1e10
"""The same where its stated process noise alone has spread it by 100 km (variance of one axis)."""
KEEP_NS = 3_600 * NS_PER_S
"""A track leaves the picture so long after its last update; an intercontinental flight takes half of it."""

NAMES_STEP_NS = 10 * NS_PER_S
"""What names remember is worked out at whole multiples of this: what was one object for less is soon forgotten. No
number of a picture and no digest hangs on it."""

# --- association -----------------------------------------------------------------------------------------------
LOOKS = 4
"""Comparisons of a pair of tracks that are held together (the last so many)."""
GATE_LATEST = 27.86
"""Chi-squared, 6 degrees of freedom, quantile 0.9999: the newest comparison. One pair in 10,000 is parted by chance
for one look, and comes back with the next."""
GATE_MEAN = 22.46
"""Quantile 0.999 of one comparison, set against the mean of the looks: successive looks share most of their
data, so that their mean is spread nearly like a single one."""
SUM_GATE = 22.46
"""Quantile 0.999, without the allowance for bias: tracks that agree only thanks to that allowance are fused by
covariance intersection, because their errors are not the independent ones that a sum assumes."""
BIAS_POSITION_M = 150.0
BIAS_VELOCITY_M_S = 2.0
"""Allowed systematic difference between two parties' tracks, one sigma an axis: survey, refraction, calibration.
Assumed, not measured; stated clock uncertainty is added to it along the velocity."""
CLOCK_SIGMA_MAX_S = 10.0
"""A stated clock uncertainty beyond this is taken as this: who knows no time better has no track to compare."""
LOG_DENSITY_M6_S3 = -64.25
"""Natural log of the density of other objects in (position, velocity) space: one in (1,000 km)^3 (2 km/s)^3.
A pair is worth joining when it is likelier than two objects that happen to lie so near."""
COARSE_SIGMAS = 8.0
COARSE_SLACK_M = 5e3
"""Pairs of tracks farther apart than this, and than they can have flown in between, are not compared at all."""
ASSIGNMENT_WORK_MAX = 3_000_000
"""Elementary steps for one knot of tracks; above it pairs are taken greedily, so that a flood cannot stall us."""

# --- what is written down --------------------------------------------------------------------------------------
POSITION_STEP_M = 1.0
VELOCITY_STEP_M_S = 1e-3
EXISTENCE_STEP = 1e-3
"""Digests are taken over values rounded to these steps (docs/fusion.md)."""
EXISTENCE_CLAMP = 1e-6
"""No statement is taken as certain, so that one party cannot overrule all others for good."""
