"""Static pictures: rows of small images with captions, weights in colour, and confusion matrices as tables."""

import base64
from collections.abc import Sequence
from html import escape
from io import BytesIO
from typing import Any

import torch
from jaxtyping import Float, Int, UInt8
from PIL import Image
from torch import Tensor

# Below zero and above it, on black: the house's blue and orange as they are on a dark page.
BELOW, ABOVE = (86, 180, 233), (240, 148, 77)


def gallery(images: UInt8[Tensor, "count ..."], captions: Sequence[str] = (), *, side: int = 57) -> Any:
    """Shows images side by side, each `side` pixels wide, with its caption below.

    `images` are `[count, 1, height, width]` or `[count, height, width]` in grey, or `[count, height, width, 3]` in
    colour.
    """
    import marimo

    pictures = images.squeeze(1) if images.ndim == 4 and images.shape[1] == 1 else images
    words = [*captions, *[""] * (len(pictures) - len(captions))]
    letters = max(len(line) for word in words for line in word.split("\n"))
    width = max(side, 7 * letters + 6)
    figures = "".join(_figure(image, caption, side, width) for image, caption in zip(pictures, words))
    return marimo.Html(f'<div style="display:flex;flex-wrap:wrap;gap:0.6rem 0.5rem;margin:0.6rem 0">{figures}</div>')


def _figure(image: Tensor, caption: str, side: int, width: int) -> str:
    buffer = BytesIO()
    Image.fromarray(image.numpy()).save(buffer, "PNG")
    source = base64.b64encode(buffer.getvalue()).decode()
    style = "font:13px/1.35 system-ui,sans-serif;text-align:center;white-space:pre-line;margin-top:0.2rem"
    below = f'<figcaption style="{style}">{escape(caption)}</figcaption>' if caption else ""
    return (
        f'<figure style="margin:0;width:{width}px"><img alt="{escape(caption)}" '
        f'src="data:image/png;base64,{source}" width="{side}" height="{side}" '
        f'style="image-rendering:pixelated;border-radius:4px;display:block;margin:0 auto">{below}</figure>'
    )


def signed(values: Float[Tensor, "... height width"]) -> UInt8[Tensor, "... height width 3"]:
    """Colours numbers: black for zero, blue below and orange above, brightest at the largest absolute value."""
    share = (values / values.abs().max().clamp(min=1e-12)).unsqueeze(-1)
    colours = share.clamp(min=0) * torch.tensor(ABOVE) - share.clamp(max=0) * torch.tensor(BELOW)
    return colours.round().to(torch.uint8)


def confusion_table(counts: Int[Tensor, "classes classes"], classes: Sequence[str]) -> Any:
    """Shows a confusion matrix, true classes as rows and predictions as columns: darker for more; mistakes orange."""
    import marimo

    cell = (
        "border:1px solid color-mix(in srgb,currentColor 18%,transparent);padding:0.2rem;text-align:center;width:2.3rem"
    )
    heads = "".join(f'<th scope="col" style="{cell}">{escape(name)}</th>' for name in classes)
    rows = ""
    for at, (name, row) in enumerate(zip(classes, counts.tolist())):
        rows += f'<tr><th scope="row" style="{cell}">{escape(name)}</th>'
        for column, count in enumerate(row):
            colour, scale = ("#0072b2", 55) if at == column else ("#d55e00", 300)
            share = min(75, round(scale * count / max(1, sum(row))))
            rows += f'<td style="{cell};background:color-mix(in srgb,{colour} {share}%,transparent)">{count or ""}</td>'
        rows += "</tr>"
    return marimo.Html(
        '<div style="overflow-x:auto"><table style="border-collapse:collapse;width:auto;font:14px system-ui,sans-serif;'
        'font-variant-numeric:tabular-nums"><caption style="caption-side:bottom;padding-top:0.3rem;text-align:left">'
        "Row: what it is. Column: what it was taken for.</caption>"
        f'<tr><td style="{cell}"></td>{heads}</tr>{rows}</table></div>'
    )
