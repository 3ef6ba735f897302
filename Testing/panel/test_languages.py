"""The panel in other languages: what Slicer loads, what a user reads, and which key does what."""

import re

import pytest

from Testing import translations
from Testing.panel.lazy import Lazy
from Testing.panel.test_one_screen import isSeen

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


@pytest.mark.parametrize("locale, file", [("de_DE", "de"), ("de_AT", "de"), ("en_US", None)])
def test_theLanguageOfTheSettingsIsFound(slicerApp, module, locale, file):
    """A country without a file of its own gets its language's; Slicer's setting decides, not the system."""
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
def test_aRunInGerman(foreignWindow):
    window, ui = foreignWindow, foreignWindow.ui
    assert ui.statusLabel.text == "Wählen Sie zuerst einen Scan."
    window.load()
    window.parameters.method = choices.MethodChoice.RISE
    assert "Methode: RISE" in ui.advancedLabel.text
    window.parameters.method = choices.MethodChoice.OCCLUSION
    window.explain()
    window.settle()
    assert ui.statusLabel.text.startswith("Fertig in ")
    ui.numbersGroupBox.collapsed = False
    header = [ui.numbersTable.horizontalHeaderItem(c).text() for c in range(ui.numbersTable.columnCount)]
    assert header[:3] == ["Schicht", "Struktur", "Größter Abfall"]


@pytest.mark.parametrize("foreignWindow", LOCALES, indirect=True)
def test_keysOfTheFirstScreenAreTheirOwn(foreignWindow):
    import qt

    foreignWindow.load()
    foreignWindow.process(0.05)
    texts = [w.text for w in vars(foreignWindow.ui).values() if isinstance(w, (qt.QLabel, qt.QAbstractButton))
             and isSeen(w) and (isinstance(w, qt.QAbstractButton) or w.buddy() is not None)]  # fmt: skip
    keys = [match[1].lower() for text in texts for match in re.finditer("&([^&])", text)]
    assert len(keys) == len(texts) > 4 and len(set(keys)) == len(keys), texts
