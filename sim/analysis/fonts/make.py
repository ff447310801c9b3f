"""Makes the fonts of the pictures: `python -m sim.analysis.fonts.make FOLDER`, the folder of the two source files.

The source is Noto Sans CJK 2.004, `NotoSansCJK-Regular.ttc` and `-Bold.ttc` (SIL Open Font License 1.1); the subset
holds the repertoire below and bears a name of its own, as the licence asks of modified versions.
docs/decisions/fonts.md says why we ship it.
"""

from __future__ import annotations

import sys
from itertools import chain
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

FAMILY = "Liandong Sans"
HERE = Path(__file__).parent
_FACE = 2  # the simplified Chinese face of the collection
_RANGES = (
    (0x0020, 0x007E), (0x00A0, 0x00B6), (0x00B8, 0x00FF), (0x0391, 0x03C9), (0x2010, 0x2027), (0x2030, 0x203B), (0x2070, 0x208E),
    (0x2103, 0x2103), (0x2116, 0x2122), (0x2150, 0x217F), (0x2190, 0x2199), (0x2200, 0x22A5), (0x2460, 0x249B),
    (0x2500, 0x2503), (0x2588, 0x2588), (0x25A0, 0x25EF), (0x2605, 0x2606), (0x3000, 0x3017), (0x3220, 0x3229),
    (0x33A0, 0x33A5), (0xFF01, 0xFF5E), (0xFFE5, 0xFFE5),
)  # fmt: skip
_PLACE_NAMES = "硐磺垴垭塆塝岽崀崾嵝嶍椥浬湴滉濛畲疃砬硔碶磴簕簰蝲谿陂陉隩鲎鹮"


def repertoire() -> frozenset[int]:
    """Code points of the font: GB 2312, Latin and Greek letters, signs, and characters that place names add.

    The middle dot is left out: here it is as wide as a character, and pictures then take the narrow one of their second font.
    """
    chinese = (bytes((row, cell)) for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF))
    text = "".join(code.decode("gb2312", "ignore") for code in chinese) + _PLACE_NAMES
    return frozenset(map(ord, text)) | frozenset(chain.from_iterable(range(a, b + 1) for a, b in _RANGES))


def make(source: Path, style: str, target: Path) -> None:
    """Write the subset of `source` to `target`; the same bytes each time."""
    font = TTFont(source, fontNumber=_FACE, recalcTimestamp=False)
    options = Options(layout_features=[], hinting=False, notdef_outline=True, glyph_names=False)
    options.name_IDs, options.name_languages = ["*"], [0x409]
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "BASE", "VORG", "vhea", "vmtx", "DSIG"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=repertoire())
    subsetter.subset(font)
    _rename(font, style)
    font.save(target)


def _rename(font: TTFont, style: str) -> None:
    file_name = f"LiandongSans-{style}"
    names = {1: FAMILY, 2: style, 3: f"{file_name};2.004", 4: f"{FAMILY} {style}", 6: file_name}
    for record in list(font["name"].names):
        if record.nameID not in {0, 5, 8, 9, 11, 13, 14}:
            font["name"].names.remove(record)
    for number, text in names.items():
        font["name"].setName(text, number, 3, 1, 0x409)
    top = font["CFF "].cff
    top.fontNames[0] = file_name
    top.topDictIndex[0].FullName, top.topDictIndex[0].FamilyName = names[4], FAMILY


if __name__ == "__main__":
    for weight in ("Regular", "Bold"):
        make(Path(sys.argv[1]) / f"NotoSansCJK-{weight}.ttc", weight, HERE / f"LiandongSans-{weight}.otf")
