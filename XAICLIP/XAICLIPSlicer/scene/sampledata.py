"""Sample data: a phantom that is drawn on this computer, and CT scans that Slicer itself offers."""

import slicer
from slicer.i18n import tr as _

CATEGORY = "XAICLIP"
PHANTOM = "XAICLIPPhantom"
SLICER_SCANS = ("CTLiver", "CTAAbdomenPanoramix", "CTACardio", "CTChest")


def register(iconPath: str) -> None:
    """Add the category to the Sample Data module.

    Parameters
    ----------
    iconPath : str
        The picture of the phantom's button.
    """
    import SampleData

    if hasattr(SampleData.SampleDataLogic, "registerCustomSampleDataCategory"):  # Slicer 5.13
        SampleData.SampleDataLogic.registerCustomSampleDataCategory(
            CATEGORY, _("Explaining segmentation models (XAICLIP)")
        )
    SampleData.SampleDataLogic.registerCustomSampleDataSource(
        category=CATEGORY,
        sampleName=PHANTOM,
        uris="",
        fileNames=PHANTOM,
        nodeNames=PHANTOM,
        thumbnailFileName=iconPath,
        customDownloader=lambda _source=None: loadPhantom(),
    )
    for name in SLICER_SCANS:
        slicersOwn = SampleData.SampleDataLogic().sourceForSampleName(name)
        if slicersOwn is None:  # another version of Slicer offers others
            continue
        # address and checksum stay Slicer's own, so that the button and SampleData.downloadSample both work
        SampleData.SampleDataLogic.registerCustomSampleDataSource(
            category=CATEGORY,
            sampleName=f"{name} (XAICLIP)",  # a name of its own: samples are looked up by it
            uris=slicersOwn.uris,
            fileNames=slicersOwn.fileNames,
            nodeNames=slicersOwn.nodeNames,
            checksums=slicersOwn.checksums,
            loadFileTypes=slicersOwn.loadFileTypes,
            loadFiles=slicersOwn.loadFiles,
            thumbnailFileName=slicersOwn.thumbnailFileName,
        )


def loadPhantom(seed: int = 0, shape: tuple[int, int, int] = (40, 256, 256), spacing=(1.5, 1.5, 5.0)):
    """Draw the phantom, a synthetic CT of the upper abdomen, and put it into the scene and the views.

    Parameters
    ----------
    seed : int
        Another seed is another patient.
    shape : (int, int, int)
        Number of slices, rows and columns.
    spacing : (float, float, float)
        Along i, j and k, in mm.

    Returns
    -------
    list of vtkMRMLScalarVolumeNode
        As Sample Data's own downloads do.
    """
    import numpy as np

    from XAICLIPLib.phantom import make_phantom

    with slicer.util.WaitCursor():
        scan, _labels = make_phantom(seed, shape, spacing)
        matrix = np.eye(4)
        matrix[:3, :3] = np.array(scan.direction).reshape(3, 3) @ np.diag(scan.spacing)
        matrix[:3, 3] = scan.origin
        name = slicer.mrmlScene.GenerateUniqueName(PHANTOM)
        volumeNode = slicer.util.addVolumeFromArray(scan.voxels, np.diag([-1.0, -1.0, 1.0, 1.0]) @ matrix, name)
    display = volumeNode.GetDisplayNode()
    display.AutoWindowLevelOff()
    display.SetWindowLevelMinMax(-160, 240)
    slicer.util.setSliceViewerLayers(background=volumeNode, fit=True)
    return [volumeNode]
