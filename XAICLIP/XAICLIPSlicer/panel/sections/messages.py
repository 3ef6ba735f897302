"""The lines in which the panel speaks: what is going on, what is wrong, and the log."""

import qt

from XAICLIPSlicer.panel.sections.section import setText


class Messages:
    """The status line, the message with its button, and the log.

    Parameters
    ----------
    ui : namespace
        The widgets of `XAICLIP.ui` by name.
    """

    def __init__(self, ui) -> None:
        self.ui = ui
        self._action = None
        ui.messageButton.connect("clicked(bool)", self.onButton)
        self.clear()
        self.status("")

    def status(self, text: str) -> None:
        """The line under the button: what is going on.

        Parameters
        ----------
        text : str
            Empty hides the line.
        """
        setText(self.ui.statusLabel, text)

    def log(self, text: str) -> None:
        """Into the log at the end of the panel.

        Parameters
        ----------
        text : str
            One or more lines.
        """
        self.ui.logTextEdit.appendPlainText(text.rstrip())

    def say(self, text: str, button: str = "", action=None) -> None:
        """A message that stays until the next action: what is wrong and what to do, with a button that does it.

        Parameters
        ----------
        text : str
            What is wrong and what to do.
        button : str
            What the button says; without one, the message is a warning.
        action : callable, optional
            What the button does; called without arguments.
        """
        ui = self.ui
        icon = qt.QStyle.SP_MessageBoxInformation if button else qt.QStyle.SP_MessageBoxWarning
        ui.messageIconLabel.setPixmap(qt.QApplication.style().standardIcon(icon).pixmap(20, 20))
        ui.messageLabel.setText(text)
        ui.messageButton.setText(button)
        ui.messageButton.setVisible(bool(button))
        self._action = action
        ui.messageFrame.setVisible(True)
        self.log(text)

    def clear(self) -> None:
        """Take the message away."""
        self._action = None
        self.ui.messageFrame.setVisible(False)

    def onButton(self) -> None:
        action = self._action
        self.clear()
        if action is not None:
            action()
