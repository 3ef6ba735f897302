"""Bring the panel's translations up to date: XAICLIP/Resources/Translations/XAICLIP_<language>.ts, and the .qm of each.

python Testing/translations.py        # or: make translations

Every string of the sources, and every template of the library's messages, gets an entry in every file, under the
context by which it is looked up; entries that no source has any more go. What is translated already is kept, and a
string that is translated under another context is taken from there. What is left is listed: translate it in the .ts
file (by hand or in Qt Linguist), and run this again.
"""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree
from xml.sax.saxutils import escape

ROOT = Path(__file__).parents[1]
if str(ROOT) not in sys.path:  # run as a script
    sys.path.insert(0, str(ROOT))
MODULE = ROOT / "XAICLIP"
FOLDER = MODULE / "Resources" / "Translations"
LANGUAGES = ("de", "es", "fr", "zh-CN")
Catalogue = dict[tuple[str, str], str]  # translations by context and English text; "" where there is none yet


def contextOf(path: Path) -> str:
    """The context of a Python file's strings, as `slicer.i18n.tr` finds it: the package's name comes first."""
    return f"{path.parent.name}.{path.stem}" if (path.parent / "__init__.py").is_file() else path.stem


def stringsOfPython(path: Path) -> Iterator[str]:
    """What stands in `_()`.

    Raises
    ------
    ValueError
        If it is not one literal: at run time another text would be looked up than the one in the files.
    """
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_":
            try:
                text = ast.literal_eval(node.args[0])
            except ValueError:
                where = f"{path.relative_to(ROOT).as_posix()}:{node.lineno}"
                raise ValueError(f"{where}: write the text itself into _(), and .format() behind it") from None
            if text.strip():
                yield text


def stringsOfUi(path: Path) -> Iterator[tuple[str, str]]:
    """Context and text of everything in a .ui file that is not marked notr: Qt's loader takes the class for context."""
    root = ElementTree.parse(path).getroot()
    fixed = {id(text) for texts in root.iter("stringlist") if texts.get("notr") == "true" for text in texts}
    for element in root.iter("string"):
        if element.get("notr") != "true" and id(element) not in fixed and (element.text or "").strip():
            yield root.findtext("class", ""), element.text or ""


def stringsOfLibrary(path: Path) -> Iterator[str]:
    """The templates of the messages in one of the library's files, but for those that are values alone.

    Raises
    ------
    ValueError
        If one is not a literal: nobody would find its translation.
    """
    source = path.read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(source)) if "Message(" in source else ():
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Message":
            try:
                text = ast.literal_eval(node.args[0])
            except ValueError:
                where = f"{path.relative_to(ROOT).as_posix()}:{node.lineno}"
                raise ValueError(
                    f"{where}: write the template itself into Message(), and its values beside it"
                ) from None
            if re.search(r"\w", re.sub(r"\{[^{}]*\}", "", text)):
                yield text


def strings() -> list[tuple[str, str]]:
    """Context and English text of all that a user reads, each once, ordered by context and place; organs and what the
    library says included."""
    from XAICLIPLib import anatomy

    found: dict[tuple[str, str], None] = dict.fromkeys(("Anatomy", str(s.label)) for s in anatomy.STRUCTURES)
    for path in sorted((ROOT / "XAICLIPLib").rglob("*.py")):
        found.update(dict.fromkeys(("Library", text) for text in stringsOfLibrary(path)))
    for path in sorted(MODULE.rglob("*.ui")):
        found.update(dict.fromkeys(stringsOfUi(path)))
    for path in sorted(MODULE.rglob("*.py")):
        found.update(dict.fromkeys((contextOf(path), text) for text in stringsOfPython(path)))
    return sorted(found, key=lambda entry: entry[0])


def placeholders(text: str) -> list[str]:
    """The names in braces, which a translation must have too: Slicer shows the English text otherwise."""
    return sorted(re.findall(r"\{[^{}]*\}", text))


def fileOf(language: str) -> Path:
    """The .ts file of a language."""
    return FOLDER / f"XAICLIP_{language}.ts"


def read(path: Path) -> Catalogue:
    """The entries of a .ts file; those marked unfinished are empty."""
    catalogue: Catalogue = {}
    for context in ElementTree.parse(path).iter("context") if path.is_file() else ():
        for message in context.iter("message"):
            translation = message.find("translation")
            finished = translation is not None and translation.get("type") is None
            text = (translation.text or "") if translation is not None and finished else ""
            catalogue[context.findtext("name", ""), message.findtext("source", "")] = text
    return catalogue


def write(path: Path, language: str, catalogue: Catalogue) -> None:
    """Write a .ts file as Qt's tools do, without line numbers: a moved line is no change of a translation."""
    lines = ['<?xml version="1.0" encoding="utf-8"?>', "<!DOCTYPE TS>"]
    lines.append(f'<TS version="2.1" language="{language.replace("-", "_")}" sourcelanguage="en">')
    current = None
    for (context, source), text in catalogue.items():
        if context != current:
            lines += ["</context>"] * (current is not None) + ["<context>", f"    <name>{escape(context)}</name>"]
            current = context
        kind = "" if text else ' type="unfinished"'
        lines += ["    <message>", f"        <source>{escape(source)}</source>"]
        lines += [f"        <translation{kind}>{escape(text)}</translation>", "    </message>"]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([*lines, "</context>", "</TS>", ""]), encoding="utf-8")


def update(language: str) -> list[str]:
    """Bring a language's .ts file up to date; the texts that are still to be translated."""
    known = read(fileOf(language))
    elsewhere = {source: text for (_context, source), text in known.items() if text}
    catalogue = {entry: known.get(entry) or elsewhere.get(entry[1], "") for entry in strings()}
    write(fileOf(language), language, catalogue)
    return sorted({source for (_context, source), text in catalogue.items() if not text})


def release(language: str) -> None:
    """Make the .qm file that Slicer loads, with PySide6's lrelease."""
    program = shutil.which("pyside6-lrelease", path=str(Path(sys.executable).parent)) or shutil.which("lrelease")
    if program is None:
        raise SystemExit("lrelease is missing: pip install PySide6-Essentials")
    path = fileOf(language)
    subprocess.run([program, "-silent", str(path), "-qm", str(path.with_suffix(".qm"))], check=True)


def main() -> int:
    """All languages; 1 where something is left to translate."""
    status = 0
    for language in LANGUAGES:
        missing = update(language)
        release(language)
        print(f"{fileOf(language).relative_to(ROOT)}: {len(missing)} to translate")
        for text in missing:
            print(f"  {text!r}")
        status |= bool(missing)
    return status


if __name__ == "__main__":
    raise SystemExit(main())
