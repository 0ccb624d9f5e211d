"""A hostile entry of thousands of names is judged in one pass: the number of steps is linear, counted, not timed."""

import json

import pytest

from tocsin.wire.errors import WireError
from tocsin.wire.strict import _unique, refuse_duplicate_names


class Name(str):
    """Counts how often it is compared."""

    compared = 0
    __hash__ = str.__hash__

    def __eq__(self, other):
        Name.compared += 1
        return str.__eq__(self, other)


def test_names_are_compared_a_linear_number_of_times():
    count = 7_000
    _unique([(Name(f"n{number}"), 0) for number in range(count)])
    assert Name.compared < 2 * count


def test_a_repeated_name_is_still_refused():
    data = json.dumps({f"n{number}": 0 for number in range(100)})[:-1] + ', "n7": 1}'
    with pytest.raises(WireError, match="n7"):
        refuse_duplicate_names(data.encode(), b"")
