"""The panel's translations are whole: every text of the sources, in every language, with its placeholders and keys."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from Testing import translations

MAKE = "run `make translations`, translate what it lists in the .ts files, and run it again"
each_language = pytest.mark.parametrize("language", translations.LANGUAGES)


def test_contexts_are_those_of_slicer():
    """Slicer looks a text up under its file and package, and the .ui loader under the class of the file."""
    found = set(translations.strings())
    assert ("XAICLIP", "For research only; not for clinical use.") in found, "a .ui file"
    assert ("AskPart", "A&sk:") in found, "another one"
    assert ("sections.ask", "Choose a question…") in found and ("scene.pair", "2 minus 1") in found
    texts = {text for _context, text in found}
    assert not texts & {"vtkMRMLScalarVolumeNode", "XAICLIP/models", "sliceChoice"}, (
        "names that the program needs as is"
    )


def test_a_text_that_is_put_together_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(translations, "ROOT", tmp_path)
    path = tmp_path / "panel.py"
    path.write_text('name = 1\nlabel = _(f"slice {name}")\n')
    with pytest.raises(ValueError, match=r"panel\.py:2: write the text itself into _\(\)"):
        list(translations.stringsOfPython(path))


@each_language
def test_every_text_is_in_the_file(language):
    have, want = set(translations.read(translations.fileOf(language))), set(translations.strings())
    assert not want - have, f"{language}: not in the .ts file: {sorted(want - have)}; {MAKE}"
    assert not have - want, f"{language}: in no source any more: {sorted(have - want)}; run `make translations`"


@each_language
def test_every_text_is_translated(language):
    missing = [source for (_context, source), text in translations.read(translations.fileOf(language)).items()
               if not text.strip()]  # fmt: skip
    assert not missing, f"{language}: {missing}; {MAKE}"
    root = ElementTree.parse(translations.fileOf(language)).getroot()
    assert not [message for message in root.iter("message") if message.get("numerus")], "Slicer's tr() knows no plurals"


@each_language
def test_placeholders_keys_and_ends_are_kept(language):
    """Slicer drops a translation with other placeholders; a control without its key can't be reached by keyboard."""
    for (_context, source), text in translations.read(translations.fileOf(language)).items():
        assert translations.placeholders(text) == translations.placeholders(source), (source, text)
        assert len(re.findall("&[^&]", text)) == len(re.findall("&[^&]", source)), (source, text)
        assert (text[:1] == " ") == (source[:1] == " ") and text.count("\n") == source.count("\n"), (source, text)
        for ending in (":", "…"):
            assert re.sub(r"\(&\w\)", "", text).rstrip(":：…").strip() and (
                text.replace("：", ":").endswith(ending) == source.endswith(ending)
            ), (source, text)


def test_what_is_translated_stays(tmp_path, monkeypatch):
    """A text that moves to another file keeps its translation; a new one is listed; an old one goes."""
    monkeypatch.setattr(translations, "FOLDER", tmp_path)
    old = {("scene.before", "Slice <1>"): "Schicht <1>", ("scene.before", "Gone"): "Weg"}
    translations.write(translations.fileOf("de"), "de", old)
    assert translations.read(translations.fileOf("de")) == old
    monkeypatch.setattr(translations, "strings", lambda: [("scene.after", "Slice <1>"), ("scene.after", "New\n& more")])
    assert translations.update("de") == ["New\n& more"]
    assert translations.read(translations.fileOf("de")) == {
        ("scene.after", "Slice <1>"): "Schicht <1>", ("scene.after", "New\n& more"): "",
    }  # fmt: skip
