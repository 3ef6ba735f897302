"""Checkpoints as training programs leave them: whatever wraps the weights, they are found; no object is rebuilt."""

import argparse
import datetime
import pathlib

import numpy as np
import pytest
import torch
from torch import nn

from XAICLIPLib.errors import WeightsError
from XAICLIPLib.weights.checkpoint import load_weights, read_checkpoint, state_of, without_prefix


def network():
    return nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.Conv2d(4, 2, 1))


@pytest.fixture(scope="module")
def trained():
    torch.manual_seed(1)
    return network().state_dict()


def under(state, prefix):
    return {prefix + key: value for key, value in state.items()}


def optimiser():
    return {"state": {0: {"exp_avg": torch.rand(3)}}, "param_groups": [{"lr": 0.1, "params": [0]}]}


LAYOUTS = {
    "plain": lambda s: s,
    "DDP": lambda s: under(s, "module."),
    "compiled": lambda s: under(s, "_orig_mod."),
    "DDP of DDP and compiled": lambda s: under(s, "module.module._orig_mod."),
    "one layer compiled": lambda s: {k.replace("0.", "0._orig_mod."): v for k, v in s.items()},
    "Lightning": lambda s: {"state_dict": {**under(s, "model."), "loss.weight": torch.ones(2)}, "epoch": 3},
    "Lightning, EMA beside it": lambda s: {
        "state_dict": {**under({k: v * 0 for k, v in s.items()}, "ema_model."), **under(s, "net._orig_mod.")}
    },
    "a whole training": lambda s: {"model": s, "optimizer": optimiser(), "epoch": 9, "loss": np.float64(0.1)},
    "wrapped twice": lambda s: {"model": {"state_dict": under(s, "module.")}, "args": {"lr": 0.1}},
    "EMA alone": lambda s: {"state_dict_ema": s, "epoch": 1},
    "a name of its own": lambda s: {"unet_weights": under(s, "unet."), "optimizer": optimiser()},
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_weights_are_found_in_what_wraps_them(layout, trained, tmp_path):
    torch.save(LAYOUTS[layout](trained), tmp_path / "it.pth")
    found = network()
    load_weights(found, state_of(read_checkpoint(tmp_path / "it.pth")), "it.pth", "network")
    assert all(torch.equal(value, trained[key]) for key, value in found.state_dict().items())


def test_counters_that_only_training_needs_may_be_missing(trained):
    found = network()
    load_weights(found, {k: v for k, v in trained.items() if "num_batches" not in k}, "it", "network")
    assert torch.equal(found[2].weight, trained["2.weight"])
    with pytest.raises(WeightsError, match="1 missing .1.running_var"):
        load_weights(network(), {k: v for k, v in trained.items() if k != "1.running_var"}, "it", "network")


def test_which_of_two_networks_is_asked(trained):
    both = {**under(trained, "student."), **under(trained, "teacher.")}
    assert without_prefix(both, trained) == trained
    with pytest.raises(WeightsError, match="several sets of weights .generator, critic"):
        state_of({"generator": trained, "critic": trained})


def test_numpy_numbers_arrays_and_types_are_plain_data(trained, tmp_path):
    beside = {
        "scalar": np.float32(0.5), "integer": np.int64(7), "array": np.arange(6.0).reshape(2, 3), "type": np.dtype("i2"),
        "flags": np.array([True, False]), "text": np.array(["a", "b"]),
    }  # fmt: skip
    torch.save({"model": trained, **beside}, tmp_path / "it.pth")
    read = read_checkpoint(tmp_path / "it.pth")
    assert read["scalar"] == 0.5 and read["integer"] == 7 and read["type"] == np.dtype("i2")
    for key in ("array", "flags", "text"):
        assert (read[key] == beside[key]).all() and read[key].dtype == beside[key].dtype


class Runs:
    def __reduce__(self):
        return exec, ("raise SystemExit('it ran')",)


@pytest.mark.parametrize(
    "thing, named",
    [
        (argparse.Namespace(lr=1), "argparse.Namespace"),
        (pathlib.PurePosixPath("a"), "pathlib"),
        (datetime.date(2020, 1, 1), "datetime.date"),
        (Runs(), "exec"),
    ],
)
def test_other_objects_are_refused_with_a_way_out(thing, named, trained, tmp_path):
    torch.save({"model": trained, "args": thing}, tmp_path / "it.pth")
    says = rf"it.pth is refused: it holds the Python object {named}.*torch.save\(model.state_dict\(\)"
    with pytest.raises(WeightsError, match=says) as e:
        read_checkpoint(tmp_path / "it.pth")
    # no one is led to run what no training program writes
    assert ('torch.load("it.pth", weights_only=False)' in str(e.value)) == (named != "exec")
    assert "\n" not in str(e.value)


def test_arrays_of_objects_are_none_of_numbers(trained, tmp_path):
    torch.save({"model": trained, "log": np.array([Runs(), None], dtype=object)}, tmp_path / "it.pth")
    with pytest.raises(WeightsError, match="it.pth is refused: it holds no weights that can be read without"):
        read_checkpoint(tmp_path / "it.pth")
