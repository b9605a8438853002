"""Image files of any kind become tensors, or an error says why not."""

import io
import logging
import math
import stat
import warnings
from pathlib import Path
from typing import Literal

import numpy as np
import torch
from PIL import Image, ImageOps, JpegImagePlugin
from torch import Tensor

# Decoders of common photographs. Others either need programs of their own or are hardly used.
FORMATS = ("AVIF", "BMP", "GIF", "JPEG", "JPEG2000", "MPO", "PNG", "PPM", "TIFF", "WEBP")

_DEEP = ("I", "F")  # and those that begin with "I;16": more than 8 bits in a pixel


def read_image(
    path: str | Path,
    size: int | tuple[int, int] | None = None,
    mode: Literal["RGB", "L"] = "RGB",
) -> Tensor:
    """Read an image as a network takes it: a batch of one, upright, from 0 to 1.

    Photos are turned as their EXIF data say. Transparent parts lie on white. Colours with a
    profile (CMYK among them) are brought to sRGB. Of an animation the first frame is read. Greys
    of 16 bits keep all their levels, colours of 16 bits come down to 8; greys of 32 bits or of
    floats have no agreed white, so they are stretched from their lowest to their highest value,
    unless floats lie within 0 and 1. A JPEG with up to four times the pixels that
    ``PIL.Image.MAX_IMAGE_PIXELS`` allows is read at half its width and height, with a warning (the
    logger ``cnnvis``), unless it is progressive; what is larger is refused.

    Args:
        path: An image in a file: AVIF, BMP, GIF, JPEG, JPEG 2000, PNG, PPM, TIFF or WebP.
        size: The size to return, (height, width), or one number for a square: the image is
            scaled until it just covers this, and what juts out on two sides is cut off. ``None``
            keeps the size that the image has.
        mode: ``"RGB"`` for three channels, ``"L"`` for one, grey.

    Returns:
        Tensor: float32 (1, 3, H, W), or (1, 1, H, W) with ``mode="L"``, values 0 to 1.

    Raises:
        TypeError: If an argument is of another type.
        FileNotFoundError: If there is no such file.
        ValueError: If ``size`` or ``mode`` doesn't fit, or the file is no image, damaged, of a
            kind that can't be read, or too large.

    Example:
        >>> read_image("photo.jpg", size=224).shape
        torch.Size([1, 3, 224, 224])
    """
    if not isinstance(mode, str):
        raise TypeError(f'mode must be "RGB" or "L"; got {type(mode).__name__} {mode!r}.')
    if mode not in ("RGB", "L"):
        raise ValueError(f'mode must be "RGB" or "L"; got {mode!r}.')
    size = _checked_size(size)
    image = _flat(open_image(path), Path(path))
    if size:
        # A thin strip is cut before it is scaled, so that it never grows out of memory.
        image = ImageOps.fit(image, size[::-1], Image.Resampling.BILINEAR)
    if image.mode == "F":
        values = torch.from_numpy(np.array(image, dtype=np.float32)).clamp(0, 1)
        return values.expand(1, 3 if mode == "RGB" else 1, -1, -1).contiguous()
    values = torch.from_numpy(np.array(image.convert(mode)))
    values = values[None] if mode == "L" else values.permute(2, 0, 1)
    return values[None].contiguous().float().div_(255)


def open_image(path: str | Path) -> Image.Image:
    """An image decoded whole, of any mode, turned upright.

    Raises:
        TypeError: As `read_image`.
        FileNotFoundError: As `read_image`.
        ValueError: As `read_image`.
    """
    if not isinstance(path, str | Path):
        raise TypeError(f"path must be a str or a Path; got {type(path).__name__}.")
    path = Path(path)
    if problem := _no_plain_file(path):
        kind = ValueError if path.exists() else FileNotFoundError
        raise kind(f"an image must be a file; {path} {problem}.")
    try:
        image = decode(path, FORMATS)
        with warnings.catch_warnings(action="ignore"):
            upright = _upright(image)
    except ValueError as error:
        raise ValueError(
            f"an image must be a whole image file; {path}: {error}{_hint(path)}."
        ) from error
    upright.format = image.format
    return upright


def decode(path: Path, formats: tuple[str, ...], *, reduce: bool = True) -> Image.Image:
    """Decode an image, trusting nothing that it says about itself.

    Args:
        path: A file.
        formats: Names of Pillow's decoders that may be used.
        reduce: Whether a JPEG with too many pixels may be read at a part of its size.

    Returns:
        Image.Image: The first frame, decoded, as it is stored.

    Raises:
        ValueError: If it can't be decoded; the message is a few words without the path.
    """
    Image.init()
    known = [name for name in formats if name in Image.OPEN]  # older Pillows lack some
    try:
        with warnings.catch_warnings(action="ignore"):
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            try:
                image = Image.open(path, formats=known)
            except (Image.DecompressionBombWarning, Image.DecompressionBombError):
                image = _reduced(path) if reduce else None
                if image is None:
                    raise
            with image:
                image.load()
                return image
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise ValueError(f"more than {Image.MAX_IMAGE_PIXELS:,} pixels") from None
    except Image.UnidentifiedImageError:
        raise ValueError("not an image inside") from None
    except MemoryError:
        raise ValueError("larger than the memory") from None
    except Exception as error:  # every decoder fails in its own ways
        raise ValueError(f"can't be decoded ({error})") from error


def _no_plain_file(path: Path) -> str | None:
    """What a path names if it isn't a plain file; reading a pipe could wait for ever."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return f"isn't there (seen from {Path.cwd()})"
    except (OSError, ValueError) as error:
        return f"can't be reached ({getattr(error, 'strerror', error)})"
    if stat.S_ISREG(mode):
        return None
    return "is a folder" if stat.S_ISDIR(mode) else "is a pipe, a device or the like"


def _hint(path: Path) -> str:
    """A way out for kinds of files that are often taken for images that can be read."""
    with path.open("rb") as file:
        start = file.read(512)
    if start[4:8] == b"ftyp" and start[8:12] in (b"heic", b"heix", b"mif1", b"msf1", b"hevc"):
        return ". It is in the HEIC format of phones: export it as JPEG"
    if start.startswith(b"%PDF") or b"<svg" in start:
        return ". It is a PDF or an SVG, drawn and not photographed: export it as PNG"
    if not start:
        return ". It is empty"
    return ""


def _checked_size(size: int | tuple[int, int] | None) -> tuple[int, int] | None:
    if size is None:
        return None
    pair = (size, size) if isinstance(size, int) else size
    whole = isinstance(pair, tuple | list) and all(type(side) is int for side in pair)
    if not whole or len(pair) != 2:
        raise TypeError(
            f"size must be a whole number, a pair (height, width), or None; got {size!r}."
        )
    most = Image.MAX_IMAGE_PIXELS or math.inf
    if min(pair) < 1 or pair[0] * pair[1] > most:
        raise ValueError(
            f"size must be 1 or more in each direction and {most:,} pixels at most; got {size}."
        )
    return tuple(pair)


def _reduced(path: Path) -> Image.Image | None:
    """A JPEG that has too many pixels, to be decoded at half its size; nothing if that's no way.

    A progressive one is held whole by its decoder, whatever comes out, so it is left alone.
    """
    with path.open("rb") as file:
        if file.read(2) != b"\xff\xd8":
            return None
    image = JpegImagePlugin.JpegImageFile(path)
    width, height = image.size
    image.draft(None, (width // 2, height // 2))
    if math.prod(image.size) > Image.MAX_IMAGE_PIXELS or "progressive" in image.info:
        image.close()
        return None
    said = "%s has %d×%d pixels; it was read as %d×%d."
    logging.getLogger("cnnvis").warning(said, path, width, height, *image.size)
    return image


def _upright(image: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(image)
    except Exception:  # EXIF data are often damaged, and the image is fine all the same
        return image


def _flat(image: Image.Image, path: Path) -> Image.Image:
    """The image without transparency, as RGB, L or floats from 0 to 1."""
    if image.mode in _DEEP or image.mode.startswith("I;16"):
        return _deep(image, path)
    profile = image.info.get("icc_profile")
    if image.has_transparency_data:
        grey = image.mode in ("L", "LA", "La", "1")
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, image).convert("L" if grey else "RGB")
    elif image.mode not in ("RGB", "L", "CMYK", "LAB"):
        image = image.convert("L" if image.mode == "1" else "RGB")
    return _to_srgb(image, profile)


def _deep(image: Image.Image, path: Path) -> Image.Image:
    values = np.array(image, dtype=np.float32)
    top = 65535.0 if image.mode.startswith("I;16") or image.format in ("PNG", "PPM") else None
    finite = values[np.isfinite(values)]
    if not finite.size:
        raise ValueError(f"an image must hold finite values; {path} holds none.")
    low, high = float(finite.min()), float(finite.max())
    if top is None and not (image.mode == "F" and low >= 0 and high <= 1):
        values, top = values - low, (high - low) or 1.0
        logging.getLogger("cnnvis").warning(
            "%s has no agreed white; it was stretched from %g to %g.", path, low, high
        )
    values = np.nan_to_num(values / (top or 1.0), nan=0.0, posinf=1.0, neginf=0.0)
    return Image.fromarray(values.astype(np.float32))


def _to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Colours by their profile; without one, or with one that doesn't fit, by the usual rules."""
    try:
        from PIL import ImageCms  # some builds of Pillow lack it

        if image.mode == "LAB":
            source = ImageCms.createProfile("LAB")
        elif profile:
            source = ImageCms.getOpenProfile(io.BytesIO(profile))
        else:
            return image.convert("RGB") if image.mode == "CMYK" else image
        title = ImageCms.getProfileDescription(source).casefold() if profile else ""
        if "srgb" in title and "linear" not in title:  # "linear sRGB" is another one
            return image
        target = ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(image, source, target, outputMode="RGB")
    except Exception:  # profiles are often damaged or of another kind than the image
        return image.convert("RGB") if image.mode != "LAB" else image.getchannel(0)
