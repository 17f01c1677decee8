"""The steps of a record as their forms send them."""

from django.urls import reverse

from tests import people

JSON = {"Accept": "application/json"}
READ_BACK = {"identity_checked": "on", "birth_date": "21 Jan 1987", "consent_read": "on"}


def url(name, row):
    return reverse(f"session_{name}", args=[row.pk])


def typed_numbing(session, stock, **changed):
    """The numbing step as its form sends it: cream from 10:06 to 10:40 local."""
    typed = {
        "version": session.version,
        "numbing_used": "yes",
        "numbing_lot": stock.cream.pk,
        "numbing_grams": "12,5",
        "numbing_area_cm2": "200",
        "numbing_sites": "2",
        "numbing_on_at": "10:06",
        "numbing_off_at": "10:40",
        "numbing_applied_by": "clinic",
        "own_cream": "no",
    }
    return typed | changed


def typed_treatment(session, site, stock, **changed):
    """The treatment step as its form sends it: both cheeks and chin alike."""
    typed = {
        "version": session.version,
        "device": site.devices[0].pk,
        "skin_prep": "Chlorhexidine wipe",
        "cartridge_lot": stock.cartridges.pk,
        "serial": "S-1",
        "glide_lot": stock.gel.pk,
        "finishing_lot": stock.balm.pk,
        "opened_today": "on",
    }
    for area in site.areas:
        typed |= {
            f"depth-{area.pk}": "1,5",
            f"passes-{area.pk}": "4",
            f"technique-{area.pk}": "glide",
            f"endpoint-{area.pk}": "pinpoint",
        }
    return typed | changed


def typed_finish(session, **changed):
    """The finish step as its form sends it, with the password."""
    typed = {
        "version": session.version,
        "pain": "3",
        "redness": "1",
        "swelling": "0",
        "reactions": ["bruise"],
        "fit_to_leave": "on",
        "sharps_disposed": "on",
        "photos_missing_reason": "Not asked for.",
        "patient_note": "Rest today.",
        "language": "en",
        "password": people.PASSWORD,
    }
    return typed | changed


def text_of(page):
    return page.content.decode()
