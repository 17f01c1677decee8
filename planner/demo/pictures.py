"""Drawn faces for the demo: marks that fade from visit to visit. Nobody's photo."""

import io
import random

from PIL import Image, ImageDraw, ImageFilter

from planner import photos
from planner.demo.place import Place
from planner.models import TreatmentSession

SHOWN = "Amara Osei"  # whose course is told with pictures
SKIN, SHADE, MARK, BACK = (156, 108, 78), (118, 78, 56), (106, 62, 46), (226, 224, 218)


def take_photos(place: Place, session: TreatmentSession, at) -> None:
    """Before and after, front and one side, while the record is open."""
    if str(session.patient) != SHOWN:
        return
    for moment, redness in (("before", 0), ("after", 18)):
        for view in ("face", "face_right"):
            photos.add_photo(
                session,
                moment=moment,
                view=view,
                data=_face(session.appointment.number, view, redness),
                for_teaching=session.appointment.number == 1,
                by=session.practitioner.user,
                at=at,
            )


def _face(visit: int, view: str, redness: int) -> bytes:
    draw_from = random.Random(visit)  # noqa: S311 - seeded on purpose
    image = Image.new("RGB", (480, 600), BACK)
    draw = ImageDraw.Draw(image)
    skin = (min(255, SKIN[0] + redness), SKIN[1], SKIN[2])
    shift = 0 if view == "face" else 40
    draw.rectangle((190 + shift, 420, 290 + shift, 600), fill=SHADE)
    draw.ellipse((110, 60, 370, 480), fill=skin)
    if view != "face":
        draw.polygon([(120, 240), (92, 312), (124, 322)], fill=skin)
    for x in (185, 295) if view == "face" else (170,):
        draw.ellipse((x - 24, 228, x + 24, 246), fill=SHADE)
    draw.arc((190, 360, 290, 400), 20, 160, fill=SHADE, width=5)
    for _ in range(max(6, 60 - 11 * visit)):
        x, y = draw_from.randint(140, 340), draw_from.randint(275, 400)
        size = draw_from.randint(2, 5)
        draw.ellipse((x - size, y - size, x + size, y + size), fill=MARK)
    out = io.BytesIO()
    image.filter(ImageFilter.GaussianBlur(1.2)).save(out, "JPEG", quality=85)
    return out.getvalue()
