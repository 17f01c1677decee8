"""What gunicorn serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")
application = get_wsgi_application()

# What is loaded now stays for good: looking through it for garbage made one page in twenty twice as slow
# (docs/decisions.md).
gc.collect()
gc.freeze()
