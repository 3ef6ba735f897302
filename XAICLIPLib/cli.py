"""The command line: explain, locate, plan, phantom, models."""

from __future__ import annotations

import argparse
import signal
import sys
import time
from pathlib import Path

from XAICLIPLib import __version__
from XAICLIPLib.errors import Cancelled, XAICLIPError
from XAICLIPLib.explain.settings import ESTIMATORS, METHODS
from XAICLIPLib.request import REGION_SOURCES, SCORES, Request, make_method

BAD_INPUT = 2
STOPPED = 130

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
  xaiclip locate ct.nrrd --structure liver --threshold 0.6
"""
EXIT = """\
exit status:
  0  done
  2  something about the input is wrong; the one-line message says what to do, and nothing was written
  130  stopped with Ctrl-C; the slices that were finished are written
"""


def build_parser() -> argparse.ArgumentParser:
    """The whole command line, with its manual page."""
    parser = argparse.ArgumentParser(
        "xaiclip",
        description=DESCRIPTION,
        epilog=EXAMPLES + "\n" + EXIT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"xaiclip {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, summary: str, text: str) -> argparse.ArgumentParser:
        made = commands.add_parser(
            name, help=summary, description=text, epilog=EXIT, formatter_class=argparse.RawDescriptionHelpFormatter
        )
        made.set_defaults(run=globals()[f"_{name}"])
        return made

    explain = command(
        "explain",
        "explain why a model segments a structure as it does",
        "Write a saliency volume, the signed drop of the score, the region, the prediction, a panel per slice, a montage,\n"
        "metrics.csv and report.json to a folder. All volumes lie on the scan's own voxel grid.",
    )
    _add_scan(explain)
    _add_region(explain)
    _add_model(explain)
    _add_method(explain)
    explain.add_argument(
        "--out", metavar="DIR", type=Path, help="folder for the results (default: NAME-METHOD beside you)"
    )
    explain.add_argument(
        "--colormap", default="jet", metavar="NAME", help="jet (default), inferno, or any of matplotlib's"
    )

    locate = command(
        "locate",
        "find where words are in a scan, without explaining",
        "Write the region of interest, the similarity of every prompt, metrics.csv and report.json to a folder, and\n"
        "print a line per slice that holds the structure.",
    )
    _add_scan(locate)
    _add_region(locate)
    locate.add_argument("--device", default="auto", help="auto, cpu, cuda, cuda:1, mps (default: auto)")
    locate.add_argument(
        "--out", metavar="DIR", type=Path, help="folder for the results (default: NAME-location beside you)"
    )

    plan = command(
        "plan",
        "say how many evaluations a run needs, and how long it takes",
        "Find the regions, time the model once, and print what `explain` with the same options would cost.",
    )
    for add in (_add_scan, _add_region, _add_model, _add_method):
        add(plan)

    phantom = command(
        "phantom",
        "write a synthetic abdominal CT with exact labels",
        "Write a deterministic synthetic CT, and beside it NAME_labels with TotalSegmentator's class numbers.",
    )
    phantom.add_argument("out", metavar="FILE", type=Path, help="where to write the CT (.nrrd, .nii.gz, .mha)")
    phantom.add_argument("--seed", type=int, default=0, help="another patient (default: 0)")

    command(
        "models", "list the models that can be explained and the structures they know", "List models and structures."
    )
    return parser


def _add_scan(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "scan", metavar="SCAN", help="NIfTI, NRRD or MHA file, DICOM file, or folder with a DICOM series"
    )
    parser.add_argument(
        "--structure", action="append", required=True, metavar="TEXT", help="what to look at, in words; may be repeated"
    )
    parser.add_argument("--series", metavar="UID", help="which DICOM series, where the folder holds several")
    parser.add_argument(
        "--slices", default="auto", metavar="WHICH",
        help="auto: those that hold the structure (default); all; 40:60 (axial, from the feet, end excluded); 45",
    )  # fmt: skip
    parser.add_argument("--preset", default="auto", metavar="NAME", help="contrast preset (default: by modality)")


def _add_region(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("region")
    group.add_argument(
        "--region", default="clip", metavar="SOURCE",
        help=f"{', '.join(REGION_SOURCES)}, or the FILE of a mask or label map (default: clip, the words themselves)",
    )  # fmt: skip
    group.add_argument(
        "--vlm", default="bundled", metavar="MODEL",
        help="vision-language model: bundled, local-dir:FOLDER, or ARCHITECTURE:CHECKPOINT of open_clip",
    )  # fmt: skip
    group.add_argument(
        "--threshold", type=float, default=0.5, help="probability from which a pixel belongs to the region"
    )
    group.add_argument("--sigma", type=float, default=2.0, help="smoothing, in pixels of a slice 512 wide (default: 2)")
    group.add_argument("--dilate", type=float, default=0.0, metavar="MM", help="grow the region by so many mm")


def _add_model(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("model")
    group.add_argument("--model", default="bundled", metavar="SPEC", help="bundled, or function:package.module:name")
    group.add_argument(
        "--reference", metavar="FILE",
        help="ground truth: a mask, a TotalSegmentator label map, or FILE:liver=5,spleen=1; the model's own prediction "
        "stands in without it",
    )  # fmt: skip
    group.add_argument("--device", default="auto", help="auto, cpu, cuda, cuda:1, mps (default: auto)")
    group.add_argument(
        "--batch-size", type=int, metavar="N", help="perturbed copies per evaluation (default: by memory)"
    )
    group.add_argument("--seed", type=int, default=0, help="same seed, same map (default: 0)")


def _add_method(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("method")
    group.add_argument("--method", default="occlusion", choices=sorted(METHODS), help="(default: occlusion)")
    group.add_argument("--score", default="dice", choices=SCORES, help="what must drop (default: dice)")
    group.add_argument(
        "--fill", metavar="FILL",
        help="zero (default), mean, local_mean, blur, noise, inpaint, air, fat, water, soft_tissue, or a number in the "
        "model's own values",
    )  # fmt: skip
    group.add_argument(
        "--patch", metavar="SIZE", help="occlusion: 64 (pixels of a slice 512 wide, default), 25px (of this scan), 40mm"
    )
    group.add_argument("--stride", metavar="SIZE", help="occlusion: step in the patch's unit (default: half the patch)")
    group.add_argument("--masks", type=int, metavar="N", help="RISE: number of masks (default: 2000)")
    group.add_argument("--grid", type=int, metavar="N", help="RISE: cells along each axis (default: 7)")
    group.add_argument("--keep", type=float, metavar="P", help="RISE: probability that a cell is kept (default: 0.5)")
    group.add_argument("--estimator", choices=ESTIMATORS, help="RISE: raw is the paper's (default: centred)")
    group.add_argument("--tolerance", type=float, metavar="SHARE", help="RISE: stop once the error is below this share")
    group.add_argument("--samples", type=int, metavar="N", help="LIME: number of samples (default: 300)")
    group.add_argument(
        "--kernel-width", type=float, metavar="W", help="LIME: width of the locality kernel (default: none)"
    )


def _method(arguments: argparse.Namespace):
    """The method with the settings that were given; a setting of another method is refused by `make_method`."""
    names = ("fill", "masks", "grid", "keep", "estimator", "tolerance", "samples", "kernel_width")
    given = {name: getattr(arguments, name) for name in names if getattr(arguments, name) is not None}
    if "fill" in given:
        given["fill"] = _number(given["fill"])
    sizes = {name: _size(getattr(arguments, name)) for name in ("patch", "stride") if getattr(arguments, name)}
    if sizes:
        units = {unit for _, unit in sizes.values()}
        if len(units) > 1:
            raise XAICLIPError("give --patch and --stride in one unit")
        given |= {name: value for name, (value, _) in sizes.items()} | {"unit": units.pop()}
        given.setdefault("stride", given.get("patch", 64) / 2)
        given.setdefault("patch", given["stride"] * 2)
    return make_method(arguments.method, **given)


def _number(text: str) -> str | float:
    try:
        return float(text)
    except ValueError:
        return text


def _size(text: str) -> tuple[float, str]:
    for ending, unit in (("mm", "mm"), ("px", "pixel"), ("", "px512")):
        if text.endswith(ending):
            try:
                return float(text.removesuffix(ending)), unit
            except ValueError as error:
                raise XAICLIPError(f"size {text!r}: write 64, 25px or 40mm") from error
    raise AssertionError("the empty ending matches every text")


def _request(arguments: argparse.Namespace) -> Request:
    given = {}
    if "method" in arguments:
        given = {
            "method": _method(arguments),
            "model": arguments.model,
            "reference": arguments.reference,
            "score": arguments.score,
            "batch_size": arguments.batch_size,
            "seed": arguments.seed,
        }
    return Request(
        scan=arguments.scan,
        structures=tuple(arguments.structure),
        series=arguments.series,
        slices=arguments.slices,
        preset=arguments.preset,
        region=arguments.region,
        vlm=arguments.vlm,
        threshold=arguments.threshold,
        sigma=arguments.sigma,
        dilation_mm=arguments.dilate,
        device=arguments.device,
        **given,
    )


class _Bar:
    """A progress bar with the time left, that turns Ctrl-C into a clean stop between two batches."""

    def __init__(self) -> None:
        self._bar = None
        self._stopped = False

    def __enter__(self) -> _Bar:
        self._before = signal.signal(signal.SIGINT, self._stop)
        return self

    def __exit__(self, *error) -> None:
        signal.signal(signal.SIGINT, self._before)
        if self._bar is not None:
            self._bar.close()

    def _stop(self, number, frame) -> None:
        if self._stopped:
            raise KeyboardInterrupt  # the second Ctrl-C does not wait for the batch
        self._stopped = True

    def __call__(self, done: float, total: float, message: str) -> None:
        from tqdm import tqdm

        if self._stopped:
            raise Cancelled("stopped with Ctrl-C")
        if self._bar is None:
            shape = "{desc} {percentage:3.0f}%|{bar}| {elapsed} < {remaining}"
            self._bar = tqdm(total=total, bar_format=shape, disable=not sys.stderr.isatty(), leave=False)
        self._bar.set_description_str(message, refresh=False)
        self._bar.update(done - self._bar.n)


def _default_out(arguments: argparse.Namespace, ending: str) -> Path:
    name = Path(arguments.scan).name
    return Path(f"{name.split('.')[0] or 'scan'}-{ending}")


def _explain(arguments: argparse.Namespace) -> int:
    from XAICLIPLib.explanation import check_output
    from XAICLIPLib.pipeline import run

    request = _request(arguments)
    out = arguments.out or _default_out(arguments, arguments.method)
    check_output(out, arguments.colormap)
    start = time.perf_counter()
    with _Bar() as bar:
        explanation = run(request, progress=bar)
    explanation.save(out, colormap=arguments.colormap)
    for row in explanation.summary:
        share = 1 - row["rho"]
        print(
            f"{row['structure']}: {request.score} {row['score']:.3f}, largest drop {row['largest_drop']:.3f}; "
            f"{row['evaluations']} of {row['full_evaluations']} evaluations ({share:.0%} saved) in {row['seconds']:.1f} s"
        )
    for warning in explanation.warnings:
        print(f"note: {warning}", file=sys.stderr)
    slices = explanation.report["slices"]["explained"]
    print(f"{len(slices)} slices in {time.perf_counter() - start:.1f} s -> {out}")
    return STOPPED if any(w.startswith("stopped by the user") for w in explanation.warnings) else 0


def _locate(arguments: argparse.Namespace) -> int:
    from XAICLIPLib.explanation import check_output
    from XAICLIPLib.pipeline import locate

    out = arguments.out or _default_out(arguments, "location")
    check_output(out)
    with _Bar() as bar:
        location = locate(_request(arguments), progress=bar)
    location.save(out)
    for row in location.rows:
        if row["area_mm2"]:
            print(f"{row['structure']} slice {row['slice']}: {row['area_mm2'] / 100:.1f} cm2, {row['source']}")
    for warning in location.report["warnings"]:
        print(f"note: {warning}", file=sys.stderr)
    found = {row["slice"] for row in location.rows if row["area_mm2"]}
    print(f"found in {len(found)} of {len({row['slice'] for row in location.rows})} slices -> {out}")
    return 0


def _plan(arguments: argparse.Namespace) -> int:
    from XAICLIPLib.pipeline import plan

    print(plan(_request(arguments)))
    return 0


def _phantom(arguments: argparse.Namespace) -> int:
    from XAICLIPLib.phantom import make_phantom
    from XAICLIPLib.volume import FORMATS, write_volume

    scan, labels = make_phantom(arguments.seed)
    ending = next((e for e in sorted(FORMATS, key=len, reverse=True) if arguments.out.name.endswith(e)), "")
    second = arguments.out.with_name(arguments.out.name.removesuffix(ending) + "_labels" + ending)
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    for volume, path in ((scan, arguments.out), (labels, second)):
        print(write_volume(volume, path))
    return 0


def _models(arguments: argparse.Namespace) -> int:
    from XAICLIPLib.models.base import FAMILIES, open_segmenter

    print("segmentation models (--model):")
    print(f"  bundled    2D U-Net: {', '.join(open_segmenter('bundled', 'cpu').targets)}")
    print("  function:package.module:name    any callable (B, 1, H, W) -> (B, K, H, W) on slices in the scan's values")
    print(f"families: {', '.join(FAMILIES)}")
    print("vision-language models (--vlm):\n  bundled, local-dir:FOLDER, ARCHITECTURE:CHECKPOINT (any of open_clip's)")
    return 0


def main(arguments: list[str] | None = None) -> int:
    """Run a command; the exit status is in the manual page."""
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


if __name__ == "__main__":
    sys.exit(main())
