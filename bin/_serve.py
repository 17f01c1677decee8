"""How bin/run serves: gunicorn as in production, and the embedded database stops with it."""

import os
import subprocess
import sys

port = os.environ["PORT"]
bind = f"127.0.0.1:{port}"
workers = 2
threads = 4
graceful_timeout = 5
loglevel = "warning"
control_socket_disable = True


def post_worker_init(worker):
    """Say the address once the first worker has loaded the whole project."""
    if worker.age == 1:
        sys.stdout.write(f"Needleplan is at http://127.0.0.1:{port}\n")
        sys.stdout.flush()


def on_exit(server):
    """Stop the embedded database, unless a test run or a shell still uses it."""
    if not os.environ.get("DATABASE_URL"):
        subprocess.run([sys.executable, "-m", "clinic.postgres", "stop", "--if-unused"], check=False)  # noqa: S603
