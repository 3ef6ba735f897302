"""The DICOM objects of a run, made by highdicom: maps, segmentations, pictures, the numbers and the report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from XAICLIPLib.report.dicom_codes import LONGEST_TEXT, as_place, codes_of, frame_anatomy, segment_description
from XAICLIPLib.report.dicom_document import encapsulated_pdf
from XAICLIPLib.report.dicom_report import numbers_report
from XAICLIPLib.report.provenance import RESEARCH_USE_ONLY

if TYPE_CHECKING:
    from highdicom import AlgorithmIdentificationSequence
    from highdicom.base import SOPClass
    from highdicom.pm import ParametricMap
    from highdicom.sc import SCImage
    from highdicom.seg import Segmentation, SegmentDescription
    from highdicom.sr import ComprehensiveSR
    from pydicom import Dataset

MANUFACTURER = "XAICLIP"
# What a request says about a region; its paths stay out, which may name a patient.
_REGION_PARAMETERS = ("vlm", "strategy", "probability", "cut", "threshold", "sigma", "dilation_mm", "components")


class DerivedObjects:
    """Makes the objects of one run, each kind in a series of its own.

    Parameters
    ----------
    images : sequence of Dataset
        The source image of each plane, in the order of the arrays' planes.
    spacing : float
        mm between planes.
    report : mapping
        Everything `report.json` holds.
    """

    def __init__(self, images: Sequence[Dataset], spacing: float, report: Mapping[str, Any]) -> None:
        from highdicom import UID

        self._images, self._spacing, self._report = list(images), spacing, report
        first = _first_number(self._images[0].get("SeriesNumber"))
        kinds = ("map", "prediction", "region", "capture", "numbers", "document")
        self._series = {kind: (UID(), first + number) for number, kind in enumerate(kinds, start=1)}
        self._made = dict.fromkeys(kinds, 0)

    def parametric_map(self, entry: Mapping, drop: np.ndarray) -> ParametricMap:
        """The signed drop of one structure, its float32 values as they are.

        Parameters
        ----------
        entry : mapping
            The structure, one of ``report["structures"]``.
        drop : ndarray, shape (planes, rows, columns)

        Returns
        -------
        ParametricMap
        """
        from highdicom import VOILUTTransformation
        from highdicom.pm import ParametricMap, RealWorldValueMapping
        from pydicom.sr.codedict import codes

        score = self._report["request"]["score"].replace("_", " ").replace("dice", "Dice")
        what = f"Drop of {score} where taken away: {entry['label']}"[:LONGEST_TEXT]
        values = np.ascontiguousarray(drop, np.float32)
        low, high = min(0.0, float(values.min())), float(values.max())
        width = max(high - low, 1e-6)
        parametric_map = ParametricMap(
            self._images,
            values,
            **self._common("map", f"XAICLIP drop of the score: {entry['label']}"),
            contains_recognizable_visual_features=False,
            real_world_value_mappings=[
                RealWorldValueMapping(
                    lut_label="DROP",
                    lut_explanation=what,
                    unit=codes.UCUM.NoUnits,
                    value_range=(min(-1.0, low), max(1.0, high)),
                    slope=1.0,
                    intercept=0.0,
                    quantity_definition=codes.DCM.ClassActivation,
                )
            ],
            voi_lut_transformations=[
                VOILUTTransformation(low + width / 2, width, voi_lut_function="LINEAR_EXACT"),
            ],
            content_label="SCORE_DROP",
            content_description=what,
        )
        parametric_map.DerivationDescription = self._story()
        self._space(parametric_map)
        parametric_map.SharedFunctionalGroupsSequence[0].FrameAnatomySequence = frame_anatomy(entry)
        _stack(parametric_map)
        return parametric_map

    def prediction(self, entries: Sequence[Mapping], masks: np.ndarray) -> Segmentation:
        """The model's masks as a segmentation.

        Parameters
        ----------
        entries : sequence of mapping
            K structures of ``report["structures"]``.
        masks : ndarray of bool, shape (planes, rows, columns, K)

        Returns
        -------
        Segmentation
        """
        model = self._report["model"]
        parameters = {"family": model.get("family"), "sha256": model.get("sha256"), "precision": model.get("precision")}
        algorithm = self._algorithm(_bare(model["name"]), parameters)
        described = [
            segment_description(number, entry["label"], *codes_of(entry), entry["colour"], algorithm)
            for number, entry in enumerate(entries, start=1)
        ]
        return self._segmentation("prediction", "XAICLIP: prediction of the model", "PREDICTION", described, masks)

    def region(self, entries: Sequence[Mapping], mask: np.ndarray) -> Segmentation:
        """The region of interest as a segmentation; it is a place and not itself the anatomy.

        Parameters
        ----------
        entries : sequence of mapping
            The structures that it was looked for.
        mask : ndarray of bool, shape (planes, rows, columns)

        Returns
        -------
        Segmentation
        """
        from highdicom.sr import CodedConcept
        from pydicom.sr.codedict import codes

        request = self._report["request"]
        source = request["region"]["source"]
        source = source if source in ("clip", "prediction", "full", "segment", "box") else "mask"
        settings = {**request["region"], **request["vlm"], "vlm": request["vlm"].get("model")}
        parameters = {name: settings.get(name) for name in _REGION_PARAMETERS} if source == "clip" else {}
        described = segment_description(
            1,
            "Region: " + ", ".join(entry["label"] for entry in entries),
            CodedConcept.from_code(codes.SCT.SpatialAndRelationalConcept),
            CodedConcept.from_code(codes.DCM.SelectedRegion),
            [as_place(entry) for entry in entries] if len(entries) == 1 else [],  # a segment has one place at most
            (92, 225, 242),
            self._algorithm(f"XAICLIP region: {source}", parameters),
        )
        return self._segmentation("region", "XAICLIP: region of interest", "REGION", [described], mask[..., None])

    def capture(self, entry: Mapping, picture: np.ndarray) -> SCImage:
        """A montage as a picture of no place in space.

        Parameters
        ----------
        entry : mapping
            The structure, one of ``report["structures"]``.
        picture : ndarray of uint8, shape (H, W, 3)
            BGR, as OpenCV reads it.

        Returns
        -------
        SCImage
        """
        from highdicom.content import ReferencedImageSequence
        from highdicom.sc import SCImage

        capture = SCImage.from_ref_dataset(
            self._images[0],
            np.ascontiguousarray(picture[..., ::-1]),
            photometric_interpretation="RGB",
            bits_allocated=8,
            coordinate_system="PATIENT",
            patient_orientation=("L", "P"),
            transfer_syntax_uid="1.2.840.10008.1.2.1",  # Explicit VR Little Endian, as the others
            **self._common("capture", f"XAICLIP montage: {entry['label']}"),
        )
        capture.DerivationDescription = self._story()
        if "Laterality" not in capture:
            capture.Laterality = (
                ""  # neither side, or not known: the attribute has to be there, empty, where it applies
            )
        capture.BurnedInAnnotation = "YES"  # titles, which hold the scan's name
        capture.SourceImageSequence = ReferencedImageSequence(self._images)
        return capture

    def numbers(self, segmentation: Segmentation | None) -> ComprehensiveSR:
        """The numbers of the summary as a Structured Report.

        Parameters
        ----------
        segmentation : Segmentation, optional
            Of the prediction, whose segments the numbers are about.

        Returns
        -------
        ComprehensiveSR
        """
        algorithm = (f"XAICLIP {self._report['request']['method']['name']}", self._report["environment"]["xaiclip"])
        common = self._common("numbers", "XAICLIP: numbers of the explanation")
        return numbers_report(self._images, self._report, segmentation, algorithm, common)

    def document(self, pdf: bytes, sources: list[Dataset]) -> SOPClass:
        """The pages of the run as an Encapsulated PDF.

        Parameters
        ----------
        pdf : bytes
        sources : list of Dataset
            The objects that it tells of.

        Returns
        -------
        SOPClass
        """
        title = "XAICLIP: " + ", ".join(entry["label"] for entry in self._report["structures"])
        common = self._common("document", "XAICLIP: report")
        return encapsulated_pdf(self._images[0], pdf, title, sources, common)

    def _segmentation(
        self, kind: str, description: str, label: str, segments: list[SegmentDescription], masks: np.ndarray
    ) -> Segmentation:
        from highdicom.seg import Segmentation

        segmentation = Segmentation(
            self._images,
            np.ascontiguousarray(masks, np.uint8),
            segmentation_type="BINARY",
            segment_descriptions=segments,
            content_label=label,
            content_description=RESEARCH_USE_ONLY[:LONGEST_TEXT],
            **self._common(kind, description),
        )
        self._space(segmentation)
        return segmentation

    def _common(self, kind: str, description: str) -> dict[str, Any]:
        """What every object says about its series and its objects."""
        from highdicom import UID

        self._made[kind] += 1
        uid, number = self._series[kind]
        return {
            "series_instance_uid": uid,
            "series_number": number,
            "sop_instance_uid": UID(),
            "instance_number": self._made[kind],
            "manufacturer": MANUFACTURER,
            "manufacturer_model_name": f"XAICLIP {self._report['request']['method']['name']}"[:LONGEST_TEXT],
            "software_versions": self._report["environment"]["xaiclip"],
            "device_serial_number": "none",  # it is a program; DICOM wants something here
            "series_description": description[:LONGEST_TEXT],
            "specific_character_set": "ISO_IR 192",  # labels are in any language
        }

    def _space(self, thing: Dataset) -> None:
        """Say how far apart the planes are: not every source does, and slices may be thicker or thinner than that."""
        from pydicom.valuerep import DSfloat

        thing.ContentCreatorName = ""  # nobody's; readers want the attribute
        spacing = DSfloat(self._spacing, auto_format=True)  # 16 characters are the most
        for measures in thing.SharedFunctionalGroupsSequence[0].PixelMeasuresSequence:
            measures.SpacingBetweenSlices = spacing
            if not measures.get("SliceThickness"):
                measures.SliceThickness = spacing

    def _algorithm(self, name: str, parameters: Mapping[str, Any]) -> AlgorithmIdentificationSequence:
        from highdicom import AlgorithmIdentificationSequence
        from pydicom.sr.codedict import codes

        return AlgorithmIdentificationSequence(
            name=name[:LONGEST_TEXT],
            family=codes.DCM.ArtificialIntelligence,
            version=f"XAICLIP {self._report['environment']['xaiclip']}"[:LONGEST_TEXT],
            parameters={key: str(value) for key, value in parameters.items() if value is not None} or None,
        )

    def _story(self) -> str:
        """How the numbers came about, in at most 1024 characters."""
        request, model = self._report["request"], self._report["model"]
        method = ", ".join(f"{key} {value}" for key, value in request["method"].items())
        hashed = f", SHA-256 {model['sha256']}" if model.get("sha256") else ""
        return (
            f"{RESEARCH_USE_ONLY} Perturbation in a region ({_bare(request['region']['source'])}): {method}, score "
            f"{request['score']}, seed {request['seed']}. Model: {_bare(model['name'])}{hashed}. Where nothing was "
            "evaluated the value is 0; the segmentation of the region says where that is."
        )[:1024]


def _first_number(number) -> int:
    """The number that those of the results follow, in the range of IS, from the series' own.

    A hundred times the series' own, so that they stand beside each other in a list and none is given twice; where that
    leaves the range, numbers of the results' own.
    """
    source_number = int(number or 0)
    return source_number * 100 if 0 <= source_number <= (2**31 - 100) // 100 else 9900


def _stack(parametric_map: ParametricMap) -> None:
    """Put the frames in the order of their height along the images' normal.

    highdicom stores the highest first. dcmqi, with which 3D Slicer reads Parametric Maps, takes the frames as they are
    stored for those of a volume that begins at the lowest, and would turn the map over.
    """
    frames = list(parametric_map.PerFrameFunctionalGroupsSequence)
    shared = parametric_map.SharedFunctionalGroupsSequence[0]
    across, down = np.array(shared.PlaneOrientationSequence[0].ImageOrientationPatient, float).reshape(2, 3)
    places = np.array([frame.PlanePositionSequence[0].ImagePositionPatient for frame in frames], float)
    order = np.argsort(places @ np.cross(across, down))
    pixels = np.frombuffer(parametric_map.FloatPixelData, "<f4").reshape(len(frames), -1)
    parametric_map.FloatPixelData = pixels[order].tobytes()
    for number, frame in enumerate((frames[i] for i in order), start=1):
        frame.FrameContentSequence[0].DimensionIndexValues = number
    parametric_map.PerFrameFunctionalGroupsSequence = [frames[i] for i in order]


def _bare(name: str) -> str:
    """A name without the folders in it, which may name a patient or a user."""
    return name.replace("\\", "/").rpartition("/")[2]
