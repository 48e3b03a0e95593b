# The server for cdk/: no local engine and no GraphiQL, hence no Node; settings come from the task definition.
FROM python:3.11-slim-bookworm

ENV PYTHONUNBUFFERED=1
WORKDIR /app

# The packages first: a layer that changes only with them. The interpreter reads their list, so that there is one list.
COPY pyproject.toml ./
RUN python -c "import tomllib; print(*tomllib.load(open('pyproject.toml', 'rb'))['project']['dependencies'], sep='\n')" \
    > requirements.txt \
    && pip install --no-cache-dir --disable-pip-version-check --requirement requirements.txt

COPY datastore datastore
COPY resolvers resolvers
COPY schema schema
COPY transport transport
COPY application.py recount.py server.py settings.py ./
RUN python -m compileall -q .

# Nobody in particular; the root file system is read-only in the service.
USER 10001:10001
EXPOSE 8000
CMD ["python", "server.py"]
