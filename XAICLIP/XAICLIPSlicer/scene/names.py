"""The one spelling of a structure everywhere in the panel, in the user's language."""

from slicer.i18n import translate

from XAICLIPLib import anatomy


def nameInside(structure) -> str:
    """The label of a structure as a word within a line.

    Parameters
    ----------
    structure : anatomy.Structure
        One of the table is translated; what a user named is not.

    Returns
    -------
    str
        Such as "right kidney", in German "rechte Niere".
    """
    return translate("Anatomy", str(structure.label))


def nameOf(text: str) -> str:
    """The name of a structure within a line.

    Parameters
    ----------
    text : str
        As the library or a segmentation has it: "right kidney", "kidney_right", "lesion 3".

    Returns
    -------
    str
        In the user's language where it is one of the table.
    """
    known = anatomy.find(text)
    return nameInside(known) if known is not None else str(text)


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
    name = nameInside(structure)
    return name[:1].upper() + name[1:]


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
