"""The rows of decision tables that the tests of one file reach."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import pytest

from tests.kinds.build import REACHED


@pytest.fixture(scope="module", autouse=True)
def _from_the_start() -> Iterator[None]:
    REACHED.clear()
    yield


@pytest.fixture
def whole_file(request: pytest.FixtureRequest) -> None:
    """Skips a test that looks back on its whole file where only a part of the file runs."""
    module = request.module
    written = {name for name, _ in inspect.getmembers(module, inspect.isfunction) if name.startswith("test_")}
    run = {getattr(i, "originalname", i.name) for i in request.session.items if i.module is module}  # type: ignore[attr-defined]
    if written - run:
        pytest.skip("only a part of the file runs")
