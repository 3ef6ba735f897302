"""At a notebook's prompt: short lines instead of screens of zeros, tables, figures, completion, and types."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

import XAICLIPLib as xai
from XAICLIPLib.errors import InputError

ROOT = Path(__file__).parents[2]


def bright(batch):
    return torch.cat([torch.sigmoid((batch - 90) / 5), torch.sigmoid((batch - 200) / 5)], 1)


bright.targets = ("liver", "spine")


@pytest.fixture(scope="module")
def explained(phantom, liver_slice):
    return xai.explain(
        phantom[0], ["liver", "spine"], xai.Occlusion(128, 128, unit="px512"), region="full", model=bright,
        slices=range(liver_slice, liver_slice + 2), device="cpu", evidence="none",
    )  # fmt: skip


def test_an_explanation_is_one_line_and_a_table(explained):
    line = repr(explained)
    assert line.startswith("<Explanation of liver (largest drop 0.") and "spine (largest drop" in line
    assert line.endswith("2 slices, occlusion, phantom>") or "2 slices, occlusion" in line
    assert "\n" not in line and len(line) < 200
    html = explained._repr_html_()
    assert html.count("<tr>") == 1 + 2 * 2 and "the evidence was switched off" in html
    assert "The spine is drawn from what is there" in html, "and what it says in words"
    drop = {row["structure"]: f"{row['largest_drop']:.3f}" for row in explained.summary}
    assert f"<td>{drop['liver']}</td>" in html and f"<td>{drop['spine']}</td>" in html


def test_what_a_model_or_a_scan_is_called_is_no_markup(explained):
    from dataclasses import replace

    report = {**explained.report, "warnings": ["<script>alert(1)</script>"]}
    assert "<script>" not in replace(explained, report=report)._repr_html_()


def test_the_numbers_as_a_frame(explained):
    pytest.importorskip("pandas")
    frame = explained.table()
    assert frame.equals(explained.to_frame()), "its older name"
    assert len(frame) == len(explained.rows) + 2 and list(frame[frame["slice"] == "all"]["structure"]) == [
        "liver",
        "spine",
    ]
    assert frame["largest_drop"].tolist()[: len(explained.rows)] == [row["largest_drop"] for row in explained.rows]


def test_a_figure_shows_the_slice_with_the_largest_drop(explained):
    peaks = {row["slice"]: row["largest_drop"] for row in explained.rows if row["structure"] == "spine"}
    best = max(peaks, key=peaks.get)
    figure = explained.plot("spine")
    scan, where, _ = figure.axes[:3]
    assert scan.get_title() == f"slice {best}"
    shown = where.images[1].get_array()
    assert np.array_equal(shown.filled(0), explained.drops["spine"].slices[best])
    with pytest.raises(InputError, match="'kidney' was not explained; it holds liver, spine"):
        explained.plot("kidney")
    with pytest.raises(InputError, match="slice 99 was not explained for liver"):
        explained.plot("liver", 99)


def test_an_attribution_is_one_line_and_a_figure():
    image = np.zeros((64, 64), np.float32)
    image[20:40, 20:40] = 1
    found = xai.attribute(image, lambda b: torch.sigmoid((b - 0.5) * 30), method=xai.Occlusion(16, 16))
    assert repr(found) == f"<Attribution 1 x 64 x 64, largest drop {found.drop.max():.3f}, 4 of 16 evaluations>" or (
        repr(found).startswith("<Attribution 1 x 64 x 64, largest drop 0.")
    )
    axes = found.plot(image).axes[0]
    assert np.array_equal(axes.images[0].get_array(), image) and np.array_equal(
        axes.images[1].get_array(), found.drop[0]
    )


def test_progress_is_a_bar_where_it_is_asked_for(phantom, liver_slice, capsys):
    more = {"region": "full", "model": bright, "slices": liver_slice, "device": "cpu", "evidence": "none"}
    for shown in (True, False):
        xai.explain(phantom[0], "liver", xai.Occlusion(256, 256, unit="px512"), progress=shown, **more)
        assert ("100%" in capsys.readouterr().err) == shown


def test_public_names_are_completed_and_typed():
    """Those that checkers see are those that are there; the package says that it has types."""
    import ast

    tree = ast.parse((ROOT / "XAICLIPLib" / "__init__.py").read_text(encoding="utf-8"))
    (typed,) = (n for n in tree.body if isinstance(n, ast.If) and getattr(n.test, "id", "") == "TYPE_CHECKING")
    seen = {alias.asname: (f"{line.module}", alias.name) for line in typed.body for alias in line.names}
    assert {name: module for name, (module, _) in seen.items()} == {
        name: f"XAICLIPLib.{module}" for name, module in xai._WHERE.items()
    }
    assert set(xai.__all__) <= set(dir(xai)) and (ROOT / "XAICLIPLib" / "py.typed").exists()


def test_a_checker_knows_what_explain_gives(tmp_path):
    pytest.importorskip("mypy", reason="pip install mypy")
    program = tmp_path / "program.py"
    program.write_text(
        "import XAICLIPLib as xai\nreveal_type(xai.Occlusion(64, 32))\nreveal_type(xai.read_volume('a'))\n"
    )
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--follow-imports=silent", str(program)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert "Occlusion" in checked.stdout and "Volume" in checked.stdout, checked.stdout
