"""``xaiclip models``: list, what is installed, download, check."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from textwrap import fill

from XAICLIPLib.cli.options import STOPPED
from XAICLIPLib.cli.output import Output
from XAICLIPLib.errors import Cancelled, how_to_install

SUMMARY = "list the models, those on this machine, download one, or check one on a scan"
TEXT = """\
List the segmentation models that can be explained (--model) and the vision-language models that find words (--vlm):
licence, size, source, checksum, and whether they are on this machine.
"""
DOWNLOAD = """\
Download a vision-language model and the files of its text tower, check them, and keep them. Asking for it is the
consent; nothing is uploaded. What is here already is not downloaded again.
"""
WIDTH = 118


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`installed`, `download` and `check`; none of them is the list.

    Parameters
    ----------
    parser : ArgumentParser
        Of this command; the options are added to it.
    """
    raw = argparse.RawDescriptionHelpFormatter
    actions = parser.add_subparsers(dest="action", metavar="ACTION")
    there = import_module("XAICLIPLib.cli.models_installed")
    finder = actions.add_parser("installed", help=there.SUMMARY, description=there.TEXT, formatter_class=raw)
    there.add_arguments(finder)
    finder.set_defaults(run=there.run)
    fetch = actions.add_parser(
        "download", help="download a vision-language model", description=DOWNLOAD, formatter_class=raw
    )
    fetch.add_argument("name", metavar="NAME", help="biomedclip, ARCHITECTURE:TAG, or hf-hub:OWNER/NAME@REVISION")
    fetch.set_defaults(run=_download)
    check = import_module("XAICLIPLib.cli.models_check")
    checker = actions.add_parser("check", help=check.SUMMARY, description=check.TEXT, formatter_class=raw)
    check.add_arguments(checker)
    checker.set_defaults(run=check.run)


def run(arguments: argparse.Namespace) -> int:
    """Print the list.

    Parameters
    ----------
    arguments : Namespace
        The values of the options of `add_arguments` and of `output.add_output`.

    Returns
    -------
    int
        The exit status, see `XAICLIPLib.cli.EXIT`.
    """
    output = Output(arguments)
    segmenters, language_models = list(_segmenters()), list(_language_models())
    output.line("segmentation models (--model)")
    for lines in segmenters:
        _block(output, *lines)
    output.line("\n  A FILE or FOLDER is one on this machine; reports give the SHA-256 of what was used.")
    output.line("  `xaiclip models installed` lists those that other programs have left here.")
    output.line("\nvision-language models (--vlm)")
    for lines in language_models:
        _block(output, *lines)
    output.data(
        segmentation_models=[{"model": name, "facts": list(filter(None, facts))} for name, *facts in segmenters],
        vision_language_models=[{"vlm": name, "facts": list(filter(None, facts))} for name, *facts in language_models],
    )
    return 0


def _block(output: Output, name: str, *lines: str) -> None:
    output.line(f"\n  {name}")
    for line in filter(None, lines):
        output.line(fill(line, WIDTH, initial_indent="    ", subsequent_indent="      ", break_long_words=False))


def _segmenters() -> Iterator[tuple[str, ...]]:
    from XAICLIPLib.models.families import FAMILIES, bundled_weights
    from XAICLIPLib.models.load import open_segmenter

    for family in FAMILIES:
        if family.name == "bundled":
            weights = bundled_weights()
            yield (
                family.form,
                f"{family.title}: {', '.join(open_segmenter('bundled', 'cpu').targets)}",
                f"{family.licence}, {weights['bytes'] / 1e6:.1f} MB, {family.source}",
                f"on this machine: {weights['path']}",
                f"sha256 {weights['sha256']}",
            )
            continue
        published = ", ".join(filter(None, (family.licence, family.source)))
        package = family.package.replace("_", "-")
        yield (
            family.form,
            family.title,
            f"published weights: {published}" if published else "",
            f"needs {package}: {how_to_install(family.extra)}" if not family.installed else "",
        )


def _language_models() -> Iterator[tuple[str, ...]]:
    from XAICLIPLib.vlm.catalogue import listed

    for row in listed():
        size = f"{row['megabytes']:g} MB" if row["megabytes"] else ""
        revision = f" at {row['revision'][:12]}" if row["revision"] else ""
        if row["present"]:
            place = f"on this machine: {row['path']}"
        else:
            place = f"not on this machine: xaiclip models download {row['name']}"
        needs = "".join(
            f"; its text tower needs: {how_to_install(extra)}"
            for extra in row["needs"]
            if find_spec("transformers") is None
        )
        yield (
            row["name"],
            row["title"],
            f"{row['licence']}, {size}, {row['source']}{revision}",
            place + needs,
            f"sha256 {row['sha256']}" if row["sha256"] else "sha256: compared with what the hub announces",
            f"strategies: {', '.join(row['strategies'])}; prompts of up to {row['context_length']} tokens",
        )
    yield ("voxtell:FOLDER", "VoxTell, a model of volumes: the region is where it finds the structure's words")
    yield ("ARCHITECTURE:TAG", "any published weights of open_clip, such as ViT-B-16:laion2b_s34b_b88k")
    yield ("hf-hub:OWNER/NAME@REVISION", "any model of open_clip on a Hugging Face hub")
    yield (
        "local-dir:FOLDER",
        "open_clip_config.json and weights; for a text tower of transformers also its config.json and tokenizer",
    )
    yield ("ARCHITECTURE:CHECKPOINT", "any architecture of open_clip, with a file of yours")


def _download(arguments: argparse.Namespace) -> int:
    """Download, with a bar; Ctrl-C stops it and keeps nothing of the file."""
    from XAICLIPLib.cli.progress import Bar
    from XAICLIPLib.vlm.source import download

    output = Output(arguments)
    try:
        with Bar(output.shows_progress) as bar:
            path = download(arguments.name, bar.megabytes)
    except Cancelled:
        print("xaiclip: stopped; nothing of the file is kept", file=sys.stderr)
        return STOPPED
    output.line(f"{arguments.name} is on this machine: {path}")
    output.data(name=arguments.name, path=path)
    return 0
