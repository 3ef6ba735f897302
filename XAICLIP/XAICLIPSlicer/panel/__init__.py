"""What the user sees: `panel` holds the parameter node and the sections, a file for each part in `sections`.

`parameters` is what is saved with a scene, `choices` the items of the combo boxes, `qualities` the settings behind
"Preview", "Balanced" and "Full", `request` what the engine is asked. The widgets are in `Resources/UI/XAICLIP.ui`.
"""
