"""Checkpoints as training programs leave them: whatever wraps the weights, they are found; no object is rebuilt."""

import argparse
import datetime
import io
import pathlib
import pickle
import struct
import zipfile

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
        "scalar": np.float32(0.5), "integer": np.int64(7), "array": np.arange(6.0).reshape(2, 3),
        "type": np.dtype("i2"),
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
    with pytest.raises(
        WeightsError, match="it.pth is refused: it holds an array of 'O8', which is neither numbers nor text. Save"
    ):
        read_checkpoint(tmp_path / "it.pth")


# ---- pickles made by hand, which NumPy's own functions would believe


def named(module, name):
    return f"c{module}\n{name}\n".encode()


def text(value):
    encoded = value.encode()
    return b"X" + struct.pack("<I", len(encoded)) + encoded


def number(value):
    return b"\x8a\x10" + value.to_bytes(16, "little", signed=True)


def several(*values):
    return b"(" + b"".join(values) + b"t"


def called(what, *values):
    return what + several(*values) + b"R"


NONE, FALSE, TRUE = b"N", b"\x89", b"\x88"
NDARRAY, MULTIARRAY = named("numpy", "ndarray"), "numpy.core.multiarray"


def data(content):
    return called(named("_codecs", "encode"), text(content.decode("latin1")), text("latin1"))


def kind(code, order="<", *, version=3, inner=NONE, names=NONE, fields=NONE, size=-1, flags=0, state=True, more=()):
    made = called(named("numpy", "dtype"), text(code), FALSE, TRUE)
    parts = number(version), text(order), inner, names, fields, number(size), number(-1), number(flags), *more
    return made + several(*parts) + b"b" if state else made


def empty(*shape, code="b"):
    return called(named(MULTIARRAY, "_reconstruct"), NDARRAY, several(*map(number, shape or (0,))), data(code.encode()))


def array(shape, of, content):
    return empty() + several(number(1), several(*map(number, shape)), of, FALSE, content) + b"b"


def scalar(of, content):
    return called(named(MULTIARRAY, "scalar"), of, content)


def read_by_hand(pickled, folder):
    whole, path = io.BytesIO(), folder / "it.pth"
    torch.save({"made": torch.ones(1)}, whole)
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            made = b"\x80\x02}" + text("made") + pickled + b"s."
            target.writestr(name, made if name.endswith("data.pkl") else source.read(name))
    return read_checkpoint(path)["made"]


EIGHT = data(b"A" * 8)
OBJECT = kind("O8", "|", flags=63)
FORGED = {
    "objects as bytes": array((1,), OBJECT, EIGHT),
    "objects in a list": array((1,), OBJECT, b"](" + NDARRAY + b"e"),
    "objects by no state": array((1,), kind("O", state=False), EIGHT),
    "objects beside numbers": array((1,), kind("f8,O", state=False), data(b"A" * 16)),
    "a number that is two objects": array(
        (1,), kind("f8", inner=several(kind("O8", state=False), several(number(2)))), EIGHT
    ),
    "fields of objects": array(
        (1,),
        kind("V8", "|", names=several(text("a")), fields=b"}" + text("a") + several(OBJECT, number(0)) + b"s", size=8),
        EIGHT,
    ),
    "notes on a type": array((1,), kind("f8", version=4, more=(b"}",)), EIGHT),
    "times": array((1,), kind("M8[ns]", state=False), EIGHT),
    "8 TB of nothing": array((10**12,), kind("f8"), data(b"")),
    "many of no size": array((10**12,), kind("S0", state=False), data(b"")),
    "larger than its data": array((3,), kind("f8"), EIGHT),
    "text longer than its data": array((8,), kind("S1", "|", size=10**9), EIGHT)
    + b"0"
    + array((9,), kind("S1"), EIGHT),
    "negative": array((-1,), kind("f8"), EIGHT),
    "more than there are numbers for": array((2**32, 2**32), kind("f8"), data(b"")),
    "an array called": called(NDARRAY, several(number(10**9))),
    "an array of objects called": called(NDARRAY, several(number(4)), text("O")),
    "an array over a buffer": called(
        NDARRAY, several(number(10**12)), text("f8"), EIGHT, number(0), several(number(0))
    ),
    "a number that is an object": scalar(OBJECT, EIGHT),
    "a number without data": scalar(kind("S1000000000"), NONE),
    "a number longer than its data": scalar(kind("f8"), data(b"A")),
    "a type of no name": called(named("numpy", "dtype"), several(), FALSE, TRUE),
    "an array that is told of twice": array((1,), EIGHT, EIGHT),
}


@pytest.mark.parametrize("what", FORGED)
def test_a_forged_array_is_refused_before_numpy_sees_it(what, tmp_path):
    with pytest.raises(WeightsError, match=r"^it.pth (is refused: it holds|can't be read as a checkpoint)") as e:
        read_by_hand(FORGED[what], tmp_path)
    assert "\n" not in str(e.value) and "MemoryError" not in str(e.value)


def test_what_a_pickle_says_of_a_type_beyond_its_name_does_not_matter(tmp_path):
    found = read_by_hand(array((1,), kind("f8", flags=63, size=10**6), data(struct.pack("<d", 2.5))), tmp_path)
    assert type(found) is np.ndarray and found.dtype == np.dtype("f8") and not found.dtype.hasobject
    assert found.dtype.itemsize == 8 and found.tolist() == [2.5]
    for shape in ((10**12,), (5 * 10**8,)):  # no size is believed before there is data
        assert read_by_hand(empty(*shape, code="d"), tmp_path).shape == (0,)
    assert read_by_hand(empty(10, code="O"), tmp_path).dtype == np.int8


@pytest.mark.parametrize(
    "value",
    [
        np.arange(6, dtype=">i4").reshape(2, 3), np.asfortranarray(np.arange(6.0).reshape(2, 3)), np.zeros((0, 3)),
        np.array(2.5), np.array([1 + 2j]), np.array([b"ab", b"c"]), np.bool_(True), np.str_("ä"), np.float16(0.5),
        np.dtype(">u2"), np.complex64(1j),
    ],
    ids=repr,
)  # fmt: skip
def test_numbers_come_back_as_they_were(value, tmp_path):
    torch.save({"deep": [{"in": (value, 1)}]}, tmp_path / "it.pth")
    found = read_checkpoint(tmp_path / "it.pth")["deep"][0]["in"][0]
    wanted = pickle.loads(pickle.dumps(value, 2))  # which brings arrays to the machine's own order of bytes
    assert type(found) is type(wanted) and np.all(found == wanted)
    if not isinstance(value, np.dtype):
        assert found.dtype == wanted.dtype and found.shape == wanted.shape
        assert found.flags.f_contiguous == wanted.flags.f_contiguous
