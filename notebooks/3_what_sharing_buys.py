# %% [markdown]
# # What sharing buys
#
# The same event, the same sensors, the same people, under two regimes. A short case keeps this quick; `tocsin compare
# andoya-1995` plays a real one.

# %%
import numpy as np

import tocsin
from tocsin.node import queries
from tocsin.wire.bodies import Tracklet, body_of
from tocsin.wire.envelope import decode

CASE = "short_case.toml"

# %% [markdown]
# Run it where each party is alone, and where both share what their sensors see.

# %%
def worst_sigma_km(played, party):
    centre = played.centres[party]
    tracks = queries.national_picture(centre).tracks
    return max((np.sqrt(np.trace(t.covariance_ecef[:3, :3])) / 1e3 for t in tracks), default=float("nan")), len(tracks)


runs = {name: tocsin.run_scenario(CASE, regime=name) for name in ("separate", "connected")}
for name, played in runs.items():
    for party in sorted(played.centres):
        sigma, count = worst_sigma_km(played, party)
        print(f"{name:10} {party}: {count} tracks, worst one sigma {sigma:8.2f} km")

# %% [markdown]
# And what it cost: statements that crossed the border.

# %%
def released(played):
    gates = [centre.books["shared"].gate for centre in played.centres.values()]
    entries = [entry for gate in gates for entry in gate.entries(0, gate.size)]
    return sum(isinstance(body_of(decode(entry.data)), Tracklet) for entry in entries)


said = {name: released(played) for name, played in runs.items()}
print(said)
assert said["separate"] == 0 < said["connected"]
