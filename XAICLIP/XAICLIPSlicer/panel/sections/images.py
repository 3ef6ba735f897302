"""Further images, registered to the scan, for a model that takes several."""

from slicer.i18n import tr as _

from XAICLIPSlicer.panel.sections.section import Section

FURTHER = (2, 3, 4)  # numbers of the selectors; the scan is the first image


class ImagesSection(Section):
    def __init__(self, panel) -> None:
        super().__init__(panel)
        self.names: tuple[str, ...] = ()

    def setNames(self, names) -> None:
        """What the model takes, as far as is known.

        Parameters
        ----------
        names : sequence of str
            Of its images, in order; one or none where the scan alone is enough.
        """
        self.names = tuple(names)
        self.update()

    def update(self) -> None:
        """A row for each image beside the scan."""
        for number in FURTHER:
            isWanted = number <= len(self.names)
            self.showRow(f"image{number}", isWanted)
            if isWanted:
                getattr(self.ui, f"image{number}Label").setText(f"{self.names[number - 1]}:")

    def _wanted(self) -> list:
        return [getattr(self.parameters, f"image{number}") for number in FURTHER if number <= len(self.names)]

    def missing(self) -> str:
        """What must be chosen before there can be an explanation; empty where nothing is missing."""
        if len(self.names) > FURTHER[-1]:
            text = _("The model takes {count} images and the panel gives {most}; use the console or the command line.")
            return text.format(count=len(self.names), most=FURTHER[-1])
        for name, node in zip(self.names[1:], self._wanted()):
            if node is None:
                return _("Choose the image {name}; the volume is the model's {first}.").format(
                    name=name, first=self.names[0]
                )
        return ""

    def chosen(self) -> tuple[str, ...]:
        """The IDs of the nodes beside the scan; the runner writes them to files."""
        return tuple(node.GetID() for node in self._wanted() if node is not None)
