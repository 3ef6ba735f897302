"""What a method can be set to, and the settings that stand behind each quality."""

from XAICLIPSlicer.panel.choices import Estimator, MethodChoice, Quality

# Method -> the settings that belong to it.
SETTINGS: dict[MethodChoice, tuple[str, ...]] = {
    MethodChoice.OCCLUSION: ("patch", "stride"),
    MethodChoice.HIERARCHICAL: ("patch", "stride"),
    MethodChoice.RISE: ("masks", "grid", "keep", "estimator", "tolerance"),
    MethodChoice.LIME: ("samples", "tolerance"),
    MethodChoice.KERNELSHAP: ("samples", "tolerance"),
    MethodChoice.HSIC: ("samples", "grid", "tolerance"),
}

# Method and quality -> the settings that stand behind it.
QUALITIES: dict[MethodChoice, dict[Quality, dict[str, object]]] = {
    MethodChoice.OCCLUSION: {
        Quality.PREVIEW: {"patch": 128.0, "stride": 64.0},
        Quality.BALANCED: {"patch": 96.0, "stride": 48.0},
        Quality.PAPER: {"patch": 64.0, "stride": 32.0},
    },
    # its fine step is the point of it; the paper has no such method
    MethodChoice.HIERARCHICAL: {
        Quality.PREVIEW: {"patch": 128.0, "stride": 16.0},
        Quality.BALANCED: {"patch": 96.0, "stride": 12.0},
        Quality.PAPER: {"patch": 64.0, "stride": 8.0},
    },
    MethodChoice.RISE: {
        Quality.PREVIEW: {"masks": 64, "grid": 7, "keep": 0.5, "estimator": Estimator.RIDGE},
        Quality.BALANCED: {"masks": 256, "grid": 7, "keep": 0.5, "estimator": Estimator.RIDGE},
        Quality.PAPER: {"masks": 2000, "grid": 7, "keep": 0.5, "estimator": Estimator.RAW},
    },
    MethodChoice.LIME: {
        Quality.PREVIEW: {"samples": 100},
        Quality.BALANCED: {"samples": 200},
        Quality.PAPER: {"samples": 300},
    },
    MethodChoice.KERNELSHAP: {
        Quality.PREVIEW: {"samples": 100},
        Quality.BALANCED: {"samples": 300},
        Quality.PAPER: {"samples": 1000},
    },
    MethodChoice.HSIC: {
        Quality.PREVIEW: {"samples": 100, "grid": 6},
        Quality.BALANCED: {"samples": 250, "grid": 8},
        Quality.PAPER: {"samples": 500, "grid": 8},
    },
}
