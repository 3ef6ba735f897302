"""Maps in the frame of an organ: a place of it is the same cell in every patient, and means say how sure they are."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from Testing.unit.cohortcase import job_of, plain_run, write_manifest
from XAICLIPLib.cohort.casemaps import CASE_MAPS, DROP, REMOTE, OrganMaps, case_maps_in, maps_of, write_case_maps
from XAICLIPLib.cohort.frame import CELL, CELLS, Frame, frame_of, in_frame
from XAICLIPLib.cohort.manifest import read_manifest
from XAICLIPLib.cohort.mapfiles import write_mean_maps
from XAICLIPLib.cohort.meanmaps import FEWEST, RATE, mean_maps, mean_of
from XAICLIPLib.cohort.page_maps import maps_section
from XAICLIPLib.errors import InputError
from XAICLIPLib.phantom import make_phantom
from XAICLIPLib.volume import Volume, read_volume

MIDDLE = CELLS // 2
HOT = np.array([0.5, -0.4, 0.3])  # of the half-extents: to the left, to the front, above
FRAME = Frame((0.0, 0.0, 0.0), (50.0, 40.0, 30.0))


def turned(degrees):
    """A rotation about x, y and z by so many degrees each."""
    out = np.eye(3)
    for axis, angle in enumerate(np.radians(degrees)):
        a, b = [i for i in range(3) if i != axis]
        one = np.eye(3)
        one[[a, a, b, b], [a, b, a, b]] = np.cos(angle), -np.sin(angle), np.sin(angle), np.cos(angle)
        out = one @ out
    return out


def patient(seed=0, hot=HOT, degrees=6.0, grid_degrees=0.0):
    """An ellipsoid somewhere, of some size, slightly turned, in a scan of some spacing: a hot spot at a known place."""
    rng = np.random.default_rng(seed)
    half = np.array([60, 45, 50]) * rng.uniform(0.8, 1.25, 3)
    centre, turn = rng.uniform(-20, 20, 3), turned(rng.uniform(-degrees, degrees, 3))
    spacing = np.array([2.5, 2.5, 5.0]) * rng.uniform(0.7, 1.3, 3)
    direction = turned(rng.uniform(-grid_degrees, grid_degrees, 3))
    shape = np.ceil(2.8 * half / spacing).astype(int)  # x, y, z
    index = np.stack(np.meshgrid(*(np.arange(n) for n in shape), indexing="ij"), -1)[..., None]
    first = centre - direction @ (spacing * (shape - 1) / 2)
    world = first + (direction * spacing @ index)[..., 0]
    place = ((world - centre) @ turn) / half  # the organ's own
    mask = (place**2).sum(-1) <= 1
    values = np.exp(-(((place - hot) / 0.25) ** 2).sum(-1)).astype(np.float32)
    grid = Volume(np.zeros(shape[::-1], np.uint8), spacing, first, direction.ravel())
    return grid, mask.transpose(2, 1, 0), values.transpose(2, 1, 0)


def framed(grid, mask, values, tested=None):
    frame = frame_of(enumerate(mask), grid)
    tested = np.ones_like(mask) if tested is None else tested
    return frame, in_frame(lambda: ((z, values[z], tested[z]) for z in range(len(mask))), grid, frame)


def one_map(values, structure="liver"):
    return [OrganMaps(structure, FRAME, "reference", {DROP: values.astype(np.float16)}, np.ones(values.shape, bool))]


def place_of(cell):
    """A cell (z, y, x) in half-extents to the left, behind and above."""
    return CELL * (np.array(cell)[::-1] - MIDDLE)


# One map --------------------------------------------------------------------------------------------------------------


def test_the_frame_of_an_ellipsoid_is_its_middle_and_its_semi_axes():
    grid, mask, _ = patient(degrees=0)
    rng = np.random.default_rng(0)
    half, centre = np.array([60, 45, 50]) * rng.uniform(0.8, 1.25, 3), rng.uniform(-20, 20, 3)
    frame = frame_of(enumerate(mask), grid)
    np.testing.assert_allclose(frame.half, half, rtol=0.02)
    np.testing.assert_allclose(frame.centre, centre, atol=0.5)
    stray = mask.copy()
    stray[0, 0, 0] = True
    np.testing.assert_allclose(frame_of(enumerate(stray), grid).half, half, rtol=0.02)
    assert frame_of(enumerate(mask & False), grid) is None


@pytest.mark.parametrize("seed", range(4))
def test_a_hot_spot_is_in_its_cell_whatever_the_patient_and_the_grid(seed):
    frame, found = framed(*patient(seed, degrees=0, grid_degrees=20))
    assert np.abs(place_of(np.unravel_index(np.nanargmax(found), found.shape)) - HOT).max() <= CELL
    left = framed(*patient(seed, hot=HOT * (-1, 1, 1), degrees=0))[1]
    assert np.abs(place_of(np.unravel_index(np.nanargmax(left), left.shape)) - HOT * (-1, 1, 1)).max() <= CELL


def test_a_place_smaller_than_a_cell_is_not_lost_between_two():
    """Cells hold means: the whole of a map is the same in the frame, however fine the scan is."""
    grid, mask, _ = patient(degrees=0)
    fine = Volume(np.zeros((200, 160, 160), np.uint8), (1.0, 1.0, 1.0), (-80, -80, -100))
    rng = np.random.default_rng(0)
    values = np.zeros(fine.shape, np.float32)
    values[tuple(rng.integers(70, 90, (3, 40)))] = 1
    frame = Frame((0.0, 0.0, 0.0), (50.0, 50.0, 50.0))
    found = in_frame(lambda: ((z, v, np.ones(v.shape, bool)) for z, v in enumerate(values)), fine, frame)
    assert np.isclose(np.nansum(found) * 5.0**3, values.sum(), rtol=0.05)


def test_what_was_not_tested_is_unknown_and_dilutes_nothing():
    grid, mask, _ = patient(degrees=0)
    tested = np.zeros_like(mask)
    tested[::2, :, mask.shape[2] // 2 :] = True  # every second slice, one side
    _, found = framed(grid, mask, np.where(tested, 0.75, 9.0).astype(np.float32), tested)
    assert np.isnan(found[:, :, : MIDDLE - 2]).all() and np.isfinite(found[:, :, MIDDLE + 2 : -5]).any()
    np.testing.assert_allclose(found[np.isfinite(found)], 0.75, rtol=1e-6)
    assert np.isnan(framed(grid, mask, tested.astype(float), tested & False)[1]).all()


def test_a_single_slice_speaks_for_its_own_thickness():
    grid, mask, _ = patient(degrees=0)
    tested = np.zeros_like(mask)
    tested[len(mask) // 2] = True
    frame, found = framed(grid, mask, np.ones(mask.shape, np.float32), tested)
    planes = np.flatnonzero(np.isfinite(found).any((1, 2)))
    assert abs(len(planes) * CELL * frame.half[2] - grid.spacing[2]) <= 2 * CELL * frame.half[2] and len(planes)


# Of a run -------------------------------------------------------------------------------------------------------------


def run_of(labels, reference=None, explained=None, skipped=(), drop=None):
    """What `maps_of` reads of an explanation of slices, without a record."""
    grid = Volume(labels, (2.0, 2.0, 5.0))
    explained = range(len(labels)) if explained is None else explained
    held = [z for z in explained if labels[z].any() or (reference is not None and reference[z].any())]
    drop = np.ones(labels.shape, np.float32) if drop is None else drop
    return SimpleNamespace(
        structures=("liver",), rows=[SimpleNamespace(structure="liver", slice=z) for z in held], records={},
        report={"dimensions": 2, "slices": {"explained": held, "skipped": {str(z): "" for z in skipped}}},
        evaluated=grid.like(np.ones(labels.shape, np.uint8)), prediction=grid, drops={"liver": grid.like(drop)},
        reference=None if reference is None else grid.like(reference),
    )  # fmt: skip


def box(first=3, last=8, shape=(12, 40, 40)):
    labels = np.zeros(shape, np.uint8)
    labels[first : last + 1, 10:30, 10:30] = 1
    return labels


def test_an_organ_has_a_frame_where_its_whole_extent_is_known():
    drawn = box()
    (found,) = maps_of(run_of(drawn, skipped=[2, 9]))
    assert found.by == "prediction" and set(found.maps) == {DROP} and found.organ[MIDDLE, MIDDLE, MIDDLE]
    shown = np.where(np.isin(np.arange(12), [5])[:, None, None], drawn, 0).astype(np.uint8)
    (found,) = maps_of(run_of(shown, explained=[5]))
    assert found.frame is None and "how far it reaches is not known" in found.by
    (found,) = maps_of(run_of(shown, reference=drawn, explained=[5]))
    assert found.by == "reference" and abs(found.frame.half[2] - np.sqrt(5) * 5 * np.sqrt(36 / 12)) < 0.1
    (found,) = maps_of(run_of(drawn, reference=box(0, 8), skipped=[2, 9]))
    assert found.frame is None and "the scan ends in it" in found.by
    tip = box(1, 8)
    tip[0, 18:22, 18:22] = 1
    assert maps_of(run_of(drawn, reference=tip))[0].frame is not None, "a tip of it is hardly cut"
    (found,) = maps_of(run_of(box(0, 0, (1, 40, 40))))
    assert found.frame is not None, "a single image is all there is of it"


def test_maps_of_a_case_come_back_from_the_disk_and_damage_is_said(tmp_path):
    run = run_of(box(), skipped=[2, 9], drop=np.random.default_rng(0).random((12, 40, 40), np.float32))
    write_case_maps(run, tmp_path)
    data = (tmp_path / CASE_MAPS).read_bytes()
    write_case_maps(run, tmp_path)
    assert (tmp_path / CASE_MAPS).read_bytes() == data and len(data) < 60_000
    (before,), (after,) = maps_of(run), case_maps_in(tmp_path)
    assert replace(after, maps={}, organ=None).frame == before.frame and after.by == before.by
    np.testing.assert_array_equal(after.maps[DROP], before.maps[DROP])
    np.testing.assert_array_equal(after.organ, before.organ)
    for damaged in (data[:500], b"", b"no zip", data.replace(b"PK", b"KP")):
        (tmp_path / CASE_MAPS).write_bytes(damaged)
        with pytest.raises(InputError, match="is damaged; delete that folder"):
            case_maps_in(tmp_path)


# Means ----------------------------------------------------------------------------------------------------------------


def test_the_mean_over_patients_has_its_largest_value_where_the_cause_is():
    cases = []
    for seed in range(8):
        grid, mask, values = patient(seed)
        frame, found = framed(grid, mask, values)
        cases.append([OrganMaps("liver", frame, "reference", {DROP: found.astype(np.float16)}, np.isfinite(found))])
    (mean,) = mean_of(cases)
    assert np.abs(place_of(mean.peak) - HOT).max() <= CELL and mean.found[mean.peak] and mean.cases == 8
    far = place_of(np.moveaxis(np.indices(mean.mean.shape), 0, -1).reshape(-1, 3).T).T
    assert mean.mean[mean.peak] > 0.8 and far.shape  # a blur of turned organs, no more


def test_means_intervals_and_counts_are_the_known_ones_and_the_order_does_not_matter():
    from scipy.stats import t, ttest_1samp

    rng = np.random.default_rng(0)
    maps = rng.normal(0.1, 1, (7, CELLS, CELLS, CELLS)).astype(np.float16)
    maps[:3, :, :, 0] = np.nan
    maps[:, 0] = np.nan
    (mean,) = mean_of(one_map(m) for m in maps)
    assert set(mean.count[:, :, 0].ravel()) == {0, 4} and mean.count[1, 1, 1] == 7
    known = maps[:, 1:, :, 1:].astype(float)
    np.testing.assert_allclose(mean.mean[1:, :, 1:], known.mean(0), atol=1e-12)
    wide = t.ppf(0.975, 6) * known.std(0, ddof=1) / np.sqrt(7)
    np.testing.assert_allclose(mean.half_width[1:, :, 1:], wide, rtol=1e-9)
    assert np.isnan(mean.mean[0]).all() and np.isnan(mean.p[:, :, 0]).all(), "four cases tell nothing"
    plain = ttest_1samp(known, 0).pvalue.ravel()
    from scipy.stats import false_discovery_control

    np.testing.assert_allclose(mean.p[1:, :, 1:].ravel(), false_discovery_control(plain), rtol=1e-6)


def test_a_place_that_few_were_tested_in_has_the_mean_of_those():
    maps = np.full((10, CELLS, CELLS, CELLS), 0.0)
    rng = np.random.default_rng(0)
    maps[:, MIDDLE, MIDDLE, MIDDLE] = rng.normal(0.5, 0.01, 10)
    maps[5:, MIDDLE, MIDDLE, MIDDLE] = np.nan
    (mean,) = mean_of(one_map(m) for m in maps)
    assert mean.count[mean.peak] == 5 and mean.peak == (MIDDLE,) * 3 and abs(mean.mean[mean.peak] - 0.5) < 0.02
    assert mean.found[mean.peak] and mean.found.sum() == 1


def smooth(rng, count):
    """Maps as perturbations make them: patches, each with its own chance."""
    coarse = rng.standard_normal((count, 7, 7, 7)) * rng.gamma(1, 1, (count, 1, 1, 1))
    return np.kron(coarse, np.ones((1, 5, 5, 5)))[:, :CELLS, :CELLS, :CELLS]


def test_maps_of_chance_alone_tell_nothing():
    rng = np.random.default_rng(0)
    cohorts = [mean_of(one_map(m) for m in smooth(rng, 12))[0].found for _ in range(40)]
    assert np.mean(cohorts) <= RATE and sum(found.any() for found in cohorts) <= 5  # 2 are expected, 5 in 95 of 100


def test_sides_stay_apart_and_structures_without_a_frame_are_counted():
    right, left = np.zeros((2, CELLS, CELLS, CELLS))
    right[MIDDLE, MIDDLE, MIDDLE - 5], left[MIDDLE, MIDDLE, MIDDLE + 5] = 1, 1
    cases = [one_map(right, "kidney_right") + one_map(left, "kidney_left") for _ in range(6)]
    cases.append([OrganMaps("kidney_left", None, "the scan ends in it")])
    first, second = mean_of(cases)
    assert (first.structure, second.structure) == ("kidney_left", "kidney_right")
    assert place_of(first.peak)[0] == pytest.approx(0.5) and place_of(second.peak)[0] == pytest.approx(-0.5)
    assert first.left_out == {"the scan ends in it": 1} and second.left_out == {}


# Files and page -------------------------------------------------------------------------------------------------------


def test_files_hold_the_map_in_the_size_of_the_mean_organ(tmp_path):
    rng = np.random.default_rng(0)
    values = np.zeros((8, CELLS, CELLS, CELLS))
    values[:, 20, 15, 25] = 1 + rng.normal(0, 0.01, 8)
    (mean,) = found = mean_of(one_map(m) for m in values)
    (tmp_path / "frames").mkdir()
    for name in ("spleen-drop-mean.nrrd", "notes.txt"):
        (tmp_path / "frames" / name).write_text("x")
    write_mean_maps(tmp_path, found)
    written = sorted(path.name for path in (tmp_path / "frames").iterdir())
    ends = ["all.npz", "found.nrrd", "interval.nrrd", "mean.nrrd"]
    assert written == [*(f"liver-drop-{end}" for end in ends), "liver-organ.nrrd", "notes.txt"]
    volume = read_volume(tmp_path / "frames/liver-drop-mean.nrrd")
    z, y, x = np.unravel_index(volume.voxels.argmax(), volume.shape)
    at = np.array(volume.origin) + np.array(volume.spacing) * (x, y, z)
    np.testing.assert_allclose(at, CELL * np.array([10, 0, 5]) * FRAME.half, atol=1e-4)
    kept = np.load(tmp_path / "frames/liver-drop-all.npz")
    assert kept["found"][20, 15, 25] and kept["cases"] == 8 and np.array_equal(kept["mean"], mean.mean)
    write_mean_maps(tmp_path, [])
    assert [path.name for path in (tmp_path / "frames").iterdir()] == ["notes.txt"]


def test_the_page_says_where_and_how_sure():
    rng = np.random.default_rng(0)
    values = np.zeros((8, CELLS, CELLS, CELLS))
    values[:, 20, 15, 25] = 0.5 + rng.normal(0, 0.01, 8)
    page = maps_section(mean_of(one_map(m) for m in values))
    assert (
        "from the middle of a mean organ 50 mm to the left, 15 mm to the head" in page
        and "there it can be told from 0" in page
    )
    assert page.count("data:image/png;base64,") == 1 and "8 cases" in page
    few = maps_section(mean_of(one_map(m) for m in values[: FEWEST - 1]))
    assert "No place of liver was tested in 5 cases" in few and "<img" not in few
    assert maps_section([]) == ""


@pytest.mark.slow
def test_each_case_of_a_cohort_keeps_its_maps_and_the_cohort_their_mean(tmp_path):
    pandas = pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    (tmp_path / "in").mkdir()
    for seed in range(2):
        scan, labels = make_phantom(seed, shape=(9, 96, 96), spacing=(4.0, 4.0, 25.0))
        scan.save(tmp_path / f"in/DOE_JANE_{seed}.nrrd")
        labels.save(tmp_path / f"in/DOE_JANE_{seed}_labels.nrrd")
    cohort = read_manifest(write_manifest(tmp_path / "in", 2))
    out = tmp_path / "out"
    plain_run(cohort, job_of(out, keep="numbers"))
    for mine in (case_maps_in(out / "cases" / name) for name in ("p0", "p1")):
        assert [one.structure for one in mine] == ["liver"] and set(mine[0].maps) == {DROP, REMOTE}, mine[0].by
        assert np.isfinite(mine[0].maps[DROP]).any() and mine[0].organ.any()
    table = pandas.read_parquet(out / "frames.parquet")
    assert list(table["map"]) == [DROP, REMOTE] and list(table["cases"]) == [2, 2]
    before = {path.name: path.read_bytes() for path in (out / "frames").iterdir()}
    plain_run(replace(cohort, cases=tuple(reversed(cohort.cases))), job_of(out, keep="numbers"))
    assert before == {path.name: path.read_bytes() for path in (out / "frames").iterdir()}
    (alone, _), (both, _) = mean_maps(out, ids=["p0"]), mean_maps(out)
    assert alone.count.max() == 1 and both.count.max() == 2
    assert "Where, across patients" in (out / "cohort.html").read_text(encoding="utf-8")
