"""Model files: whether there is one, and what went wrong with it in one line."""

from __future__ import annotations

from pathlib import Path

from XAICLIPLib.errors import WeightsError
from XAICLIPLib.models.memory import check_room

TO_EXPORT = (
    "Export the whole model where its Python code is, with an input of its own shape: "
    'torch.jit.save(torch.jit.trace(model.eval(), torch.rand(1, 1, 256, 256)), "model.pt"), or '
    'torch.onnx.export(model.eval(), (torch.rand(1, 1, 256, 256),), "model.onnx")'
)


def existing(path: str, what: str) -> Path:
    """The path of a model file.

    Parameters
    ----------
    path : str
        `~` allowed; empty where none was given.
    what : str
        What an error asks for, such as "an .onnx file".

    Returns
    -------
    Path
        With `~` written out.

    Raises
    ------
    WeightsError
        If there is no such file.
    ResourceError
        If it is larger than the memory that is left.
    """
    if not path.strip():
        raise WeightsError(f"no file is given; give the path of {what} on this machine")
    file = Path(path).expanduser()
    if not file.is_file():
        kind = "is a folder" if file.is_dir() else "is not there"
        raise WeightsError(f"{path} {kind}; give the path of {what} on this machine")
    apart = file.with_name(file.name + ".data")  # where ONNX keeps the weights of large models
    check_room(*(f for f in (file, apart) if f.is_file()))
    return file


def last_line(error: BaseException) -> str:
    """The line of a long message that names the reason.

    Parameters
    ----------
    error : BaseException
        Of a library, whose message may be a traceback of its own.

    Returns
    -------
    str
        The last line that is not empty; the error's class where there is none.
    """
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return (lines[-1] if lines else type(error).__name__).removeprefix("RuntimeError: ")
