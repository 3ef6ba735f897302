"""The models of MONAI Label's radiology app by name: those that can be explained, and why the others can't."""

from __future__ import annotations

from XAICLIPLib.errors import did_you_mean

KNOWN = ("segmentation", "segmentation_spleen", "deepedit_dynunet", "deepedit_unetr")
CLICKS = "it segments what clicks point at, which XAICLIP does not give it; explain its app's segmentation or deepedit"
STAGE = "it is a stage of the app's vertebra pipeline and sees what another stage cut out; explain segmentation"
REFUSED = {
    "deepgrow_2d": CLICKS, "deepgrow_3d": CLICKS, "sw_fastedit": CLICKS, "localization_spine": STAGE,
    "localization_vertebra": STAGE, "segmentation_vertebra": STAGE,
}  # fmt: skip


def why_not(name: str) -> str:
    """Why a model of the app can't be explained, and what to do.

    Parameters
    ----------
    name : str
        Of its weights, without ``pretrained_``.

    Returns
    -------
    str
        Empty where it can.
    """
    if name in KNOWN:
        return ""
    return REFUSED.get(name) or (
        f"it is none of the segmenters of the radiology app that XAICLIP knows ({', '.join(KNOWN)})"
        f"{did_you_mean(name, KNOWN)}; its network stands in the app's Python, which is not run: export it as "
        "TorchScript and give torchscript:FILE"
    )
