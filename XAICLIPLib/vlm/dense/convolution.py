"""Image towers that end in a feature map: convolutional networks, pyramids, and CLIP's own ResNets."""

from __future__ import annotations

from torch import Tensor, nn

from XAICLIPLib.vlm.dense.tower import Grid, pooled_alone


class FeatureMap(Grid):
    """A timm network that gives a feature map and pools it: ConvNeXt, the bundled pyramid, Swin.

    The default is what measured best for the bundled tower (``Testing/benchmarks/dense_strategies.py``). M2IB's
    bottleneck could be put between such a map and its pooling as well; on the bundled tower it found nothing
    (IoU 0.00), so it is not offered.
    """

    strategies = ("patch", "window")
    lacks = "it is convolutional and has no transformer blocks"

    def __init__(self, visual: nn.Module) -> None:
        super().__init__(visual)
        self.trunk = visual.trunk
        self._channels_last = getattr(self.trunk, "output_fmt", "NCHW") == "NHWC"
        # windowed attention (Swin) is built for one size
        self.resizable = not hasattr(self.trunk, "set_input_size")
        self.patch = int(self.trunk.feature_info[-1]["reduction"])

    def places(self, pixels: Tensor) -> Tensor:
        features = self.trunk.forward_features(pixels)
        vectors = features.flatten(1, 2) if self._channels_last else features.flatten(2).transpose(1, 2)
        single = (1, 1, -1) if self._channels_last else (-1, 1, 1)
        return pooled_alone(vectors, lambda v: self.visual.head(self.trunk.forward_head(v.unflatten(1, single))))


class ModifiedResNet(Grid):
    """CLIP's own ResNet, whose feature map is pooled by attention: MaskCLIP in its first form."""

    strategies = ("maskclip", "window")
    lacks = "it is convolutional and pools by attention: no patch tokens in the text's space, no transformer blocks"
    resizable = True

    def __init__(self, visual: nn.Module) -> None:
        super().__init__(visual)
        self.patch = 32  # five halvings

    @staticmethod
    def fits(visual: nn.Module) -> bool:
        """Whether an image tower is one.

        Parameters
        ----------
        visual : nn.Module

        Returns
        -------
        bool
        """
        return all(hasattr(visual, name) for name in ("stem", "layer4", "attnpool"))

    def values(self, pixels: Tensor) -> Tensor:
        """The attention pool's value and output projections at every place.

        Parameters
        ----------
        pixels : Tensor, shape (B, 3, H, W)

        Returns
        -------
        Tensor, shape (B, N, E)
            N = H / 32 · W / 32 places.
        """
        visual, pool = self.visual, self.visual.attnpool
        features = visual.stem(pixels)
        for layer in (visual.layer1, visual.layer2, visual.layer3, visual.layer4):
            features = layer(features)
        return pool.c_proj(pool.v_proj(features.flatten(2).transpose(1, 2)))
