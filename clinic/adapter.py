"""How django-allauth behaves here: nobody signs up, a manager makes the accounts."""

from allauth.account.adapter import DefaultAccountAdapter


class ClosedSignupAdapter(DefaultAccountAdapter):
    """Accounts come from the settings page only."""

    def is_open_for_signup(self, request):
        return False
