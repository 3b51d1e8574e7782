"""The executors say the same of random rules and records: verdict, detail, instance, missing, readings, measures."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.agreement import KINDS, disagreements, draw

# seeds on which the executors once disagreed; 60 records each, as `python -m tests.agreement` draws them
ONCE_DISAGREED = (1, 3, 5, 22, 1003, 2002, 3006, 4018, 6007)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
@settings(
    max_examples=6,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # an example takes a second: report it, do not shrink it
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)
@given(random=st.randoms(use_true_random=False))
def test_live_and_batch_agree(kind: str, random: Random) -> None:
    assert disagreements(*draw(random, kind, 12)) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", ONCE_DISAGREED)
def test_where_they_once_disagreed(seed: int) -> None:
    assert disagreements(*draw(Random(seed), KINDS[seed % len(KINDS)], 60)) == []
