"""What every image tower can do for a dense map: embed an image, and say what else it has to offer.

Patches get into the space of the text embeddings by one rule for all towers: a place is projected as if it were alone
in the image. Pooling, be it a class token, an average or a learned query, of one place is that place; what follows is
the tower's own normalisation and projection. For a linear head the mean of the places is then the image embedding.
"""

from __future__ import annotations

from torch import Tensor, nn


class Tower:
    """An image tower of which nothing is known but that it embeds images of one size.

    Attributes
    ----------
    visual : nn.Module
        ``model.visual`` of an open_clip model; never changed.
    size : int
        Edge of the images it was made for, in pixels.
    patch : int
        Other edges are multiples of this.
    resizable : bool
        Whether there are other edges.
    strategies : tuple of str
        What `vlm.dense` can do with it, the default first.
    lacks : str
        Why it is not all of them.
    """

    strategies: tuple[str, ...] = ("window",)
    lacks = "it has no patch tokens to compare with a text"
    resizable = False

    def __init__(self, visual: nn.Module) -> None:
        size = visual.image_size
        self.visual = visual
        self.size = self.patch = int(size if isinstance(size, int) else size[0])

    def image(self, pixels: Tensor) -> Tensor:
        """The tower's own embedding of images.

        Parameters
        ----------
        pixels : Tensor, shape (B, 3, size, size)
            Normalised as the model wants it.

        Returns
        -------
        Tensor, shape (B, E)
            Not normalised.
        """
        output = self.visual(pixels)
        return output[0] if isinstance(output, tuple) else output


class Grid(Tower):
    """A tower with a vector at every place of a grid."""

    def places(self, pixels: Tensor) -> Tensor:
        """The last layer's vectors, each projected as if it were alone, without class and register tokens.

        Parameters
        ----------
        pixels : Tensor, shape (B, 3, H, W)
            Normalised as the model wants it.

        Returns
        -------
        Tensor, shape (B, N, E)
            Not normalised.

        Raises
        ------
        NotImplementedError
            In this base class.
        """
        raise NotImplementedError

    def shape(self, pixels: Tensor) -> tuple[int, int]:
        """The grid of images.

        Parameters
        ----------
        pixels : Tensor, shape (B, 3, H, W)

        Returns
        -------
        tuple of 2 ints
            (h, w).
        """
        return pixels.shape[-2] // self.patch, pixels.shape[-1] // self.patch

    def as_map(self, vectors: Tensor, pixels: Tensor) -> Tensor:
        """Vectors of images as a normalised map.

        Parameters
        ----------
        vectors : Tensor, shape (B, h·w, E)
        pixels : Tensor, shape (B, 3, H, W)
            The images that they are of.

        Returns
        -------
        Tensor, shape (B, h, w, E)
            Of length 1.
        """
        return nn.functional.normalize(vectors, dim=-1).unflatten(1, self.shape(pixels))


def pooled_alone(vectors: Tensor, pool) -> Tensor:
    """Vectors pooled as if each were alone in its image.

    Parameters
    ----------
    vectors : Tensor, shape (B, N, C)
    pool : callable
        From (M, C) to (M, E).

    Returns
    -------
    Tensor, shape (B, N, E)
    """
    return pool(vectors.flatten(0, 1)).unflatten(0, vectors.shape[:2])


def patch(tower: Grid, pixels: Tensor) -> Tensor:
    """Strategy `patch`: the last layer's vectors as they are.

    The plainest reading of a CLIP, and right for a tower that was trained for it. In a vision transformer trained on
    whole images the last layers mix the places, and foreground and background are often swapped.

    Parameters
    ----------
    tower : Grid
    pixels : Tensor, shape (B, 3, H, W)
        Normalised as the model wants it.

    Returns
    -------
    Tensor, shape (B, h, w, E)
        Normalised.
    """
    return tower.as_map(tower.places(pixels), pixels)
