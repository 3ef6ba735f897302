"""Two hundred of the fuzzer's inputs, of all kinds; `Testing/fuzz.py` alone runs three thousand."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
import fuzz  # noqa: E402

pytestmark = pytest.mark.slow


def test_damaged_and_odd_inputs_work_or_are_refused_in_one_line(tmp_path):
    fuzz.write_seeds(tmp_path / "seeds")
    inputs = [one for kind in fuzz.SHARES for one in fuzz.share(kind, 200)]
    found = fuzz.run(inputs, 1, tmp_path / "seeds")
    assert len(found) == len(inputs) >= 200
    assert not [one for one in found if one[2] not in ("worked", "refused")]
    outcomes = {kind: {one[2] for one in found if one[0] == kind} for kind in fuzz.SHARES}
    assert all("refused" in said for kind, said in outcomes.items() if kind != "words"), outcomes
