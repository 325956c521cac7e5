# One replica of the page, or one worker: `docker build -t four-families .`; see compose.yaml.

# By its digest, so that it is the same one whoever builds it, and when.
ARG PYTHON=python:3.12.12-slim-bookworm@sha256:593bd06efe90efa80dc4eee3948be7c0fde4134606dd40d8dd8dbcade98e669c

FROM ${PYTHON} AS packages
# Where PyTorch keeps builds without CUDA: 0.2 GB instead of 3. Empty for those with CUDA.
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
# What else is installed: "requirements-cluster.txt" for deploy/cluster.yaml.
ARG MORE=
COPY requirements.txt requirements-cluster.txt /
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --disable-pip-version-check --prefer-binary \
        ${TORCH_INDEX:+--extra-index-url "$TORCH_INDEX"} -r /requirements.txt \
        ${MORE:+-r "/$MORE"}

FROM ${PYTHON}
# A user that owns nothing but the folder of downloaded weights.
RUN useradd --uid 10001 --no-create-home --home-dir /tmp page && install -d -o page /weights
COPY --from=packages /venv /venv
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    GRADIO_SERVER_NAME=0.0.0.0 \
    GRADIO_SERVER_PORT=7860 \
    FOUR_FAMILIES_WEIGHTS=/weights
WORKDIR /app
COPY LICENSE app.py ./
COPY assets assets
COPY demo demo
RUN python -m compileall -q app.py demo
USER 10001
EXPOSE 7860
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import http.client, os; asked = http.client.HTTPConnection('127.0.0.1', os.environ['GRADIO_SERVER_PORT'], timeout=4); asked.request('GET', '/healthz'); raise SystemExit(asked.getresponse().status != 200)"]
CMD ["python", "app.py"]
