"""The panel in other languages: what Slicer loads, what a user reads, and which key does what."""

import re

import pytest

from Testing import translations
from Testing.panel.lazy import Lazy
from Testing.panel.test_one_screen import BEFORE, cut, heightOf, isSeen

choices = Lazy("XAICLIPSlicer.panel.choices")
LOCALES = [language.replace("-", "_") for language in translations.LANGUAGES]


@pytest.mark.parametrize("language", translations.LANGUAGES)
def test_whatSlicerLoadsIsWhatIsTranslated(slicerApp, language):
    """The .qm file, which is made from the .ts file, says the same: `make translations` makes it."""
    from PySide6 import QtCore

    translator, path = QtCore.QTranslator(), translations.fileOf(language)
    assert translator.load(str(path.with_suffix(".qm"))), f"{language}: no .qm file; run `make translations`"
    old = [source for (context, source), text in translations.read(path).items()
           if translator.translate(context, source) != text]  # fmt: skip
    assert not old, f"{language}: the .qm file is older than the .ts file; run `make translations`: {old}"


@pytest.mark.parametrize("locale, file", [("de_AT", "de"), ("es_419", "es"), ("zh_CN", "zh-CN"), ("en_US", None)])
def test_theLanguageOfTheSettingsIsFound(slicerApp, module, locale, file):
    """A country without a file of its own gets its language's; Slicer's setting decides, not the system."""
    slicerApp.forgetTranslations()  # of whoever was here before
    settings = slicerApp.userSettings()
    settings.setValue("Internationalization/Enabled", True)
    settings.setValue("language", locale)
    try:
        loaded = module("XAICLIP")
        wanted = translations.read(translations.fileOf(file)) if file else {}
        for (context, source), text in wanted.items():
            assert slicerApp.translate(context, source) == text
        research = "For research only, not for clinical use. Nothing leaves this computer. License: Apache 2.0."
        assert loaded.acknowledgementText == wanted.get(("XAICLIP", research), research)
    finally:
        settings.setValue("language", "en_US")
        slicerApp.forgetTranslations()


@pytest.mark.parametrize("foreignWindow", ["de_DE"], indirect=True)
def test_whatIsPutTogetherIsInGerman(foreignWindow):
    window, ui = foreignWindow, foreignWindow.ui
    assert ui.statusLabel.text == "Wählen Sie zuerst einen Scan."
    window.load()
    window.parameters.method = choices.MethodChoice.RISE
    assert "Methode: RISE" in ui.advancedLabel.text


@pytest.mark.parametrize("foreignWindow", LOCALES, indirect=True)
def test_theUnfoldedPanelIsWideEnough(foreignWindow):
    """Before a run; `test_nothingIsCutInOtherLanguages` also makes one, in the longest of these languages."""
    foreignWindow.load()
    assert heightOf(foreignWindow) <= BEFORE and cut(foreignWindow) == []
    foreignWindow.unfold()
    for source in choices.RegionSource:
        foreignWindow.parameters.regionSource = source
        heightOf(foreignWindow)
        assert cut(foreignWindow) == []


@pytest.mark.parametrize("foreignWindow", [*LOCALES, "en_US"], indirect=True)
def test_keysOfTheQuestionAndTheResultAreTheirOwn(foreignWindow):
    import qt

    foreignWindow.load()
    foreignWindow.process(0.05)
    foreignWindow.ui.resultWidget.setVisible(True)
    widgets = [*vars(foreignWindow.ui).values(), *foreignWindow.panel.parts.buttons]
    texts = [w.text for w in widgets if isinstance(w, (qt.QLabel, qt.QAbstractButton)) and isSeen(w)
             and (isinstance(w, qt.QAbstractButton) or w.buddy() is not None)]  # fmt: skip
    keys = [match[1].lower() for text in texts for match in re.finditer("&([^&])", text)]
    assert len(keys) == len(texts) > 16 and len(set(keys)) == len(keys), texts


@pytest.mark.parametrize("foreignWindow", ["de_DE"], indirect=True)
def test_organsHaveTheirNames(foreignWindow):
    """In the list and the answer; typed in German or in English, they mean the same."""
    window, ui = foreignWindow, foreignWindow.ui
    window.load()
    window.process(0.05)
    assert ui.structureChosenLabel.text == "Gewählt: Leber"
    for typed in ("rechte nie", "right kidn"):
        ui.structureSearchBox.text = typed
        shown = [item.text() for item in window.panel.structures._items() if not item.isHidden()]
        assert shown == ["Rechte Niere"]
    ui.structureSearchBox.text = "rechte niere"
    window.panel.structures.onEnter()
    assert "kidney_right" in window.parameters.structures
