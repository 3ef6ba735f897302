"""MONAI Label: the models of its radiology app, whose networks stand in the app's Python and not beside the weights."""
