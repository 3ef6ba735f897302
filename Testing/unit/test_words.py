"""What is said of a run in words: only what its test bears out, and else that it cannot be told."""

import pytest

from XAICLIPLib.metrics.other_fill import choose_other_fill
from XAICLIPLib.results.answers import Measured, answers_of


def said(**measured):
    found = answers_of(
        "liver", Measured("liver", **({"fill": "zero", "other_fill": "mean", "slices": (4, 7)} | measured))
    )
    return {answer.question: answer for answer in found}


def test_what_two_fills_do_not_agree_on_cannot_be_told_and_has_no_place():
    answers = said(unseen=0.48, other_unseen=1.0, unseen_place="at its middle")
    assert "cannot be told" in answers["source"].text and not answers["source"].is_held and "unseen" not in answers
    agreed = said(unseen=0.9, other_unseen=0.8, unseen_place="12 mm behind its middle")
    assert agreed["unseen"].text.endswith("lies mostly 12 mm behind its middle") and agreed["source"].is_held


def test_a_place_is_held_by_the_test_of_its_own_slice_alone():
    here = said(remote=0.4, other_remote=0.3, elsewhere=0.1, place="at its middle in slice 4")["place"]
    assert here.is_held and here.test == "the same place takes away 30% with the fill mean"
    elsewhere = said(remote=0.4, elsewhere=0.3, place="at its middle in slice 5")["place"]
    assert not elsewhere.is_held and elsewhere.test.startswith(
        "not tested in that slice; on slices 4, 7 the place that"
    )
    assert "cannot be told" in said(remote=0.4, other_remote=0.1, place="there")["place"].text


def test_that_no_place_matters_is_not_said_of_samples_too_few_to_tell():
    assert said(remote=0.02, other_remote=0.01, remote_at_most=0.03)["place"].text.startswith("No place matters")
    unsure = said(remote=0.02, other_remote=0.01, remote_at_most=0.07)["place"]
    assert "cannot be told" in unsure.text and "7.0% with the standard error" in unsure.text and not unsure.is_held


@pytest.mark.parametrize(
    ("measured", "begins"),
    [
        ({"shape": 0.95, "remote": 0.4, "other_remote": 0.4}, "The map of the drop is the liver's shape"),
        ({"shape": 0.5, "remote": 0.4, "other_remote": 0.3}, "The map of the drop is more than"),
        ({"shape": 0.5, "remote": 0.4, "elsewhere": 0.3}, "The map of the drop is more than"),
        ({"shape": 0.5, "remote": 0.01, "other_remote": 0.01}, "Whether the map of the drop is more than"),
        ({"shape": 0.5, "remote": 0.4}, "Whether the map of the drop is more than"),
    ],
)
def test_more_than_the_shape_is_said_where_a_place_matters_for_the_rest(measured, begins):
    assert said(**measured)["shape"].text.startswith(begins)


def test_a_run_is_tested_with_a_gentle_fill_or_where_its_own_is_gentle_with_the_coarsest():
    effects = {"blur": 0.02, "local_mean": 0.2, "mean": 0.5}
    assert choose_other_fill(effects, 0.9) == "local_mean", "the gentlest that does a tenth of what any does"
    assert choose_other_fill({"local_mean": 0.03, "mean": 0.04, "zero": 0.9}, 0.02) == "zero"
    assert choose_other_fill({"blur": 0.0, "mean": 0.0, "zero": 0.0}, 0.0) == "blur", "where none does anything"
