"""Fresh sign-in: the password once more before something is signed or approved."""

from allauth.core import ratelimit

from clinic.refusals import Refusal


def check_fresh(request, password: str) -> None:
    """Check the signed-in person's password again; raise a Refusal beside the field `password`.

    The number of tries is limited like those of allauth's own page (10 a minute for one person). An account
    into which somebody else could have come signs nothing until a colleague has confirmed its owner.
    """
    if request.user.access_by_id:
        raise Refusal(
            "access_unconfirmed",
            f"{request.user.access_by} gave you access to this account, so it signs nothing yet.",
            "Ask another colleague to confirm under Approvals that it is you.",
            field="password",
        )
    if not ratelimit.consume(request, action="reauthenticate", user=request.user):
        raise Refusal(
            "too_many_tries", "Too many tries with a wrong password.", "Wait a minute.", field="password"
        )
    if not request.user.check_password(password):
        raise Refusal(
            "wrong_password",
            "This is not your password.",
            "Type the one you sign in with.",
            field="password",
        )
