"""One document about a model, made from a cohort: what it is, needs and ignores, where it breaks, what was not tested.

From left to right: `read` opens a cohort's folder, `intervals` says how sure a number is, `identity`, `asked`, `needs`,
`breaks`, `stress` and `limits` find the facts of a section each, `page` writes them as HTML, `make` puts all together.
All facts are plain data, which are the JSON; the page says nothing that is not in it, but for the pictures.
"""
