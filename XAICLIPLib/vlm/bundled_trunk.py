"""The image trunk of the bundled CLIP, registered with timm as ``xaiclip_fpn_s4``.

open_clip builds its image tower by name (``timm_model_name`` in the model's config), so this module has to be imported
before ``open_clip.create_model_and_transforms("local-dir:...")`` is called on the bundled folder. A 160 x 160 image
gives 40 x 40 tokens: a grid coarse as a plain ViT's (20 x 20) could not outline a kidney better than IoU 0.8.
"""

from __future__ import annotations

from typing import Any

from timm.models import register_model
from torch import Tensor, nn
from torch.nn import functional


def _conv(in_channels: int, out_channels: int, kernel: int = 3, stride: int = 1) -> nn.Sequential:
    """Convolution, batch normalisation, GELU."""
    return nn.Sequential(
        nn.Conv2d(in_channels, out_channels, kernel, stride, kernel // 2, bias=False),
        nn.BatchNorm2d(out_channels),
        nn.GELU(),
    )


class _Residual(nn.Module):
    """Two 3x3 convolutions around a shortcut; the first one may halve the resolution."""

    def __init__(self, in_channels: int, out_channels: int, stride: int) -> None:
        super().__init__()
        self.first = _conv(in_channels, out_channels, 3, stride)
        self.second = nn.Sequential(
            nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False), nn.BatchNorm2d(out_channels)
        )
        self.shortcut: nn.Module = nn.Identity()
        if stride != 1 or in_channels != out_channels:
            self.shortcut = nn.Sequential(
                nn.Conv2d(in_channels, out_channels, 1, stride, bias=False), nn.BatchNorm2d(out_channels)
            )

    def forward(self, x: Tensor) -> Tensor:
        return functional.gelu(self.second(self.first(x)) + self.shortcut(x))


class FeaturePyramidTrunk(nn.Module):
    """A small residual network with a feature pyramid down to stride 4 (Lin et al., CVPR 2017).

    It offers the part of timm's model interface that open_clip's ``TimmModel`` relies on.

    Parameters
    ----------
    widths : tuple of int
        Channels of the stem (stride 2) and of the four stages (strides 4, 8, 16, 32).
    depths : tuple of int
        Residual blocks of each stage.
    pyramid : int
        Channels of the pyramid and of the tokens.
    in_chans, num_classes, global_pool
        As in timm. Only average pooling and no classifier are supported.
    """

    def __init__(
        self,
        widths: tuple[int, ...] = (24, 48, 96, 128, 160),
        depths: tuple[int, ...] = (1, 1, 2, 1),
        pyramid: int = 128,
        in_chans: int = 3,
        num_classes: int = 0,
        global_pool: str = "avg",
    ) -> None:
        super().__init__()
        self.default_cfg: dict[str, Any] = {"input_size": (in_chans, 160, 160), "pool_size": (40, 40)}
        self.num_features = pyramid
        self.feature_info = [{"num_chs": pyramid, "reduction": 4, "module": "smooth"}]
        self.stem = _conv(in_chans, widths[0], 3, 2)
        self.stages = nn.ModuleList(
            nn.Sequential(_Residual(i, o, 2), *(_Residual(o, o, 1) for _ in range(depth - 1)))
            for i, o, depth in zip(widths, widths[1:], depths)
        )
        self.lateral = nn.ModuleList(nn.Conv2d(width, pyramid, 1) for width in widths[1:])
        self.smooth = _conv(pyramid, pyramid)
        self.reset_classifier(num_classes, global_pool)

    def reset_classifier(self, num_classes: int = 0, global_pool: str | None = None) -> None:
        """timm's hook; the projection belongs to open_clip's adapter, hence no classifier here.

        Parameters
        ----------
        num_classes : int
            Must be 0.
        global_pool : str, optional
            "avg", or None and "" for feature maps without pooling in `forward_head`; None means "avg".

        Raises
        ------
        ValueError
            If a classifier or another pooling is asked for.
        """
        if num_classes:
            raise ValueError(f"xaiclip_fpn_s4 has no classifier; num_classes must be 0, not {num_classes}")
        if global_pool not in (None, "", "avg"):
            raise ValueError(f"xaiclip_fpn_s4 pools by 'avg' or not at all, not by {global_pool!r}")
        self.global_pool = "avg" if global_pool is None else global_pool

    def forward_features(self, image: Tensor) -> Tensor:
        """The feature map of stride 4.

        Parameters
        ----------
        image : Tensor, shape (B, 3, H, W)

        Returns
        -------
        Tensor, shape (B, C, H / 4, W / 4)
        """
        x = self.stem(image)
        levels = []
        for stage in self.stages:
            x = stage(x)
            levels.append(x)
        top = self.lateral[-1](levels[-1])
        for lateral, level in zip(reversed(self.lateral[:-1]), reversed(levels[:-1])):
            # The size is asked of the level below, so that sides not divisible by 32 work as well.
            top = lateral(level) + functional.interpolate(top, size=level.shape[-2:], mode="nearest")
        return self.smooth(top)

    def forward_head(self, features: Tensor, pre_logits: bool = False) -> Tensor:
        """Average pooling over the tokens, if the trunk pools.

        Parameters
        ----------
        features : Tensor, shape (B, C, h, w)
        pre_logits : bool
            Without effect; timm's trunks have it.

        Returns
        -------
        Tensor, shape (B, C)
            The features themselves where the trunk does not pool.
        """
        return features.mean(dim=(-2, -1)) if self.global_pool == "avg" else features

    def forward(self, image: Tensor) -> Tensor:
        """The features of images, pooled if the trunk pools.

        Parameters
        ----------
        image : Tensor, shape (B, 3, H, W)

        Returns
        -------
        Tensor, shape (B, C)
        """
        return self.forward_head(self.forward_features(image))


@register_model
def xaiclip_fpn_s4(pretrained: bool = False, **kwargs: Any) -> FeaturePyramidTrunk:
    """Entry point for ``timm.create_model("xaiclip_fpn_s4")``; there are no pretrained weights to fetch.

    Parameters
    ----------
    pretrained : bool
        Without effect.
    **kwargs
        Parameters of `FeaturePyramidTrunk`; what timm adds of its own is left out.

    Returns
    -------
    FeaturePyramidTrunk
    """
    for name in ("pretrained_cfg", "pretrained_cfg_overlay", "cache_dir"):
        kwargs.pop(name, None)
    return FeaturePyramidTrunk(**kwargs)
