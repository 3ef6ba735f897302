"""The height that the panel claims in Slicer's module panel."""

import qt


class Room:
    """Keeps the panel as high as its rows need.

    When a module is entered again, Slicer's module panel gives it the height that it had before: rows that appeared
    meanwhile would be squeezed and painted over each other. While the module is left, no height is claimed.

    Parameters
    ----------
    container : qt.QWidget or None
        What the widgets lie in.
    """

    def __init__(self, container) -> None:
        self.container = container
        self._timer = qt.QTimer()  # rows have their heights only after the layout was served
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._timer.connect("timeout()", self.onTimeout)
        self._isWanted = False

    def makeSoon(self) -> None:
        """Claim what is needed, once the rows have their heights."""
        self._isWanted = True
        self._timer.start()

    def giveBack(self) -> None:
        """Claim nothing any more."""
        self._isWanted = False
        self.onTimeout()

    def onTimeout(self) -> None:
        if self.container is None:
            return
        height = 0
        if self._isWanted:
            height = self.container.heightForWidth(self.container.width)
            height = height if height > 0 else self.container.sizeHint.height()
        self.container.setMinimumHeight(height)
