"""A model's card as HTML: headings, lists, tables and paragraphs of Markdown; all else stands as it was written."""

from __future__ import annotations

import re
from html import escape

_HEADING = re.compile(r"(#{1,6}) +(.+)")
_ITEM = re.compile(r"\s*(?:[-*+]|\d+\.) +(.+)")
_RULE = re.compile(r"[|:\- ]*-[|:\- ]*")


def card_html(text: str, below: int = 3) -> str:
    """The text of a card as HTML without a link or picture.

    Parameters
    ----------
    text : str
        Markdown, or plain text.
    below : int
        Level of its highest heading.

    Returns
    -------
    str
    """
    parts: list[str] = []
    lines: list[str] = []
    kind = ""

    def close() -> None:
        if lines:
            parts.append(_block(kind, lines))
            lines.clear()

    for line in text.split("\n"):
        found, content = _kind_of(line)
        if found == "text" and kind == "item" and line.startswith(" ") and lines:
            lines[-1] += f" {line.strip()}"
            continue
        if found != kind or found == "heading":
            close()
        kind = found
        if kind == "heading":
            level = min(6, below + len(content) - len(content.lstrip("#")) - 1)
            parts.append(f"<h{level}>{marked(content.lstrip('#').strip())}</h{level}>")
        elif kind:
            lines.append(content)
    close()
    return "".join(parts)


def _kind_of(line: str) -> tuple[str, str]:
    """What a line is part of, and what of it is text."""
    if not line.strip():
        return "", ""
    if _HEADING.fullmatch(line.strip()):
        return "heading", line.strip()
    if line.lstrip().startswith("|"):
        return "table", line.strip()
    if item := _ITEM.fullmatch(line):
        return "item", item[1]
    return "text", line.strip()


def _block(kind: str, lines: list[str]) -> str:
    if kind == "item":
        return "<ul>" + "".join(f"<li>{marked(line)}</li>" for line in lines) + "</ul>"
    if kind == "table":
        rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if not _RULE.fullmatch(line)]
        body = ["".join(f"<td>{marked(cell)}</td>" for cell in row) for row in rows]
        head = f"<tr>{body[0].replace('td>', 'th>')}</tr>" if body else ""
        return f"<table>{head}{''.join(f'<tr>{row}</tr>' for row in body[1:])}</table>"
    return f"<p>{marked(' '.join(lines))}</p>"


def marked(text: str) -> str:
    """A line of text as HTML, with what is between `…` and **…** as code and bold.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
    """
    text = escape(text)
    text = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", text)
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", text)
