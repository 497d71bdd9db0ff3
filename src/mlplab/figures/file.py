"""Figures to files: the same figure gives the same bytes, today and tomorrow."""

from __future__ import annotations

import base64
import hashlib
import io
import re
from collections.abc import Sequence
from pathlib import Path

from matplotlib.figure import Figure
from PIL import Image

from mlplab.errors import MlplabError, UnwrittenFileError, suggestion
from mlplab.figures.style import style

DOTS_PER_INCH = 200

FORMATS: dict[str, dict[str, None]] = {
    "png": {},
    "svg": {"Date": None},
    "pdf": {"CreationDate": None},
}
"""Formats that `save` writes, and the metadata that it leaves out because it would change each day."""


def save(figure: Figure, stem: str | Path, formats: Sequence[str] = ("png", "svg")) -> list[Path]:
    """Write a figure to `stem` with each format's suffix added, and return the paths.

    Text in SVG becomes paths, so that it looks the same where the font is missing. Region images and
    dense points are pictures inside the SVG; axes, text and lines stay lines.

    Parameters
    ----------
    stem : str or Path
        Where, without a format's suffix; any other dot in the name ("1.3") is kept. Folders are made as
        needed.
    formats : sequence of str
        Keys of `FORMATS`.

    Raises
    ------
    MlplabError
        If a format is unknown, the stem has the suffix of one, or a file cannot be written.
    """
    stem = Path(stem)
    if stem.suffix[1:].lower() in FORMATS:
        raise MlplabError(
            f"save adds the suffix of each format, so that '{stem}' must be '{stem.with_suffix('')}'"
        )
    for name in formats:
        if name not in FORMATS:
            raise MlplabError(f"unknown figure format '{name}'; {suggestion(name, FORMATS)}")
    paths = [stem.with_name(f"{stem.name}.{name}") for name in formats]
    for path, name in zip(paths, formats, strict=True):
        content = rendered(figure, name)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        except OSError as error:
            raise UnwrittenFileError(path, str(error.strerror)) from error
    return paths


def rendered(figure: Figure, name: str) -> bytes:
    """Return a figure in one of the `FORMATS`."""
    buffer = io.BytesIO()
    with style():
        figure.savefig(buffer, format=name, dpi=DOTS_PER_INCH, metadata=FORMATS[name])
    content = buffer.getvalue()
    return _EMBEDDED.sub(_compressed, _with_own_ids(content)) if name == "svg" else content


_CLIP = re.compile(rb'<clipPath id="(\w+)">')
_ID = re.compile(rb'(\bid="|href="#|url\(#)')


def _with_own_ids(svg: bytes) -> bytes:
    """Make ids the same each time, and others than those of any other figure.

    Matplotlib names clips after numbers whose last bits its layout changes each time that it is done;
    here they are counted. Of two figures in one page, an id means the first that has it, so that curves
    would be clipped to the axes of another figure.
    """
    for number, name in enumerate(dict.fromkeys(_CLIP.findall(svg))):
        svg = svg.replace(name, b"clip%d" % number)
    return _ID.sub(rb"\g<1>f%b-" % hashlib.sha256(svg).hexdigest()[:6].encode(), svg)


_EMBEDDED = re.compile(rb"(?<=data:image/png;base64,)[^\"]+")


def _compressed(match: re.Match[bytes]) -> bytes:
    """Return an embedded picture with a palette: a third of the bytes, and no difference that one sees.

    Thousands of smoothed little points hardly compress in true colour. Opaque pictures, the regions,
    have gradients, so their palette is chosen for the largest error, which is about 2 of 255.
    """
    picture: Image.Image = Image.open(io.BytesIO(base64.b64decode(match.group())))
    lowest, _ = picture.getchannel("A").getextrema()
    if lowest == 255:
        picture = picture.convert("RGB")
        method = Image.Quantize.MAXCOVERAGE
    else:
        method = Image.Quantize.FASTOCTREE
    buffer = io.BytesIO()
    few_colours = picture.quantize(256, method, dither=Image.Dither.NONE)
    few_colours.save(buffer, format="png", optimize=True)
    return base64.b64encode(buffer.getvalue())
