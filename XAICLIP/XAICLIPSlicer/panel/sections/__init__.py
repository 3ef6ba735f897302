"""The sections of the panel, in the order of the work: widgets on one side, parameters on the other.

`scan`, `structures`, `languagemodel`, `learning` and `region` (where), `model` (what), `method` (how, and what that
costs), `explain` (the button), `result` and `save`. `messages` has the lines in which the panel speaks.
"""
