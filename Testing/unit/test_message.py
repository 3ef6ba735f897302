"""Messages: English texts for whoever reads text, and their parts for whoever speaks another language."""

import copy
import json
import pickle

import numpy as np
import pytest

from XAICLIPLib import anatomy
from XAICLIPLib.message import Message, Term, filled, restored, with_messages


@pytest.fixture
def said():
    place = Message("{mm:.0f} mm left of the {structure}", mm=np.float32(32.4), structure=anatomy.find("liver").label)
    return Message("{where}, slices {slices}: {share:.0%}", where=place, slices=[3, 5], share=0.425)


def test_a_message_is_its_english_text(said):
    assert said == "32 mm left of the liver, slices 3, 5: 42%" and isinstance(said, str)
    assert f"{said}." == str(said) + "." and json.loads(json.dumps(said)) == said
    assert said in {"32 mm left of the liver, slices 3, 5: 42%"}, "and is found as such"
    assert Message("{all:; }", all=("a", Message("b"))) == "a; b"


def test_parts_come_back_through_json(said):
    report = {"warnings": [said, "plain"], "rows": [{"text": said.values["where"], "n": 1.0}], "none": None}
    sent = json.loads(json.dumps(with_messages(report)))
    assert sent["warnings"] == report["warnings"], "the texts stay where they are"
    got = restored(sent)
    assert got == report and "messages" not in got
    back = got["warnings"][0]
    assert isinstance(back, Message) and back.template == said.template and back.values == said.values
    assert isinstance(back.values["where"].values["structure"], Term) and back.values["where"].values["mm"] == (
        pytest.approx(32.4, abs=1e-5)
    )
    assert type(got["warnings"][1]) is str
    assert restored(json.loads(json.dumps(with_messages(got)))) == report, "and again"


@pytest.mark.parametrize("damaged", [
    None, 3, [], {"x": None}, {"x": {}}, {"x": {"template": "a", "values": []}},
    {"x": {"template": "a", "values": {"b": {"number": "much"}}}}, {"x": {"template": "a", "values": {"b": {}}}},
])  # fmt: skip
def test_a_report_without_parts_or_with_damaged_ones_has_its_texts(damaged):
    assert restored({"text": "x", "messages": damaged}) == {"text": "x"}
    assert restored({"text": "x"}) == {"text": "x"}


def test_messages_are_copied_and_sent_to_other_processes(said):
    for other in (pickle.loads(pickle.dumps(said)), copy.deepcopy(said)):
        assert other == said and other.template == said.template and other.values == said.values
    assert Message("{share}", share=float("inf")) == "inf"
    sent = json.loads(json.dumps(with_messages({"text": Message("{share}", share=float("inf"))}), allow_nan=False))
    assert restored(sent)["text"].values == {"share": float("inf")}


def test_texts_within_are_changed_with_it():
    path = Message("{why} ({file}, {structure})", why=Message("no {file}", file="/a/b"), file="/a/b",
                   structure=Term("/a/b"))  # fmt: skip
    bare = path.changed(lambda text: text.replace("/a/", ""))
    assert bare == "no b (b, b)" and bare.values["file"] == "b" and bare.values["why"].values["file"] == "b"


def test_a_template_reaches_nothing_but_its_values():
    with pytest.raises(KeyError):
        filled("{share.__class__}", {"share": 1.0})
