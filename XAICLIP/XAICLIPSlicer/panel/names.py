"""The one spelling of a structure everywhere in the panel."""


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
