"""Small fixtures that the unit tests share: a coarse phantom, models that stay loaded, the real scans."""

from pathlib import Path

import numpy as np
import pytest
import torch

from XAICLIPLib.phantom import PHANTOM_LABELS, make_phantom
from XAICLIPLib.volume import Volume, write_volume

REAL = Path(__file__).resolve().parents[2].parent / "shared" / "data"

torch.set_num_threads(1)


@pytest.fixture(scope="session")
def phantom() -> tuple[Volume, Volume]:
    """A whole patient on a coarse grid: 10 slices of 128 x 128, and the labels."""
    return make_phantom(0, shape=(10, 128, 128), spacing=(3.0, 3.0, 18.0))


@pytest.fixture(scope="session")
def organ(phantom):
    """The true mask of a structure of the phantom, as a volume of 0 and 1."""

    def mask(name: str) -> Volume:
        labels = phantom[1]
        return labels.like((labels.voxels == PHANTOM_LABELS[name]).astype(np.uint8), name)

    return mask


@pytest.fixture(scope="session")
def liver_slice(organ) -> int:
    """The slice that holds most of the liver."""
    return int(organ("liver").voxels.sum((1, 2)).argmax())


@pytest.fixture(scope="session")
def phantom_file(phantom, tmp_path_factory) -> str:
    """The phantom's CT as a file."""
    return str(write_volume(phantom[0], tmp_path_factory.mktemp("phantom") / "ct.nrrd"))


@pytest.fixture(scope="session")
def models():
    """The bundled models, opened once for the whole session."""
    from XAICLIPLib.case.models import Models

    return Models()


@pytest.fixture(scope="session")
def small_cohort(tmp_path_factory):
    """A cohort of three patients, one of whom has no scan, made without Ray: the folder of its in- and output, and
    its cases."""
    pytest.importorskip("pyarrow")
    from Testing.unit.cohortcase import job_of, plain_run, write_manifest, write_scans
    from XAICLIPLib.cohort.manifest import read_manifest

    folder = tmp_path_factory.mktemp("small")
    cohort = read_manifest(write_manifest(write_scans(folder / "in", 2), 2, more="p9;DOE_NONE.nrrd;;B;70\n"))
    plain_run(cohort, job_of(folder / "out", keep="maps"))
    return folder, cohort


@pytest.fixture(scope="session")
def real_scan():
    """The path of a real scan, or a skip that says what is missing."""

    def path(name: str) -> Path:
        if not (REAL / name).exists():
            pytest.skip(f"the real scan {name} is not here ({REAL}); the phantom covers the same code")
        return REAL / name

    return path


@pytest.fixture(scope="session")
def biomedclip_folder(tmp_path_factory) -> Path:
    """BiomedCLIP's exact architecture with random weights, laid out as users have it; 345 MB, written once."""
    from Testing.unit.biomedclip import write_biomedclip

    return write_biomedclip(tmp_path_factory.mktemp("biomedclip"))
