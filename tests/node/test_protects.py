"""Protected areas and the limit on what is given away, as CENTRE.toml states them."""

import pytest

from tocsin.errors import BadEvidence
from tocsin.node.adapters import settings
from tocsin.wire.values import Circle, Polygon

HEAD = 'party = "west"\nmode = "exercise"\nregime = "joint"\nport = 8401\n'
CIRCLE = '[[protects]]\nname = "capital"\nlatitude_deg = 55.0\nlongitude_deg = 37.0\nradius_km = 100.0\n'
CORNERS = '[[protects]]\nname = "coast"\nvertices_deg = [[60.0, 5.0], [62.0, 5.0], [61.0, 8.0]]\n'


def loaded(tmp_path, text):
    path = tmp_path / "CENTRE.toml"
    path.write_text(HEAD + text)
    return settings.load(path)


def test_circles_and_polygons_are_taken(tmp_path):
    made = loaded(tmp_path, "place_km_min = 5.0\n" + CIRCLE + CORNERS)
    capital, coast = settings.guarded(made.protects)
    assert made.place_km_min == 5.0
    assert (capital.name, capital.area) == ("capital", Circle(latitude_deg=55.0, longitude_deg=37.0, radius_km=100.0))
    assert isinstance(coast.area, Polygon) and len(coast.area.vertices_deg) == 3


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (CIRCLE + CIRCLE, "there twice"),
        ('[[protects]]\nname = "x"\nlatitude_deg = 55.0\n', "or vertices_deg alone, expected"),
        (CIRCLE + "vertices_deg = [[1.0, 2.0], [2.0, 2.0], [2.0, 3.0]]\n", "or vertices_deg alone, expected"),
        ('[[protects]]\nname = "x"\nvertices_deg = [[1.0, 2.0]]\n', "length"),
        ('[[protects]]\nname = "x"\nlatitude_deg = 95.0\nlongitude_deg = 0.0\nradius_km = 1.0\n', "<= 90"),
        ("place_km_min = 0.0\n", "place_km_min"),
    ],
)
def test_what_is_no_area_is_refused_in_a_sentence(tmp_path, text, words):
    with pytest.raises(BadEvidence, match=words):
        loaded(tmp_path, text)
