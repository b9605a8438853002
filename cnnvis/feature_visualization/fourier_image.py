"""Images to be painted by gradients: waves instead of pixels, colours of photographs, jitter."""

import math

import torch
from torch import Tensor
from torch.nn import functional

# Columns: the three independent contrasts in the colours of photographs, each times its standard
# deviation: a square root of the covariance of red, green and blue (0 to 1), averaged over four
# photographs of scikit-image (astronaut, chelsea, coffee, rocket). A test computes it again.
COLOURS = ((0.205, 0.091, 0.010), (0.208, -0.019, -0.028), (0.192, -0.076, 0.020))
_TURN, _ZOOM = 5, 0.05  # degrees, and share of the size, by which a canvas is moved at most
_EDGE = 0.02  # a start is kept this far from black and white, where the sigmoid is flat


class Canvas:
    """Images given by the strengths of waves rather than by pixels.

    In photographs the strength of a wave falls as 1 over its frequency, and most of the contrast
    is between light and dark, little between hues. A canvas weighs its waves and colours so. Steps
    along a gradient then bring forth broad shapes and natural colours first, rather than the fine,
    gaudy noise that gradients of single pixels do. Waves, colours and the random moves of `look`
    follow Olah et al. (2017, https://doi.org/10.23915/distill.00007). Three channels are taken as
    red, green and blue; with another number each goes by itself.

    Args:
        start: Float tensor (N, C, H, W), 0 to 1: the images to begin with.
        jitter: Most pixels by which `look` moves the images. As many are painted around them.

    Attributes:
        waves: float32 (N, C, rows, columns, 2): what is to be changed; a leaf with gradients.
    """

    def __init__(self, start: Tensor, jitter: float = 0):
        self.size = tuple(start.shape[2:])
        self.jitter = jitter
        self._margin = math.ceil(jitter)
        logits = start.float().clamp(_EDGE, 1 - _EDGE).logit()
        logits = functional.pad(logits, (self._margin,) * 4, mode="replicate")
        self._shape = tuple(logits.shape[2:])
        self._weight = _wave_weights(*self._shape).to(logits)
        mix = torch.tensor(COLOURS) if start.shape[1] == 3 else torch.eye(start.shape[1])
        mix = mix / mix.norm(dim=0).max()
        self._mix = mix.to(logits)
        plain = torch.einsum("dc,nchw->ndhw", mix.inverse().to(logits), logits)
        waves = torch.view_as_real(torch.fft.rfft2(plain, norm="ortho"))
        self.waves = (waves / self._weight).requires_grad_()

    def paint(self) -> Tensor:
        """The images with their margins, float32 (N, C, H + 2 margins, W + 2 margins)."""
        waves = torch.view_as_complex(self.waves * self._weight)
        plain = torch.fft.irfft2(waves, s=self._shape, norm="ortho")
        return torch.einsum("cd,ndhw->nchw", self._mix, plain).sigmoid()

    def look(self, random: torch.Generator) -> Tensor:
        """The images, shifted, turned and zoomed a little at random, all by the same.

        Without jitter they stay as they are.

        Args:
            random: A generator on the CPU.

        Returns:
            Float32 tensor (N, C, H, W), 0 to 1, through which gradients flow to the waves.
        """
        canvas = self.paint()
        if not self.jitter:
            return canvas
        draws = (2 * torch.rand(4, generator=random, dtype=torch.float64) - 1).tolist()
        down, right = (draw * self.jitter for draw in draws[:2])
        angle, zoom = math.radians(draws[2] * _TURN), (1 + _ZOOM) ** draws[3]
        cos, sin = zoom * math.cos(angle), zoom * math.sin(angle)
        (rows, columns), (height, width) = self._shape, self.size
        place = [  # in half widths and heights of the canvas, as affine_grid counts
            [cos * width / columns, -sin * height / columns, 2 * right / columns],
            [sin * width / rows, cos * height / rows, 2 * down / rows],
        ]
        place = canvas.new_tensor(place).expand(len(canvas), 2, 3)
        grid = functional.affine_grid(place, [*canvas.shape[:2], *self.size], align_corners=False)
        return functional.grid_sample(canvas, grid, padding_mode="reflection", align_corners=False)

    def images(self) -> Tensor:
        """The images alone, float32 (N, C, H, W), 0 to 1, detached."""
        inner = slice(self._margin, -self._margin or None)
        return self.paint().detach()[:, :, inner, inner].clone()


def _wave_weights(height: int, width: int) -> Tensor:
    """1 over the frequency of each wave of `torch.fft.rfft2`, (height, width // 2 + 1, 1).

    The mean of their squares is 1, so that a step counts as much on any size of canvas. The
    constant counts like the longest wave.
    """
    frequency = torch.hypot(torch.fft.fftfreq(height)[:, None], torch.fft.rfftfreq(width))
    weight = 1 / frequency.clamp(min=1 / max(height, width))
    return (weight / weight.square().mean().sqrt())[:, :, None]
