"""The command line: one module per command, each with SUMMARY, TEXT, `add_arguments` and `run`."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module

from XAICLIPLib import __version__
from XAICLIPLib.cli.options import BAD_INPUT, STOPPED
from XAICLIPLib.errors import Cancelled, XAICLIPError
from XAICLIPLib.threads import wait_asleep

COMMANDS = ("explain", "locate", "learn-prompts", "plan", "dicom", "benchmark", "phantom", "models")
DESCRIPTION = """\
Ask a segmentation model why. XAICLIP finds the anatomy that you name with a vision-language model, perturbs the scan
there and nowhere else, runs the segmentation model again on every perturbed copy, and writes the change of its Dice
score back as a saliency volume, with pictures and numbers. Nothing leaves this machine. Research use only.
"""
EXAMPLES = """\
examples:
  xaiclip phantom ct.nrrd
  xaiclip explain ct.nrrd --structure liver --out liver/
  xaiclip explain CT_FOLDER/ --structure liver --structure spleen --method rise --estimator ridge --masks 128
  xaiclip explain ct.nii.gz --structure "right kidney" --reference labels.nii.gz --slices 40:60 --patch 40mm
  xaiclip plan ct.nrrd --structure liver
  xaiclip locate ct.nrrd --structure liver --compare
  xaiclip models check onnx:model.onnx ct.nrrd
  xaiclip benchmark --dataset phantom --out tables/
  xaiclip learn-prompts ct.nrrd --labels labels.nrrd --structure gallbladder --out contexts.safetensors
"""
EXIT = """\
exit status:
  0  done
  2  something about the input is wrong; the one-line message says what to do, and nothing was written
  130  stopped with Ctrl-C; the slices that were finished are written
"""


def build_parser() -> argparse.ArgumentParser:
    """The whole command line, with its manual page."""
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(
        "xaiclip", description=DESCRIPTION, epilog=EXAMPLES + "\n" + EXIT, formatter_class=raw
    )
    parser.add_argument("--version", action="version", version=f"xaiclip {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name in COMMANDS:
        module = import_module(f"XAICLIPLib.cli.{name.replace('-', '_')}")
        command = commands.add_parser(
            name, help=module.SUMMARY, description=module.TEXT, epilog=EXIT, formatter_class=raw
        )
        command.set_defaults(run=module.run)
        module.add_arguments(command)
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Run a command; the exit status is in the manual page."""
    wait_asleep()
    parsed = build_parser().parse_args(arguments)
    try:
        return parsed.run(parsed)
    except Cancelled:
        print("xaiclip: stopped before a slice was finished; nothing was written", file=sys.stderr)
        return STOPPED
    except KeyboardInterrupt:
        print("xaiclip: stopped; nothing was written", file=sys.stderr)
        return STOPPED
    except XAICLIPError as error:
        print(f"xaiclip: {error}", file=sys.stderr)
        return BAD_INPUT
