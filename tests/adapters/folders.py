"""Two centres in their folders as the commands make them, driven by hand: no sockets, real keys, real stores."""

from tocsin.app import centre as centres
from tocsin.app import serving
from tocsin.app.check import verify_folder
from tocsin.app.files import write_former
from tocsin.node.adapters import keys
from tocsin.node.adapters.zipped import write_log
from tocsin.node.exchange import encode
from tocsin.wire import bodies

NAMES = ("east", "west")
AREA = bodies.Circle(latitude_deg=69.0, longitude_deg=16.0, radius_km=10.0)
DENIAL = bodies.NegativeStatement(area=AREA, window=bodies.Window(start_tai_us=1, end_tai_us=2))


class Both:
    def __init__(self, path):
        self.path = path
        for name, other in zip(NAMES, NAMES[::-1], strict=True):
            centres.init(name, folder=path / name, partner=(other,))
        for name, other in zip(NAMES, NAMES[::-1], strict=True):
            card = path / other / "card.json"
            said = keys.fingerprint(keys.parse_card(card.read_bytes(), "card"))
            centres.pair(self.toml(name), card, fingerprint=said)
        self.start()

    def toml(self, name):
        return self.path / name / "CENTRE.toml"

    def root(self, name):
        return self.path / name / "root.key"

    def start(self):
        self.at = {name: serving.Serving(self.toml(name)) for name in NAMES}
        for one in self.at.values():
            one.centre.begin()
        self.settle()

    def settle(self, turns=3):
        for _ in range(turns):
            for name, one in self.at.items():
                other = NAMES[1 - NAMES.index(name)]
                one.centre.tick()
                one._turn()
                for _ in range(8):
                    message = one.centre.message(other)
                    if message is None:
                        break
                    one.centre.answered(other, encode(self.at[other].centre.receive(name, message)))

    def verdict(self):
        for name, one in self.at.items():
            folder = self.path / "logs" / name
            epoch = one.centre.config.epoch
            write_log(one.centre, "shared", folder / (f"shared-{epoch}" if epoch else "shared"))
            write_former(one.centre, folder)
        (verdict,) = verify_folder(self.path / "logs").values()
        return verdict
