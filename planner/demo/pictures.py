"""Drawn faces for the demo: marks that fade from visit to visit. Nobody's photo."""

import io
import random

from PIL import Image, ImageDraw, ImageFilter

from planner import photos
from planner.demo.place import Place
from planner.models import CourseReview, Photo, TreatmentSession

SHOWN = ("Amara Osei", "Ingrid Dahl")  # whose courses are told with pictures
VIEWS = ("face", "face_right", "face_left")
HEALED = 6  # the marks of a review are as few as after this many visits
SKIN, SHADE, MARK, BACK = (156, 108, 78), (118, 78, 56), (106, 62, 46), (226, 224, 218)


def take_photos(place: Place, session: TreatmentSession, at) -> None:
    """Before and after, while the record is open; of Ingrid, whose course is over, the first visit only."""
    name, number = str(session.patient), session.appointment.number
    if name not in SHOWN or (name == "Ingrid Dahl" and number > 1):
        return
    for moment, redness in (("before", 0), ("after", 18)):
        for view in VIEWS:
            photos.add_photo(
                session,
                moment=moment,
                view=view,
                data=_face(session.appointment.number, view, redness),
                for_teaching=session.appointment.number == 1,
                by=session.practitioner.user,
                at=at,
            )


def take_review_photos(review: CourseReview, at) -> None:
    """Every view, some months after the last visit."""
    for view in VIEWS:
        data = _face(HEALED, view, 0)
        by = review.practitioner.user
        photos.add_photo(review, moment=Photo.Moment.REVIEW, view=view, data=data, by=by, at=at)


def ask_to_delete_one(place: Place) -> None:
    """A photo that did not turn out waits for a second person."""
    taken = Photo.objects.filter(moment="after", view="face_left", patient__family_name="Osei")
    photos.ask_to_delete(taken.latest("taken_at"), reason="Blurred.", by=place.priya, at=place.now)


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
    if view == "face_left":
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    out = io.BytesIO()
    image.filter(ImageFilter.GaussianBlur(1.2)).save(out, "JPEG", quality=85)
    return out.getvalue()
