"""The phantom is what every other test trusts: is it the same every time, right way round, and anatomy?"""

import numpy as np
import pytest

from XAICLIPLib.phantom import PART_LABELS, PHANTOM_LABELS, TABLE_LABEL, make_phantom

SMALL = dict(shape=(20, 96, 96), spacing=(4.0, 4.0, 10.0))  # 384 x 384 x 200 mm, as the default
HU_RANGES = {
    "liver": (95, 130),
    "spleen": (105, 140),
    "kidney_right": (145, 200),
    "kidney_left": (145, 200),
    "gallbladder": (-15, 40),
    "aorta": (135, 190),
    "inferior_vena_cava": (110, 165),
    "heart": (95, 165),
    "spine": (150, 350),
    "lung_left": (-900, -700),
    "lung_right": (-900, -700),
}
VOLUMES_ML = {
    "liver": (1000, 2000),
    "spleen": (100, 350),
    "kidney_right": (100, 250),
    "kidney_left": (100, 250),
    "gallbladder": (15, 70),
    "stomach": (150, 700),
    "aorta": (40, 130),
    "inferior_vena_cava": (40, 150),
}


@pytest.fixture(scope="module", params=[0, 1, 2])
def phantom(request):
    return make_phantom(request.param, **SMALL)


@pytest.fixture(scope="module")
def default():
    return make_phantom()


def centroid(labels, name):
    """Centroid of a structure, (x, y, z) in mm, LPS, from the volume's own geometry."""
    index = np.argwhere(labels.voxels == PHANTOM_LABELS[name])
    assert len(index), f"{name} is missing"
    step = np.reshape(labels.direction, (3, 3)) @ np.diag(labels.spacing)
    return np.asarray(labels.origin) + step @ index.mean(0)[::-1]


@pytest.mark.slow
def test_same_seed_same_voxels_other_seed_other_patient():
    first, again, other = (make_phantom(seed, **SMALL) for seed in (3, 3, 4))
    for a, b, c in zip(first, again, other):
        assert np.array_equal(a.voxels, b.voxels)
        assert not np.array_equal(a.voxels, c.voxels)
    assert (first[1].voxels != other[1].voxels).mean() > 0.005  # another anatomy, not only another noise


def test_grid_types_and_geometry():
    ct, labels = make_phantom(0, shape=(8, 40, 48), spacing=(7.5, 8.0, 20.0))
    assert ct.voxels.shape == labels.voxels.shape == (8, 40, 48)
    assert ct.voxels.dtype == np.int16 and labels.voxels.dtype == np.uint8
    assert ct.modality == "CT"
    for volume in (ct, labels):
        assert volume.spacing == (7.5, 8.0, 20.0)
        assert np.array_equal(np.reshape(volume.direction, (3, 3)), np.eye(3))
        middle = np.asarray(volume.origin) + np.asarray(volume.spacing) * (np.array([48, 40, 8]) - 1) / 2
        assert np.allclose(middle, 0, atol=1e-3)


@pytest.mark.parametrize("bad", [{"shape": (0, 4, 4)}, {"shape": (4, 4)}, {"spacing": (1, 1, 0)}, {"spacing": (1, 1)}])
def test_impossible_grid_is_refused(bad):
    with pytest.raises(ValueError, match="shape|spacing"):
        make_phantom(0, **bad)


@pytest.mark.slow
def test_organs_lie_where_they_lie_in_a_patient(phantom):
    _, labels = phantom
    at = {name: centroid(labels, name) for name in PHANTOM_LABELS}
    left_of = [
        ("spleen", "liver"),
        ("kidney_left", "kidney_right"),
        ("lung_left", "lung_right"),
        ("spleen", "stomach"),
        ("aorta", "inferior_vena_cava"),
        ("stomach", "gallbladder"),
        ("heart", "lung_right"),
        ("lung_left", "heart"),
    ]
    in_front_of = [
        ("stomach", "spine"),
        ("aorta", "spine"),
        ("inferior_vena_cava", "spine"),
        ("heart", "spine"),
        ("pancreas", "aorta"),
        ("gallbladder", "kidney_right"),
        ("stomach", "spleen"),
        ("liver", "kidney_right"),
    ]
    above = [
        ("lung_right", "liver"),
        ("lung_left", "spleen"),
        ("heart", "stomach"),
        ("heart", "liver"),
        ("liver", "kidney_right"),
        ("spleen", "kidney_left"),
        ("kidney_left", "kidney_right"),
    ]
    for axis, sign, pairs in ((0, 1, left_of), (1, -1, in_front_of), (2, 1, above)):
        for one, other in pairs:
            assert sign * (at[one][axis] - at[other][axis]) > 0, f"{one} and {other} along axis {axis}"
    assert at["liver"][0] < -30 and at["spleen"][0] > 60 and abs(at["spine"][0]) < 15


def test_liver_reaches_across_the_midline_and_tapers(phantom):
    _, labels = phantom
    liver = labels.voxels == PHANTOM_LABELS["liver"]
    x = labels.origin[0] + labels.spacing[0] * np.arange(labels.shape[2])
    assert 0.02 < liver[:, :, x > 10].sum() / liver.sum() < 0.3
    area = liver.sum((1, 2))
    lowest = np.flatnonzero(area)[0]
    assert area[lowest] < 0.4 * area.max()


def test_intensities_are_those_of_portal_venous_ct(phantom):
    ct, labels = phantom
    for name, (low, high) in HU_RANGES.items():
        mean = ct.voxels[labels.voxels == PHANTOM_LABELS[name]].mean()
        assert low <= mean <= high, f"{name}: {mean:.0f} HU"


def test_volumes_are_those_of_an_adult(phantom):
    _, labels = phantom
    for name, (low, high) in VOLUMES_ML.items():
        ml = (labels.voxels == PHANTOM_LABELS[name]).sum() * np.prod(labels.spacing) / 1000
        assert low <= ml <= high, f"{name}: {ml:.0f} ml"


@pytest.mark.slow
def test_stomach_gas_is_on_top_of_its_fluid(default):
    ct, labels = default
    stomach = labels.voxels == PHANTOM_LABELS["stomach"]
    gas, fluid = stomach & (ct.voxels < -500), stomach & (np.abs(ct.voxels - 30) < 40)
    assert gas.sum() > 500 and fluid.sum() > 500
    assert np.argwhere(gas)[:, 1].mean() < np.argwhere(fluid)[:, 1].mean()


def test_organs_are_in_the_body_and_the_table_is_not(default):
    ndimage = pytest.importorskip("scipy.ndimage")
    ct, labels = default
    assert TABLE_LABEL not in PHANTOM_LABELS.values()
    assert len(set(PHANTOM_LABELS.values())) == len(PHANTOM_LABELS) and 0 not in PHANTOM_LABELS.values()
    assert set(np.unique(labels.voxels)) == {0, TABLE_LABEL, *PHANTOM_LABELS.values()}
    organs = (labels.voxels > 0) & (labels.voxels != TABLE_LABEL)
    table = labels.voxels == TABLE_LABEL
    for z in range(0, labels.shape[0], 5):
        blobs, _ = ndimage.label(ndimage.binary_opening(ct.voxels[z] > -300, iterations=2))
        body = ndimage.binary_fill_holes(blobs == np.bincount(blobs.ravel())[1:].argmax() + 1)
        assert body[organs[z]].all(), f"an organ leaves the body in slice {z}"
        assert table[z].any() and not body[table[z]].any(), f"table in slice {z}"
        assert np.argwhere(table[z])[:, 0].mean() > np.argwhere(body)[:, 0].max()  # behind the back


def test_noise_is_correlated_and_of_ct_strength(default):
    ct, labels = default
    air = ct.voxels[:, :20, :20].astype(float)
    liver = ct.voxels[labels.voxels == PHANTOM_LABELS["liver"]]
    assert air.mean() == pytest.approx(-1000, abs=5)
    assert 5 < air.std() < 20 and 8 < liver.std() < 30
    residual = air - air.mean()
    assert (residual[:, :, 1:] * residual[:, :, :-1]).mean() / residual.var() > 0.2  # neighbours share the grain
    assert abs((residual[1:] * residual[:-1]).mean() / residual.var()) < 0.1  # slices do not


@pytest.mark.slow
def test_another_grid_samples_the_same_patient(default):
    ndimage = pytest.importorskip("scipy.ndimage")
    _, fine = default
    _, other = make_phantom(0, shape=(30, 110, 120), spacing=(3.2, 3.4, 6.5))
    corner = (np.subtract(other.origin, fine.origin) / fine.spacing)[::-1]
    step = np.divide(other.spacing, fine.spacing)[::-1]
    index = np.indices(other.shape) * step[:, None, None, None] + corner[:, None, None, None]
    resampled = ndimage.map_coordinates(fine.voxels, index, order=0)
    names = "liver spleen kidney_right kidney_left stomach lung_left lung_right heart spine"
    for name in names.split():
        a, b = (v == PHANTOM_LABELS[name] for v in (resampled, other.voxels))
        dice = 2 * (a & b).sum() / (a.sum() + b.sum())
        assert dice >= 0.85, f"{name}: Dice {dice:.2f}"


@pytest.mark.slow
@pytest.mark.parametrize("spacing", [(1.0, 1.0, 5.0), (1.5, 1.5, 5.0), (4.0, 4.0, 5.0)])
def test_noise_is_as_strong_on_any_grid(spacing):
    size = int(400 / spacing[0])
    ct, _ = make_phantom(0, shape=(2, size, size), spacing=spacing)
    corner = ct.voxels[:, : int(40 / spacing[1]), : int(40 / spacing[0])]
    assert 9 < corner.std() < 13


def test_a_single_voxel_is_still_tissue():
    ct, _ = make_phantom(0, shape=(1, 1, 1), spacing=(1.0, 1.0, 1.0))
    assert -150 < ct.voxels.item() < 300


@pytest.mark.slow
def test_the_bundled_network_finds_the_organs(default):
    """The phantom is no measure of the network; but the demo has to show organs that a network sees."""
    torch = pytest.importorskip("torch")
    bundled = pytest.importorskip("XAICLIPLib.models.bundled")
    base = pytest.importorskip("XAICLIPLib.models.base")
    if not (bundled.FOLDER / "model.safetensors").is_file():
        pytest.skip("the bundled weights are not there yet")
    ct, labels = default
    network = bundled.BundledSegmenter(torch.device("cpu"))
    slices = range(1, ct.shape[0], 4)
    found = []
    for z in slices:
        prepared = network.prepare(ct.voxels[z], base.Context("CT", (1.5, 1.5)))
        probability = network.predict(prepared.image[None])[0].float().cpu().numpy()
        found.append(prepared.grid.to_slice(probability) > 0.5)
    for name, bar in (("liver", 0.8), ("spleen", 0.65), ("kidney_right", 0.7), ("kidney_left", 0.7), ("spine", 0.8)):
        mask = np.stack([slice_[network.targets.index(name)] for slice_ in found])
        truth = labels.voxels[list(slices)] == PHANTOM_LABELS[name]
        dice = 2 * (mask & truth).sum() / (mask.sum() + truth.sum())
        assert dice >= bar, f"{name}: Dice {dice:.2f}"


ABDOMINAL = [PHANTOM_LABELS[n] for n in ("liver", "spleen", "kidney_right", "kidney_left", "gallbladder", "stomach")]


@pytest.mark.parametrize("part", ["head", "pelvis", "thigh"])
@pytest.mark.parametrize("seed", [9000, 9001])
def test_other_parts_hold_no_abdominal_organ_and_bones_of_their_own(part, seed):
    scan, labels = make_phantom(seed, (12, 64, 64), (6.2, 6.2, 18.0), part=part, varied_anatomy=True)
    found = set(np.unique(labels.voxels))
    assert not found & set(ABDOMINAL)
    own = {"head": ("skull", "brain"), "pelvis": ("hip", "femur", "urinary_bladder"), "thigh": ("femur",)}[part]
    assert {PART_LABELS[name] for name in own} <= found
    bone = PART_LABELS["skull" if part == "head" else "femur"]
    assert scan.voxels[labels.voxels == bone].max() > 400, "bone is hard somewhere"


def test_a_chest_has_lungs_heart_and_aorta_and_is_closed_above():
    scan, labels = make_phantom(9000, (20, 96, 96), (4.2, 4.2, 10.0), part="chest", varied_anatomy=True)
    for name in ("lung_left", "lung_right", "heart", "aorta", "spine"):
        assert (labels.voxels == PHANTOM_LABELS[name]).any(), name
    x = np.arange(96)
    left, right = (
        x[(labels.voxels == PHANTOM_LABELS[f"lung_{side}"]).any((0, 1))].mean() for side in ("left", "right")
    )
    assert right < left, "columns run from the patient's right to left"
    lungs = np.isin(labels.voxels, [PHANTOM_LABELS["lung_left"], PHANTOM_LABELS["lung_right"]]).sum((1, 2))
    assert lungs[-1] == 0 and lungs.max() > 500, "lungs end below the neck"
    assert (labels.voxels == PART_LABELS["clavicula"]).any()


def test_varied_patients_differ_in_size_and_the_standard_one_stays_what_it_was():
    volumes = []
    for seed in range(9000, 9006):
        _, labels = make_phantom(seed, **SMALL, varied_anatomy=True)
        volumes.append((labels.voxels == PHANTOM_LABELS["liver"]).sum() * 0.16)
    present = [v for v in volumes if v]
    assert max(present) > 1.25 * min(present)
    standard = [(make_phantom(seed, **SMALL)[1].voxels == PHANTOM_LABELS["liver"]).sum() * 0.16 for seed in (0, 1, 2)]
    assert max(standard) < 1.15 * min(standard)


def test_an_unknown_part_is_refused_by_name():
    with pytest.raises(ValueError, match="no part 'arm'; choose one of abdomen, chest, head"):
        make_phantom(part="arm")
