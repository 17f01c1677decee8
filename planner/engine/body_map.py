"""The body map: where each treatment area lies on the drawn face, front and back. Pure.

On the face and the front the person faces the reader: their right is on the reader's left.
Around the eyes the rim itself is left out of the shape, as are areola and nipple (clinical facts 2.3, 3.3).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

WIDTH = 300  # units of every drawing


@dataclass(frozen=True)
class Shape:
    """One area of a drawing: its outline, and where its number stands."""

    code: str
    path: str
    x: float
    y: float
    is_mirrored: bool = False


@dataclass(frozen=True)
class Drawing:
    """One view of the body with its outline, its areas and the side on the reader's left."""

    key: str
    title: str
    height: int
    outline: tuple[str, ...]
    shapes: tuple[Shape, ...]
    left_side: str
    right_side: str


def _pair(code: str, path: str, x: float, y: float, *, from_behind: bool = False) -> tuple[Shape, Shape]:
    """Both sides of an area drawn on the reader's left; seen from behind that is the person's left."""
    near, far = ("left", "right") if from_behind else ("right", "left")
    return Shape(f"{near}_{code}", path, x, y), Shape(f"{far}_{code}", path, WIDTH - x, y, is_mirrored=True)


def _mirror(path: str) -> tuple[str, str]:
    """A line of the outline and its other side, marked for the template."""
    return path, f"mirror {path}"


FACE = Drawing(
    "face",
    "Face",
    330,
    (
        "M150 26C96 26 66 66 64 122C62 170 74 214 98 248C116 272 134 282 150 282"
        "C166 282 184 272 202 248C226 214 238 170 236 122C234 66 204 26 150 26Z",
        *_mirror("M64 128C52 122 46 134 50 152C54 170 62 180 70 178"),
        *_mirror("M98 138Q112 128 126 138Q112 146 98 138Z"),
        *_mirror("M94 122Q110 110 130 120"),
        "M124 212Q150 204 176 212Q150 230 124 212Z",
        *_mirror("M116 266L116 300L52 326"),
    ),
    (
        Shape("forehead", "M92 96Q100 58 150 56Q200 58 208 96Q150 84 92 96Z", 150, 74),
        *_pair("temple", "M70 98L88 102L90 136Q82 144 68 142Q66 120 70 98Z", 78, 120),
        *_pair(
            "periorbital",
            "M84 138Q112 108 138 138Q112 168 84 138ZM92 138Q112 152 130 138Q112 122 92 138Z",
            112,
            156,
        ),
        Shape("nose", "M141 132L159 132L168 182Q150 194 132 182Z", 150, 166),
        *_pair("cheek", "M76 160Q104 172 128 174Q130 196 116 220Q92 216 80 190Z", 100, 192),
        Shape("upper_lip", "M124 208Q128 196 150 193Q172 196 176 208Q150 198 124 208Z", 150, 201),
        *_pair("jaw", "M82 204Q96 222 122 228L124 262Q98 246 82 204Z", 106, 236),
        Shape("chin", "M128 236Q150 230 172 236Q174 262 150 272Q126 262 128 236Z", 150, 252),
        Shape("neck", "M120 286L180 286L188 318L112 318Z", 150, 302),
    ),
    "Patient's right",
    "Patient's left",
)
_BODY = (
    "M150 12C134 12 126 24 128 42C130 56 138 66 150 66C162 66 170 56 172 42C174 24 166 12 150 12Z",
    *_mirror(
        "M142 64L142 76L108 86Q92 92 90 112L74 218Q70 236 78 242L84 226L104 132L106 190Q100 216 100 244"
        "L108 350L112 452L104 466L132 466L138 352L148 262L150 262"
    ),
)
FRONT = Drawing(
    "front",
    "Front",
    476,
    _BODY,
    (
        Shape("chest", "M116 92L184 92L180 114L120 114Z", 150, 102),
        *_pair(
            "breast",
            "M110 118Q128 114 147 120L146 146Q126 156 110 144ZM129 128A5 5 0 1 0 129 138A5 5 0 1 0 129 128Z",
            119,
            140,
        ),
        Shape("abdomen", "M114 158L186 158Q188 190 184 214L116 214Q112 190 114 158Z", 150, 186),
        *_pair("arm", "M92 114L103 122L90 206L78 204Z", 90, 160),
        *_pair("hip", "M104 216L128 218L126 246L102 246Z", 115, 232),
        *_pair("thigh", "M104 252L144 258L136 344L110 344Z", 123, 298),
    ),
    "Patient's right",
    "Patient's left",
)
BACK = Drawing(
    "back",
    "Back",
    476,
    _BODY,
    (
        Shape("back", "M112 92L188 92L186 200L114 200Z", 150, 146),
        *_pair("buttock", "M104 216L147 216L147 256Q122 268 103 252Z", 125, 236, from_behind=True),
        *_pair("calf", "M110 362L136 362L131 440L114 440Z", 123, 400, from_behind=True),
    ),
    "Patient's left",
    "Patient's right",
)
DRAWINGS = (FACE, FRONT, BACK)


def drawings_with(codes: Iterable[str]) -> Sequence[Drawing]:
    """The drawings on which any of these areas lies, head first."""
    wanted = set(codes)
    return [one for one in DRAWINGS if any(shape.code in wanted for shape in one.shapes)]


def is_drawn(code: str) -> bool:
    """Whether an area is on one of the drawings; what a clinic adds itself is in the list only."""
    return any(shape.code == code for one in DRAWINGS for shape in one.shapes)
