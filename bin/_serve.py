"""How bin/run serves: gunicorn as in production; the demo's worker and database start and stop with it."""

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


is_demo = not os.environ.get("DATABASE_URL")


def when_ready(server):
    """Send messages beside the pages, in the demo only: nobody's patients are written to by accident."""
    if is_demo:
        server.sender = subprocess.Popen([sys.executable, "manage.py", "worker"])  # noqa: S603


def post_worker_init(worker):
    """Say the address once the first worker has loaded the whole project."""
    if worker.age == 1:
        sys.stdout.write(f"Needleplan is at http://127.0.0.1:{port}\n")
        sys.stdout.flush()


def on_exit(server):
    """Stop the worker and the embedded database, unless a test run or a shell still uses that."""
    if sender := getattr(server, "sender", None):
        sender.terminate()
        sender.wait()
    if is_demo:
        subprocess.run([sys.executable, "-m", "clinic.postgres", "stop", "--if-unused"], check=False)  # noqa: S603
