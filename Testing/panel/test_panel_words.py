"""What the library says, in the user's language: of a run, while the mouse moves, and what is to be minded of it."""

import json
from dataclasses import replace

import pytest
import slicer

from Testing.panel.lazy import Lazy
from Testing.panel.test_panel_ask import inOrgan, moveMouse, openPage

words, errors, answers, runs = (
    Lazy(f"XAICLIPSlicer.{name}") for name in ("scene.words", "worker.errors", "panel.answers", "scene.runs")
)
german = pytest.mark.parametrize("foreignWindow", ["de_DE"], indirect=True)


def explained(window, evidence="none", structures=("liver", "spleen")):
    """A run with each organ hidden in turn, and with a step that the library warns of."""
    before = window.panel.request

    def warned(request, segment):
        return replace(request, method=replace(request.method, stride=100.0)), segment

    window.panel.request = lambda *given: warned(*before(*given))
    window.ui.organsInTurnCheckBox.click()
    window.evidence = evidence
    window.load()
    window.process(0.05)
    window.run = window.explain(structures=list(structures))
    return window.run


@german
def test_aRunSpeaksGerman(foreignWindow):
    """From the worker's answer, and from a scene alone: the parts lie in the report."""
    window, ui = foreignWindow, foreignWindow.ui
    run = explained(window, "quick")
    assert run.name.startswith("Leber, Milz · Okklusion") and "drop Leber" not in run.dropNodes["liver"].GetName()
    assert ui.runComboBox.itemText(0) == "Leber, Milz · Okklusion" == ui.runComboBox.currentText
    for again in range(2):
        liver, spleen = (ui.headlineLabel.text if not again else answers.headline(run)).splitlines()
        assert liver.startswith("Leber: ") and "eingezeichnet" in liver and liver.endswith(".")
        assert spleen.startswith("Milz: ")
        said = answers.furtherAnswers(run) + answers.tested(run) + answers.reasons(run)
        assert "Milz: Die Stelle, die für den Rest" in said or "Milz: Keine Stelle zählt" in said, said
        assert "mit der Füllung" in said and "gestützt" in said
        for english in ("the ", "hiding", "fill", "rank", "tested", "of it"):
            assert f" {english}" not in said, (english, said)
        assert "⚠ Schrittweite 100.0 ist größer als die halbe Feldgröße" in answers.warnings(run)
        run = runs.existingRuns(window.scan)[0]  # as from a scene that was loaded


@german
def test_theMouseIsAnsweredInGerman(foreignWindow):
    window, ui = foreignWindow, foreignWindow.ui
    explained(window)
    openPage(window, window.panel.ask)
    window.wait(lambda: ui.questionsComboBox.count > 1, "the questions")
    ui.askButton.click()
    moveMouse(inOrgan(window))
    window.wait(lambda: "Leber: hängt hier" in ui.askAnswerLabel.text, "an answer")
    assert "eine Stelle dort zu verdecken nimmt" in ui.askAnswerLabel.text
    ui.askKindComboBox.setCurrentIndex(1)
    moveMouse(inOrgan(window, "spleen"))
    window.wait(lambda: "Milz: Diese Stelle zu verdecken" in ui.askAnswerLabel.text, "the other answer")
    moveMouse(inOrgan(window) + [0, 0, 25.0])
    window.wait(lambda: "wurde nicht erklärt" in ui.askAnswerLabel.text, "the refusal")


@german
def test_aRunOfAnEarlierVersionSaysItInEnglish(foreignWindow):
    """Its report has texts alone; the names of organs, which the panel finds itself, are German all the same."""
    window = foreignWindow
    run = explained(window, structures=["liver"])
    legend = slicer.modules.colors.logic().GetColorLegendDisplayNode(run.saliencyNode)
    assert "Leber" in legend.GetTitleText() or "Abfall" in legend.GetTitleText()
    report = json.loads(run.provenanceNode.GetText())
    assert report.pop("messages")
    run.provenanceNode.SetText(json.dumps(report))
    runs.readNumbers(run)
    assert answers.headline(run).startswith("The liver is drawn")


@german
def test_whatDoesNotFitItsTranslationIsSaidInEnglish(foreignWindow):
    """Of another version, or damaged on its way."""
    from XAICLIPLib.message import Message, Term, restored

    told = words.told
    assert told(Message("the map is flat (largest drop {drop:.4f})", drop=0.0)) == (
        "die Karte ist flach (größter Abfall 0.0000)"
    )
    assert told(Message("a template of tomorrow: {n}", n=3)) == "a template of tomorrow: 3"
    parts = {"template": "the map is flat (largest drop {drop:.4f})", "values": {"drop": "much"}}
    damaged = restored({"text": "flat", "messages": {"flat": parts}})["text"]
    assert isinstance(damaged, Message) and told(damaged) == "flat"
    assert told(Term("kidney_right")) == "rechte Niere" and told(Term("lesion 3")) == "lesion 3"
    both = Message("{all:; }", all=(Term("liver"), Message("in slice {slice}", slice=4)))
    assert told(both) == "Leber; in Schicht 4"
