"""Whatever changes between two runs, the report is that of a whole check."""

from __future__ import annotations

import tempfile
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lawgov_rules.kinds.forbidden import Forbidden
from lawgov_rules.waking import Judge, Judged
from tests.agreement import KINDS
from tests.since.build import EVERY, Archive


def lived(seed: int, kind: str, steps: int) -> Archive:
    """An archive after some changes, checked now and then, and at the end."""
    random = Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        archive = Archive(random, kind, Path(folder))
        archive.check()
        for _ in range(steps):
            archive.step()
            if random.random() < 0.6:
                archive.check(random.choice([EVERY, ("violated", "pending"), ("compliant",)]))
        archive.check()
        # nothing has changed since
        judged, _ = archive.check()
        assert judged == 0
    return archive


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 2**32), steps=st.integers(1, 8))
def test_the_report_is_that_of_a_whole_check(kind: str, seed: int, steps: int) -> None:
    lived(seed, kind, steps)


def _fails(kind: str) -> bool:
    """Whether the law above fails for one of some archives."""
    for seed in range(300):
        try:
            lived(seed, kind, 6)
        except AssertionError:
            return True
    return False


def test_the_law_notices_records_that_sleep_on(monkeypatch: pytest.MonkeyPatch) -> None:
    judge = Judge.__call__

    def sleeping(self: Judge, *given: Any) -> Judged:
        return judge(self, *given)._replace(wake=None)

    monkeypatch.setattr(Judge, "__call__", sleeping)
    assert _fails("deadline")


@pytest.mark.parametrize("kind", ["reference", "coverage"])
def test_the_law_notices_records_that_look_at_nobody(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Judge, "links", lambda *_given: [])
    assert _fails(kind)


def test_the_law_notices_a_day_that_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """A forbidden state is one of the as-of day, so what is said of it is another each day."""
    monkeypatch.setattr(Forbidden, "DAILY", ())
    assert _fails("forbidden")
