"""A photo of a paper wall for the demo, drawn: cards in columns on brown paper, pinned by hand."""

import random
import textwrap
from collections.abc import Mapping, Sequence

from django.contrib.staticfiles import finders
from PIL import Image, ImageDraw, ImageFilter, ImageFont

PAPER, EDGE, INK, SHADOW, PIN = "#b08c5f", "#8f6f49", "#2b2b33", (40, 28, 14, 110), "#b3261e"
HEADING, COLOURS = "#fbf7ee", ("#f6e38a", "#cfe3a4", "#b9d7e6", "#f0bfb0")
WIDTH, MARGIN, GAP, CARD, LINE = 1900, 50, 16, 110, 19
FONT = "fonts/SourceSansPro-Semibold.ttf"


def paper_wall(columns: Mapping[str, Sequence[str]]) -> Image.Image:
    """The same picture from the same cards."""
    chance = random.Random(2017)  # noqa: S311 -- how crooked a card hangs
    highest = 1 + max(len(texts) for texts in columns.values())
    wall = brown_paper((WIDTH, 2 * MARGIN + highest * (CARD + GAP)))
    step = (WIDTH - 2 * MARGIN) / len(columns)
    for number, (title, texts) in enumerate(columns.items()):
        for row, text in enumerate([title, *texts]):
            colour = COLOURS[number % len(COLOURS)] if row else HEADING
            card = crooked(card_of(text, int(step) - GAP, colour), chance)
            at = (
                int(MARGIN + number * step) + chance.randint(-3, 3),
                MARGIN + row * (CARD + GAP) + chance.randint(-4, 4),
            )
            pin_up(wall, card, at)
    return wall


def brown_paper(size: tuple[int, int]) -> Image.Image:
    """With its grain, two folds and a darker rim."""
    grain = Image.effect_noise(size, 22).filter(ImageFilter.GaussianBlur(1))
    paper = Image.blend(Image.new("RGB", size, PAPER), Image.merge("RGB", [grain] * 3), 0.09)
    draw = ImageDraw.Draw(paper)
    for fold in (size[0] // 3, 2 * size[0] // 3):
        draw.line([(fold, 0), (fold, size[1])], fill=EDGE, width=2)
    draw.rectangle([0, 0, size[0] - 1, size[1] - 1], outline=EDGE, width=8)
    return paper


def card_of(text: str, width: int, colour: str) -> Image.Image:
    card = Image.new("RGBA", (width, CARD), colour)
    draw = ImageDraw.Draw(card)
    font = ImageFont.truetype(str(finders.find(FONT)), LINE - 3)
    lines = textwrap.wrap(text, width // 9, break_long_words=False)[:4]
    top = (CARD - LINE * len(lines)) // 2 + 3
    for row, line in enumerate(lines):
        draw.text((width // 2, top + row * LINE), line, font=font, fill=INK, anchor="ma")
    draw.ellipse([width // 2 - 5, 3, width // 2 + 5, 13], fill=PIN)
    return card


def crooked(card: Image.Image, chance: random.Random) -> Image.Image:
    return card.rotate(chance.uniform(-2.5, 2.5), resample=Image.Resampling.BICUBIC, expand=True)


def pin_up(wall: Image.Image, card: Image.Image, at: tuple[int, int]) -> None:
    shadow = Image.new("RGBA", card.size, SHADOW)
    shadow.putalpha(card.getchannel("A").point(lambda alpha: alpha * SHADOW[3] // 255))
    wall.paste(shadow, (at[0] + 4, at[1] + 5), shadow)
    wall.paste(card, at, card)
