"""What `xaiclip models installed` finds on a home folder on which every program has left its models."""

import json
import subprocess
import sys

import pytest

from XAICLIPLib.cli import main
from XAICLIPLib.errors import InputError
from XAICLIPLib.models.families import FAMILIES
from XAICLIPLib.models.installed.machine import Machine
from XAICLIPLib.models.installed.programs import PROGRAMS, found_models
from XAICLIPLib.models.installed.slicernnunet import remembered
from XAICLIPLib.models.totalsegmentator.tasks import find_task, folder_of, parse_spec

OPENED = {family.name for family in FAMILIES}


def write(path, content=b"weights"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return path


def trained(folder, labels=("liver", "spleen"), fold="fold_0", channels=("CT",), **configuration):
    name = folder.name.rpartition("__")[2]
    write(folder / "plans.json", {"configurations": {name: configuration}})
    values = {"background": 0, **{name: k for k, name in enumerate(labels, 1)}}
    write(folder / "dataset.json", {"labels": values, "channel_names": dict(enumerate(channels))})
    if fold:
        write(folder / fold / "checkpoint_final.pth")
    return folder


def totalsegmentator(root, task, mode="", datasets=None):
    task = find_task(task, mode)
    for number in datasets or task.datasets:
        folder = root / folder_of(number) / f"{task.trainer}__{task.plans}__{task.configuration}"
        trained(folder, task.parts[number])


@pytest.fixture
def home(tmp_path):
    """All layouts side by side, in Linux's places."""
    home = tmp_path / "home"
    root = home / ".totalsegmentator/nnunet/results"
    totalsegmentator(root, "total", datasets=(291, 293))
    totalsegmentator(root, "total", "fast")
    totalsegmentator(root, "liver_segments")  # the task that finds its liver, 298, is not here
    totalsegmentator(root, "lung_vessels")
    totalsegmentator(root, "tissue_types")
    (root / folder_of(299) / "nnUNetTrainer__nnUNetPlans__3d_fullres").mkdir(parents=True)
    trained(home / "results/Dataset007_Mine/nnUNetTrainer__nnUNetPlans__2d")
    trained(home / "results/Dataset007_Mine/nnUNetTrainer__nnUNetPlans__3d_lowres", fold=None)
    trained(home / "results/Dataset008_Tumour/nnUNetTrainer__nnUNetPlans__3d_fullres", channels=("T1", "T2"))
    cascade = "nnUNetTrainer__nnUNetPlans__3d_cascade_fullres"
    trained(home / "results/Dataset008_Tumour" / cascade, previous_stage="3d_lowres")
    trained(home / "given/model")
    setting = '{\\"modelPath\\": {\\"_path\\": \\"%s\\"}, \\"device\\": \\"cuda\\"}' % (home / "given")
    modules = home / "modules/SlicerDentalSegmentator"
    trained(modules / "Resources/ML/Dataset112_DentalSegmentator_v100/nnUNetTrainer__nnUNetPlans__3d_fullres")
    text = (
        f'[Modules]\nAdditionalPaths={modules}, {home}/away\n\n[SlicerNNUNet]\nParameter="{setting}"\n\n[Other]\nx=1\n'
    )
    write(home / ".config/slicer.org/Slicer.ini", text.encode())
    trained(home / "hd-bet_params/release_2.0.0", ("brain",), "fold_all")
    write(home / ".MONAIAuto3DSeg/models/abdominal-v1.0.0/a/model.pt")
    write(home / ".MONAIAuto3DSeg/models/abdominal-v1.0.0/a/labels.csv", b"LabelValue,Name\n0,background\n1,liver\n")
    (home / ".MONAIAuto3DSeg/models/broken-v1.0.0").mkdir()
    write(home / ".MONAIAuto3DSeg/models/unnamed-v1.0.0/model.pt")
    write(home / "apps/radiology/model/pretrained_segmentation_spleen.pt")
    write(home / "apps/radiology/model/pretrained_deepgrow_3d.pt")
    vista = home / ".cache/torch/hub/bundle/vista3d"
    write(
        vista / "configs/metadata.json", {"network_data_format": {"outputs": {"pred": {"label_def": {"1": "liver"}}}}}
    )
    write(vista / "LICENSE", b"Code License\n\nThe Work may be used non-commercially only.\n")
    write(home / "apps/radiology/model/pretrained_segmentation.pt")
    outputs = {"pred": {"channel_def": {"0": "background", "1": "spleen"}}}
    bundle = home / ".cache/torch/hub/bundle/spleen_ct_segmentation"
    write(bundle / "configs/metadata.json", {"network_data_format": {"outputs": outputs}})
    for name in ("sam_vit_b_01ec64.pth", "sam2_hiera_tiny.pt"):
        write(modules.parent / "model_checkpoints" / name)
    write(modules / "classic/medsam_lite.pth")
    write(home / ".cache/torch/hub/checkpoints/unet_r231-d5d2fc3d.pth")
    write(home / ".local/share/slicer.org/Slicer/voxtell/voxtell_v1.1/plans.json", {})
    write(home / ".local/share/slicer.org/Slicer/voxtell/voxtell_v1.1/fold_0/checkpoint_final.pth")
    trained(home / ".nninteractive/models/nnInteractive_v1.0")
    return home


def machine(home, **environment):
    return Machine(home, {"nnUNet_results": str(home / "results"), **environment}, "Linux", home / "python")


@pytest.fixture
def found(home):
    return {(model.program, model.task): model for model in found_models(machine(home))}


def test_every_program_s_models_are_found_with_the_string_that_opens_them(home, found):
    hub = home / ".cache/torch/hub"
    expected = {
        ("TotalSegmentator", "total fast"): "totalsegmentator:total:fast",
        ("nnU-Net", "Dataset007_Mine 2d"): f"nnunet:{home}/results/Dataset007_Mine/nnUNetTrainer__nnUNetPlans__2d",
        ("SlicerNNUNet", "model"): f"nnunet:{home}/given/model",
        ("HD-BET", "release_2.0.0"): f"nnunet:{home}/hd-bet_params/release_2.0.0",
        ("MONAI bundle", "spleen_ct_segmentation"): f"monai:{hub}/bundle/spleen_ct_segmentation",
        ("Segment Anything", "sam_vit_b_01ec64"): f"sam:{home}/modules/model_checkpoints/sam_vit_b_01ec64.pth",
        ("MedSAM", "medsam_lite"): f"litemedsam:{home}/modules/SlicerDentalSegmentator/classic/medsam_lite.pth",
    }
    assert {key: found[key].spec for key in expected if expected[key].partition(":")[0] in OPENED} == {
        key: spec for key, spec in expected.items() if spec.partition(":")[0] in OPENED
    }
    assert {program for program, _ in found} >= {p.name for p in PROGRAMS}
    assert found["DentalSegmentator", "Dataset112_DentalSegmentator_v100 3d_fullres"].explainable
    assert all(model.bytes > 0 for model in found.values() if model.explainable)


def test_what_is_segmented_is_said(found):
    assert found["TotalSegmentator", "total"].structures[:2] == ("spleen", "kidney_right")
    assert len(found["TotalSegmentator", "total fast"].structures) == 117
    assert found["nnU-Net", "Dataset007_Mine 2d"].structures == ("liver", "spleen")
    assert found["MONAIAuto3DSeg", "abdominal-v1.0.0"].structures == ("liver",)
    assert found["MONAI bundle", "spleen_ct_segmentation"].structures == ("spleen",)
    assert len(found["lungmask", "R231"].structures) == 2


def test_what_cannot_be_explained_says_why(found):
    lowres = found["nnU-Net", "Dataset007_Mine 3d_lowres"]
    assert not lowres.explainable and "no fold holds checkpoint_final.pth" in lowres.refused
    assert "second stage of a cascade" in found["nnU-Net", "Dataset008_Tumour 3d_cascade_fullres"].refused
    assert "takes 2 images: T1, T2" in found["nnU-Net", "Dataset008_Tumour 3d_fullres"].notes
    assert "holds no model.pt" in found["MONAIAuto3DSeg", "broken-v1.0.0"].refused
    assert "no labels.csv" in found["MONAIAuto3DSeg", "unnamed-v1.0.0"].refused
    assert found["MONAI Label", "radiology/segmentation_spleen"].explainable
    assert "what clicks point at" in found["MONAI Label", "radiology/deepgrow_3d"].refused
    vista = found["MONAI bundle", "vista3d"]
    assert vista.structures == ("liver",) and vista.notes == ("Code License (LICENSE): no commercial use",)
    body = found["TotalSegmentator", "body"]
    assert "data set 299 lacks dataset.json" in body.refused and "download the task again" in body.refused
    segments = found["TotalSegmentator", "liver_segments"]
    assert "data set 298 finds" in segments.refused and not segments.explainable
    assert "298" not in found["TotalSegmentator", "lung_vessels"].refused  # 297 finds the lungs, and is here
    assert any("no commercial use" in note for note in found["TotalSegmentator", "tissue_types"].notes)
    assert any("no commercial use" in note for note in found["nnInteractive", "nnInteractive_v1.0"].notes)
    assert "292, 294, 295 of the task are not here" in found["TotalSegmentator", "total"].notes[0]
    for model in found.values():
        known = model.spec.partition(":")[0] in OPENED
        assert model.explainable == (known and not model.refused) and bool(model.refused) != model.explainable


def test_variables_name_other_places(home, tmp_path):
    totalsegmentator(tmp_path / "weights", "body", "fast")
    totalsegmentator(tmp_path / "other/nnunet/results", "body_mr")
    for variable, place, task in (
        ("TOTALSEG_WEIGHTS_PATH", "weights", "body fast"),
        ("TOTALSEG_HOME_DIR", "other", "body_mr"),
    ):
        models = found_models(machine(home, **{variable: str(tmp_path / place)}))
        assert [m.task for m in models if m.program == "TotalSegmentator"] == [task]


def test_an_empty_or_unreadable_home_is_no_fault(tmp_path):
    assert found_models(Machine(tmp_path / "none", {}, "Windows", tmp_path)) == []
    home = tmp_path / "home"
    write(home / ".config/slicer.org/Slicer.ini", b"\xff\xfe[SlicerNNUNet]\nParameter=@Invalid()\n")
    write(home / "hd-bet_params/release/dataset.json", b"[")
    write(home / "hd-bet_params/release/plans.json", b"\xff")
    (model,) = found_models(Machine(home, {}, "Linux", tmp_path))
    assert model.refused == "its dataset.json names no labels: copy the folder again"
    assert remembered("[SlicerNNUNet]\nParameter=7") == []


def test_the_list_is_printed_and_is_light(home):
    environment = {"HOME": str(home), "nnUNet_results": str(home / "results"), "PATH": ""}
    command = (
        "import sys; from XAICLIPLib.cli import main; main(sys.argv[1:]); "
        "assert not {'torch', 'nnunetv2', 'monai'} & set(sys.modules), 'heavy'"
    )
    run = [sys.executable, "-c", command, "models", "installed"]
    environment["PYTHONPATH"] = str(__file__).rpartition("/Testing/")[0]
    done = subprocess.run(run, env=environment, capture_output=True, text=True, check=True)
    assert "--model nnunet:" in done.stdout and "can't be explained: no fold holds" in done.stdout
    done = subprocess.run([*run, "--json"], env=environment, capture_output=True, text=True, check=True)
    told = json.loads(done.stdout)
    assert {"program", "task", "spec", "structures", "bytes", "refused"} <= set(told["models"][0])
    assert set(told["places"]) == {program.name for program in PROGRAMS}


def test_no_model_is_said(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("nnUNet_results", "TOTALSEG_WEIGHTS_PATH", "TOTALSEG_HOME_DIR"):
        monkeypatch.delenv(name, raising=False)
    assert main(["models", "installed", "--places"]) == 0
    told = capsys.readouterr().out
    assert "No program has left a model" in told and "TotalSegmentator: TOTALSEG_WEIGHTS_PATH" in told


@pytest.mark.parametrize(
    "argument, parsed",
    [
        ("total", ("", "total", "", False)),
        ("total:fast", ("", "total", "fast", False)),
        ("total:whole", ("", "total", "", True)),
        ("~/.totalsegmentator:total_mr:fastest:whole", ("~/.totalsegmentator", "total_mr", "fastest", True)),
        ("C:\\weights:body", ("C:\\weights", "body", "", False)),
        ("/weights/Dataset297_x", ("/weights/Dataset297_x", "", "", False)),
    ],
)
def test_what_stands_behind_the_colon(argument, parsed):
    assert parse_spec(argument) == parsed


@pytest.mark.parametrize("argument, why", [("totl", "did you mean total"), ("", "which task"), ("fast", "no task")])
def test_a_task_that_is_not_there_is_said(argument, why):
    with pytest.raises(InputError, match=why):
        parse_spec(argument)


def test_a_mode_that_a_task_has_not_is_said():
    with pytest.raises(InputError, match="liver_segments has no mode 'fast', it has only one resolution"):
        find_task("liver_segments", "fast")
