"""What the worker is asked about finished runs: pictures, DICOM, questions, two side by side. No model is run."""

from collections.abc import Callable

from XAICLIPLib.report.colormap import RUN, SLICE
from XAICLIPSlicer.scene.pair import checkPair
from XAICLIPSlicer.worker.process import WorkerProcess
from XAICLIPSlicer.worker.shared_files import filesOf, recordOf


class RunCalls(WorkerProcess):
    """Requests about runs whose files are there: of this session, or saved in an earlier one."""

    def draw(
        self, run, colorMap: str, onResult: Callable, onError: Callable, ownScales: bool = False, folder: str = ""
    ) -> int:
        """Draw the pictures of a run into its folder.

        Parameters
        ----------
        run : RunNodes
            With its folder.
        colorMap : str
            A name of `colours.COLOURS`.
        onResult : callable
            Gets a dict.
        onError : callable
            Gets a `WorkerError`.
        ownScales : bool
            Whether each slice has a scale of its own, else all slices one.
        folder : str
            Another that the engine's files of the run were written to.

        Returns
        -------
        int
            The request's id.
        """
        parameters = {"folder": folder or run.folder, "scan": self._files.scan(run.volumeNode), "colormap": colorMap}
        parameters["scale"] = SLICE if ownScales else RUN
        return self.client.request("draw", parameters, onResult, onError)

    def keep(self, run, folder: str, onResult: Callable, onError: Callable) -> int:
        """Write what the engine has of a run to another folder, which outlives the session.

        Parameters
        ----------
        run : RunNodes
            With its folder.
        folder : str
            Where it is written.
        onResult : callable
            Gets a dict.
        onError : callable
            Gets a `WorkerError`.

        Returns
        -------
        int
            The request's id.

        Raises
        ------
        SceneError
            If the run's files are not there.
        """
        return self.client.request("save", {"run": filesOf(run), "folder": folder}, onResult, onError)

    def exportDicom(
        self, run, place: str, series: str | None, folder: str, onResult: Callable, onError: Callable
    ) -> int:
        """Write a run as DICOM objects to a folder.

        They refer to the images in the folder `place`, of the series with that UID; where there are none, the scan's
        voxels are written as a study of their own.

        Parameters
        ----------
        run : RunNodes
            With its folder.
        place : str
            The folder of the scan's images; empty where there are none.
        series : str or None
            UID of their series.
        folder : str
            Where the objects are written.
        onResult : callable
            Gets "folder" and "notes", a dict.
        onError : callable
            Gets a `WorkerError`.

        Returns
        -------
        int
            The request's id.
        """
        parameters = {
            "folder": run.folder,
            "series": place or self._files.scan(run.volumeNode),
            "out": folder,
            "uid": series,
        }
        return self.client.request("dicom", parameters, onResult, onError)

    def askable(self, run, onResult: Callable, onError: Callable) -> int:
        """Open a run for questions.

        Parameters
        ----------
        run : RunNodes
            With its folder.
        onResult : callable
            Gets "structures", "slices", "parts", "islands", "between", a dict.
        onError : callable
            Gets a `WorkerError`.

        Returns
        -------
        int
            The request's id.

        Raises
        ------
        SceneError
            If the run's files or its record are not there.
        """
        return self.client.request("askable", {"run": recordOf(run)}, onResult, onError)

    def ask(
        self, run, question: dict, onResult: Callable, onError: Callable, inSlice: bool = False, between: bool = False
    ) -> int:
        """Ask a run; no model is run.

        Parameters
        ----------
        run : RunNodes
            With its folder.
        question : dict
            Fields of `XAICLIPLib.pipeline.ask.Question` by name.
        onResult : callable
            Gets "text", "at", "slice", "map", "offset", a dict; see `XAICLIPLib.worker.run_methods.RunMethods.ask`.
        onError : callable
            Gets a `WorkerError`.
        inSlice : bool
            Whether the answer is about one slice alone.
        between : bool
            Whether the matrix of structures is asked for; the question is then empty.

        Returns
        -------
        int
            The request's id.

        Raises
        ------
        SceneError
            If the run's files or its record are not there.
        """
        parameters = {"run": recordOf(run), "question": question, "in_slice": inSlice, "between": between}
        parameters["folder"] = str(self._files.previews)
        return self.client.request("ask", parameters, onResult, onError)

    def compare(self, first, second, onResult: Callable, onError: Callable, structure: str | None = None) -> int:
        """Hold two runs against each other; no model is run.

        Parameters
        ----------
        first, second : RunNodes
            With their folders, on one scan.
        onResult : callable
            Gets "text", "settings", "unit", "map", "offset", a dict; see
            `XAICLIPLib.worker.run_methods.RunMethods.compare`.
        onError : callable
            Gets a `WorkerError`.
        structure : str, optional
            Which one is compared.

        Returns
        -------
        int
            The request's id.

        Raises
        ------
        SceneError
            If they are runs on different scans, or the files of one are not there.
        """
        checkPair(first, second)
        parameters = {"first": filesOf(first), "second": filesOf(second), "folder": str(self._files.previews)}
        return self.client.request("compare", {**parameters, "structure": structure}, onResult, onError)
