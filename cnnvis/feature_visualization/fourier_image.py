"""Images as Fourier coefficients, for gradients to change: colours of photographs, jitter."""

import math

import torch
from torch import Tensor
from torch.nn import functional

# Columns: the three independent contrasts in the colours of photographs, each times its standard
# deviation: a square root of the covariance of red, green and blue (0 to 1), averaged over four
# photographs of scikit-image (astronaut, chelsea, coffee, rocket). A test computes it again.
COLOURS = ((0.205, 0.091, 0.010), (0.208, -0.019, -0.028), (0.192, -0.076, 0.020))
_DEGREES, _ZOOM = 5, 0.05  # the most by which jitter turns an image, and zooms it (a share)
_EDGE = 0.02  # a start is kept this far from black and white, where the sigmoid is flat


class FourierImage:
    """A batch of images given by Fourier coefficients rather than by pixels.

    In photographs the amplitude falls as 1 over the frequency, and most of the contrast is between
    light and dark, little between hues. Coefficients and colours are weighted so. Steps along a
    gradient then bring forth broad shapes and natural colours first, rather than the fine, gaudy
    noise that gradients of single pixels do. Weights, colours and the random moves of `jittered`
    follow Olah et al. (2017, https://doi.org/10.23915/distill.00007). Three channels are taken as
    red, green and blue; with another number each goes by itself.

    Args:
        start: Float tensor (N, C, H, W), 0 to 1: the images to begin with.
        jitter: Most pixels by which `jittered` moves the images. They get a margin of as many.

    Attributes:
        coefficients: float32 (N, C, rows, columns, 2), real and imaginary parts: what is to be
            changed; a leaf with gradients.
    """

    def __init__(self, start: Tensor, jitter: float = 0):
        self.size = tuple(start.shape[2:])
        self.jitter = jitter
        self._margin = math.ceil(jitter)
        logits = start.float().clamp(_EDGE, 1 - _EDGE).logit()
        logits = functional.pad(logits, (self._margin,) * 4, mode="replicate")
        self._shape = tuple(logits.shape[2:])
        self._weight = _amplitudes(*self._shape).to(logits)
        mix = torch.tensor(COLOURS) if start.shape[1] == 3 else torch.eye(start.shape[1])
        mix = mix / mix.norm(dim=0).max()
        self._mix = mix.to(logits)
        contrasts = torch.einsum("dc,nchw->ndhw", mix.inverse().to(logits), logits)
        spectrum = torch.view_as_real(torch.fft.rfft2(contrasts, norm="ortho"))
        self.coefficients = (spectrum / self._weight).requires_grad_()

    def with_margins(self) -> Tensor:
        """The images with their margins, float32 (N, C, H + 2 margins, W + 2 margins)."""
        spectrum = torch.view_as_complex(self.coefficients * self._weight)
        contrasts = torch.fft.irfft2(spectrum, s=self._shape, norm="ortho")
        return torch.einsum("cd,ndhw->nchw", self._mix, contrasts).sigmoid()

    def jittered(self, random: torch.Generator) -> Tensor:
        """The images, shifted, turned and zoomed a little at random, all by the same.

        Without jitter they stay as they are.

        Args:
            random: A generator on the CPU.

        Returns:
            Float32 tensor (N, C, H, W), 0 to 1, through which gradients flow to the coefficients.
        """
        whole = self.with_margins()
        if not self.jitter:
            return whole
        draws = (2 * torch.rand(4, generator=random, dtype=torch.float64) - 1).tolist()
        down, right = (draw * self.jitter for draw in draws[:2])
        angle, zoom = math.radians(draws[2] * _DEGREES), (1 + _ZOOM) ** draws[3]
        cos, sin = zoom * math.cos(angle), zoom * math.sin(angle)
        (rows, columns), (height, width) = self._shape, self.size
        move = [  # in half widths and heights of the image with margins, as affine_grid counts
            [cos * width / columns, -sin * height / columns, 2 * right / columns],
            [sin * width / rows, cos * height / rows, 2 * down / rows],
        ]
        move = whole.new_tensor(move).expand(len(whole), 2, 3)
        grid = functional.affine_grid(move, [*whole.shape[:2], *self.size], align_corners=False)
        return functional.grid_sample(whole, grid, padding_mode="reflection", align_corners=False)

    def images(self) -> Tensor:
        """The images alone, float32 (N, C, H, W), 0 to 1, detached."""
        inner = slice(self._margin, -self._margin or None)
        return self.with_margins().detach()[:, :, inner, inner].clone()


def _amplitudes(height: int, width: int) -> Tensor:
    """1 over each frequency of `torch.fft.rfft2`, (height, width // 2 + 1, 1).

    The mean of their squares is 1, so that a step counts as much on images of any size. The
    constant counts like the lowest frequency.
    """
    frequency = torch.hypot(torch.fft.fftfreq(height)[:, None], torch.fft.rfftfreq(width))
    weight = 1 / frequency.clamp(min=1 / max(height, width))
    return (weight / weight.square().mean().sqrt())[:, :, None]
