"""Plans and labels of nnU-Net that no training writes are refused before anything is built."""

import copy

import pytest
from nnunetfolder import make_dataset, make_plans

from XAICLIPLib.errors import WeightsError
from XAICLIPLib.models.nnunet.plans import check_dataset, check_plans

PLANS = make_plans((32, 32), (1.0, 1.0))


def test_whole_plans_pass():
    check_plans(PLANS)
    check_plans(make_plans((16, 32, 32), (2.0, 1.0, 1.0), configuration="3d_fullres", transpose=(1, 0, 2)))
    check_dataset(make_dataset())


@pytest.mark.parametrize(
    "way, value, says",
    [
        (("configurations",), [], "are no plans"),
        (("dataset_name",), 5, "has no dataset_name"),
        (("transpose_forward",), [0, 0, 1], "no order of three axes"),
        (("configurations", "2d", "patch_size"), [10**9, 10**9], "patch_size"),
        (("configurations", "2d", "patch_size"), "all", "patch_size is all"),
        (("configurations", "2d", "spacing"), [float("nan"), 1.0], "spacing"),
        (("configurations", "2d", "spacing"), [0.0, 1.0], "spacing is"),
        (("configurations", "2d", "architecture", "arch_kwargs", "n_stages"), 10**9, "n_stages is 1e[+]09"),
        (("configurations", "2d", "architecture", "arch_kwargs", "features_per_stage"), [10**9], "features_per_stage"),
        (("configurations", "2d", "architecture", "arch_kwargs", "n_conv_per_stage"), [10**9], "n_conv_per_stage"),
        (("foreground_intensity_properties_per_channel",), {"0": {}}, "lacks mean, std"),
    ],
)
def test_damaged_plans_are_refused(way, value, says):
    plans = copy.deepcopy(PLANS)
    node = plans
    for key in way[:-1]:
        node = node[key]
    node[way[-1]] = value
    with pytest.raises(WeightsError, match=says):
        check_plans(plans)
