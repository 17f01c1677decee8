"""After a leak one command ends every own link; papers already handed out open nothing any more."""

import datetime as dt

import pytest
from django.core.management import CommandError, call_command

from clinic import clock
from clinic.refusals import Refusal
from patients import links
from patients.models import PatientLink

DAY = dt.timedelta(days=1)


def code_of_refusal(token):
    with pytest.raises(Refusal) as caught:
        links.open_link(token)
    return caught.value.code


def test_ending_all_links_ends_mails_papers_and_stays(amara, rosa, capsys):
    now = clock.now()
    link = links.create_link(amara, purpose="plan", by=rosa)
    token = links.new_token(link)
    paper = links.keep_code(amara, expires_at=now + 30 * DAY, by=rosa, at=now)
    printed = links.code_of(amara, at=now)
    stay = links.come_in(token, birth_date=amara.birth_date, address="192.0.2.7")

    with pytest.raises(CommandError, match="2 links are alive"):
        call_command("end_links")
    assert not PatientLink.objects.exclude(revoked_at=None).exists()

    call_command("end_links", all=True)

    assert "Ended 2 links." in capsys.readouterr().out
    assert [code_of_refusal(one) for one in (token, printed)] == ["link_revoked", "link_revoked"]
    assert links.link_of_visit(stay) is None and links.code_of(amara, at=now) == ""
    assert links.keep_code(amara, expires_at=now + 30 * DAY, by=rosa, at=now).pk > paper.pk
