"""The command line: one module per command, each with SUMMARY, TEXT, `add_arguments` and `run`."""

from __future__ import annotations

import argparse
import sys
import traceback
from importlib import import_module

from XAICLIPLib import __version__
from XAICLIPLib.cli.options import BAD_INPUT, FAULT, STOPPED
from XAICLIPLib.cli.output import abandon_stdout, add_output, ready_streams
from XAICLIPLib.cli.parser import Parser
from XAICLIPLib.cli.progress import terminate_as_interrupted
from XAICLIPLib.errors import Cancelled, XAICLIPError, mismatched_torchvision
from XAICLIPLib.models.timelimit import leave
from XAICLIPLib.threads import wait_asleep

COMMANDS = (
    *(
        "explain",
        "ask",
        "compare",
        "rerun",
        "locate",
        "learn-prompts",
        "plan",
        "dicom",
        "cohort",
        "dossier",
        "stress",
        "benchmark",
        "phantom",
        "models",
    ),
)
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
  xaiclip ask liver/ --at 40,-20,1050
  xaiclip compare liver/ liver-blur/
  xaiclip rerun liver/report.json
  xaiclip locate ct.nrrd --structure liver --compare
  xaiclip models check onnx:model.onnx ct.nrrd
  xaiclip cohort scans/ --structure liver --out cohort/
  xaiclip dossier cohort/
  xaiclip stress ct.nrrd --structure liver --out stress/
  xaiclip benchmark --dataset phantom --out tables/
  xaiclip learn-prompts ct.nrrd --labels labels.nrrd --structure gallbladder --out contexts.safetensors
"""
PIPE_CLOSED = 141  # as a shell reports a program that SIGPIPE ended
EXIT = """\
exit status:
  0  done
  1  a fault of the program itself; --verbose shows where. Of `xaiclip cohort` and `stress`: a case
     could not be looked at
  2  something about the input or the disk is wrong, or a model took longer than --time-limit; the one-line
     message says what to do, and nothing was written but what it names
  3  `xaiclip rerun` alone: the run was made again, and its maps or numbers differ
  130  stopped with Ctrl-C or SIGTERM; the slices that were finished are written
"""


def build_parser() -> argparse.ArgumentParser:
    """The whole command line, with its manual page."""
    raw = argparse.RawDescriptionHelpFormatter
    parser = Parser("xaiclip", description=DESCRIPTION, epilog=EXAMPLES + "\n" + EXIT, formatter_class=raw)
    parser.add_argument("--version", action="version", version=f"xaiclip {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name in COMMANDS:
        module = import_module(f"XAICLIPLib.cli.{name.replace('-', '_')}")
        command = commands.add_parser(
            name, help=module.SUMMARY, description=module.TEXT, epilog=EXIT, formatter_class=raw
        )
        command.set_defaults(run=module.run)
        module.add_arguments(command)
        for printing in [command, *_actions(command)]:
            add_output(printing)
    return parser


def _actions(command: argparse.ArgumentParser) -> list[argparse.ArgumentParser]:
    """The parsers of a command's own actions, such as `models check`."""
    choices = (a.choices for a in command._actions if isinstance(a, argparse._SubParsersAction))
    return [parser for actions in choices for parser in actions.values()]


def main(arguments: list[str] | None = None) -> int:
    """Run a command.

    Parameters
    ----------
    arguments : list of str, optional
        The words after the program's name; None takes those of this process.

    Returns
    -------
    int
        The exit status, see `EXIT`. Where a model that took too long is still computing, the process ends here instead.
    """
    status = _run(arguments)
    leave(status)
    return status


def _run(arguments: list[str] | None) -> int:
    wait_asleep()
    ready_streams()
    terminate_as_interrupted()
    parsed = build_parser().parse_args(sys.argv[1:] if arguments is None else arguments)
    try:
        status = parsed.run(parsed)
        sys.stdout.flush()
        return status
    except Cancelled:
        return _ended("stopped before a slice was finished; nothing was written", STOPPED)
    except KeyboardInterrupt:
        return _ended("stopped; nothing was written", STOPPED)
    except XAICLIPError as error:
        return _ended(mismatched_torchvision(error) or str(error), BAD_INPUT, parsed.verbose)
    except BrokenPipeError:
        abandon_stdout()
        return PIPE_CLOSED
    except MemoryError:
        return _ended(
            "the memory of this machine is used up; explain fewer --slices or structures, or a smaller scan",
            BAD_INPUT,
            parsed.verbose,
        )
    except OSError as error:
        name = f"{str(error.filename)[-120:]}: " if error.filename else ""
        return _ended(
            f"{name}{error.strerror or error}; check the path, the folder and the free space", BAD_INPUT, parsed.verbose
        )
    except Exception as error:  # the last resort: whatever it is, it is one line
        if advice := mismatched_torchvision(error):
            return _ended(advice, BAD_INPUT, parsed.verbose)
        kind = f"{type(error).__name__}: {error}".rstrip(": ")
        return _ended(f"a fault of the program itself ({kind}); --verbose shows where", FAULT, parsed.verbose)


def _ended(message: str, status: int, verbose: bool = False) -> int:
    """Say in one line how a command ended; where it was asked for, after the way that led there."""
    if verbose:
        traceback.print_exc()
    print(f"xaiclip: {' '.join(message.split())}", file=sys.stderr)
    return status
