"""What the tests of data share: what is said of data that cannot be used."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mlplab.errors import DataError


@pytest.fixture(scope="session")
def message() -> Callable[[Callable[[], object]], str]:
    """Return a function that calls another, and gives what its DataError says: always one line."""

    def call_and_read(call: Callable[[], object]) -> str:
        with pytest.raises(DataError) as raised:
            call()
        text = str(raised.value)
        assert "\n" not in text
        return text

    return call_and_read
