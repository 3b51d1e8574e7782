"""What the tests share: the bundled rulesets, the cases, and the folder with real data (skipped where absent)."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

from lawgov_rules.loading import load_rulesets
from lawgov_rules.ruleset import Rulesets

ROOT = Path(__file__).parent.parent
CASES = ROOT / "cases"
# what is drawn is the same in every run, so that a test fails for what was changed and not by chance; LAWGOV_SEED=N
# draws other rules, records and examples
SEED = int(os.environ.get("LAWGOV_SEED", "1"))
settings.register_profile("same", derandomize=True)
if "LAWGOV_SEED" not in os.environ:
    settings.load_profile("same")


@pytest.fixture(scope="session")
def rules() -> Rulesets:
    return load_rulesets()


@pytest.fixture(scope="session")
def durable_rules() -> None:
    """The extra `durable`. LAWGOV_REQUIRE_DURABLE=1: a test that needs it fails without it, and is not skipped."""
    from lawgov_rules import durable
    from lawgov_rules.errors import ExecutorError

    try:
        durable.require()
    except ExecutorError as error:
        if os.environ.get("LAWGOV_REQUIRE_DURABLE") == "1":
            pytest.fail(f"LAWGOV_REQUIRE_DURABLE is set, but: {error}")
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def shared() -> Path:
    """Real logs that nobody here made. LAWGOV_SHARED names the folder."""
    folder = Path(os.environ.get("LAWGOV_SHARED", ROOT.parent / "shared"))
    if not folder.is_dir():
        pytest.skip(f"no data folder at {folder}; set LAWGOV_SHARED")
    return folder
