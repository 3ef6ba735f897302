"""The one spelling of a structure everywhere in the panel."""

from XAICLIPLib import anatomy


def shownName(structure) -> str:
    """The label of a structure as the first word of a line.

    Parameters
    ----------
    structure : anatomy.Structure
        Its label begins in lower case.

    Returns
    -------
    str
        Such as "Right kidney".
    """
    return structure.label[:1].upper() + structure.label[1:]


def spelled(text: str) -> str:
    """The one spelling of what a name or a user's words mean.

    Parameters
    ----------
    text : str
        Such as "kidney_right" or "right kidney".

    Returns
    -------
    str
        Such as "Right kidney".
    """
    return shownName(anatomy.describe(text))
