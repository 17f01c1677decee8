"""The first manager of a new clinic comes from the command line, once."""

import pytest
from django.core.management import CommandError, call_command

from clinic.models import Location, User

ASKED = {
    "email": "Mona@Clinic.example",
    "name": "Mona Weiss",
    "location": "Mill Lane",
    "time_zone": "Europe/London",
}


def test_first_manager_makes_location_account_and_link(db, client, capsys):
    call_command("first_manager", **ASKED)
    user = User.objects.get()
    assert (user.email, user.role, user.location.name) == ("mona@clinic.example", "manager", "Mill Lane")
    link = capsys.readouterr().out.strip().splitlines()[-1]
    assert link.startswith("http://127.0.0.1:8000/accounts/password/reset/key/")
    page = client.get(link.removeprefix("http://127.0.0.1:8000"), follow=True)
    assert page.status_code == 200
    assert b"new password" in page.content.lower()


def test_first_manager_is_refused_where_somebody_has_an_account(rosa):
    with pytest.raises(CommandError, match="has accounts already"):
        call_command("first_manager", **ASKED)
    assert User.objects.get() == rosa


@pytest.mark.parametrize("wrong", [{"time_zone": "Mars/Base"}, {"email": "nobody"}, {"name": ""}])
def test_first_manager_leaves_nothing_half_made(db, wrong):
    with pytest.raises(CommandError):
        call_command("first_manager", **ASKED | wrong)
    assert (User.objects.count(), Location.objects.count()) == (0, 0)
