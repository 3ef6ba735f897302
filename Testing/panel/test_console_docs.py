"""What docs/howto/slicer.md says to type into Slicer's console does what it says."""

import re
from pathlib import Path

import pytest
import slicer

PAGE = Path(__file__).parents[2] / "docs" / "howto" / "slicer.md"


@pytest.mark.slow
def test_theConsoleOfTheDocumentation(window, capsys):
    names = {"slicer": slicer}
    blocks = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    assert len(blocks) == 4
    for block in blocks:
        exec(compile(block, PAGE.name, "exec"), names)
    run = names["run"]
    assert slicer.util.arrayFromVolume(run.saliencyNode)[25].max() == pytest.approx(1)
    assert [row["structure"] for row in run.metrics] == ["liver"] and run.roiSegmentation is not None
    window.wait(lambda: not names["job"].isRunning, "the end of what was started")
    assert len(names["runs"]) == 1 and "slice" in capsys.readouterr().out
