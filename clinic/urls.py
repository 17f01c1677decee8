"""Every address, by app. allauth's pages keep their own names; sign-up is closed."""

from django.urls import include, path

from clinic.views.access import access_confirm, access_here, access_link, access_read
from clinic.views.health import health
from clinic.views.user import help_page, location_switch, user_settings

handler400 = "clinic.views.errors.bad_request"
handler403 = "clinic.views.errors.forbidden"
handler404 = "clinic.views.errors.not_found"
handler500 = "clinic.views.errors.server_error"

urlpatterns = [
    path("health/", health, name="health"),
    path("help/", help_page, name="help"),
    path("your-location/", location_switch, name="location_switch"),
    path("your-settings/", user_settings, name="user_settings"),
    path("access/here/", access_here, name="access_here"),
    path("access/read/", access_read, name="access_read"),
    path("access/<int:pk>/link/", access_link, name="access_link"),
    path("access/<int:pk>/confirm/", access_confirm, name="access_confirm"),
    path("accounts/", include("allauth.account.urls")),
    path("", include("patients.urls")),
    path("", include("planner.urls")),
]
