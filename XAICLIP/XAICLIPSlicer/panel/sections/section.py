"""What the sections of the panel have in common."""

from contextlib import contextmanager


class Section:
    """A part of the panel: its widgets on one side, the parameter node on the other.

    Parameters
    ----------
    panel : Panel
        Has the widgets (`ui`), the parameters (None while a scene closes), the `runner` and the message area.
    """

    def __init__(self, panel) -> None:
        self.panel = panel
        self.ui = panel.ui
        self._updating = False

    @property
    def parameters(self):
        """The parameter node; None while there is none."""
        return self.panel.parameters

    def update(self) -> None:
        """Bring the widgets that no connector serves in line with the parameters."""

    def leave(self) -> None:
        """The module is left, or the scene is closing: give back what was borrowed from the user's views."""

    def forget(self) -> None:
        """The scene is going: its nodes must not be touched any more."""

    @contextmanager
    def updating(self):
        """While the widgets are being set from the parameters, their signals mean nothing."""
        before, self._updating = self._updating, True
        try:
            yield
        finally:
            self._updating = before

    def isUserEvent(self) -> bool:
        """Whether a widget's signal comes from the user and there is a parameter node to write to."""
        return not self._updating and self.parameters is not None

    def showRow(self, name: str, shown: bool) -> None:
        """Show or hide a row of a form: the label `<name>Label` and its field.

        Parameters
        ----------
        name : str
            What the names of its label and field begin with.
        shown : bool
            Whether it is visible.
        """
        getattr(self.ui, f"{name}Label").setVisible(shown)
        for ending in ("Selector", "Slider", "ComboBox", "Widget", "SpinBox", "LineEdit"):
            field = getattr(self.ui, f"{name}{ending}", None)
            if field is not None:
                field.setVisible(shown)


def setText(label, text: str) -> None:
    """A line of text that takes no room while it is empty.

    Parameters
    ----------
    label : qt.QLabel
        The line.
    text : str
        Empty hides it.
    """
    label.setText(text)
    label.setVisible(bool(text))
