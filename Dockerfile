# Every image of the stack. The Go stages hang on nothing in this repository; the Java ones take what
# docker/images has laid into target/images. Base images come from a registry or from docker/bases.

FROM golang:1.26-bookworm AS go
ENV CGO_ENABLED=0 GOBIN=/out
ARG GOPROXY
ARG GOMAXPROCS

FROM go AS temporal-programs
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \
    go install -trimpath -ldflags=-s go.temporal.io/server/cmd/server@v1.30.8 && mv /out/server /out/temporal-server
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \
    go install -trimpath -ldflags=-s go.temporal.io/server/cmd/tools/sql@v1.30.8 && mv /out/sql /out/temporal-sql
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \
    go install -trimpath -ldflags=-s github.com/grpc-ecosystem/grpc-health-probe@v0.4.61

FROM go AS temporal-ui-programs
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \
    go install -trimpath -ldflags=-s github.com/temporalio/ui-server/v2/cmd/server@v2.52.1 && mv /out/server /out/temporal-ui

FROM go AS minio-programs
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \
    go install -trimpath -ldflags=-s github.com/minio/minio@v0.0.0-20260212201848-7aac2a2c5b7c
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \
    go install -trimpath -ldflags=-s github.com/minio/mc@v0.0.0-20250313080218-cf909e1063a9

FROM go AS faults-programs
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \
    go install -trimpath -ldflags=-s github.com/Shopify/toxiproxy/v2/cmd/server@v2.12.0 && mv /out/server /out/toxiproxy-server
COPY docker/faults/relay/ /src/
RUN --mount=type=cache,target=/root/.cache/go-build cd /src && go build -trimpath -ldflags=-s -o /out/relay .

FROM debian:bookworm-slim AS postgres
RUN apt-get update -qq \
    && apt-get install -y -qq --no-install-recommends postgresql-common >/dev/null \
    && sed -i 's/^#\? *create_main_cluster.*/create_main_cluster = false/' /etc/postgresql-common/createcluster.conf \
    && apt-get install -y -qq --no-install-recommends postgresql-15 >/dev/null \
    && rm -rf /var/lib/apt/lists/* \
    && install -d -o postgres -g postgres -m 700 /var/lib/postgresql/data
COPY docker/postgres/start /usr/local/bin/start-postgres
USER postgres
VOLUME /var/lib/postgresql/data
EXPOSE 5432
STOPSIGNAL SIGINT
ENTRYPOINT ["start-postgres"]
ARG COMMIT=unknown
LABEL org.opencontainers.image.title=modelflow org.opencontainers.image.revision=$COMMIT

FROM debian:bookworm-slim AS temporal
RUN useradd --system --uid 10001 temporal
COPY --from=temporal-programs /out/ /usr/local/bin/
COPY docker/temporal/ /opt/temporal/
USER temporal
EXPOSE 7233
ENTRYPOINT ["/opt/temporal/start"]
ARG COMMIT=unknown
LABEL org.opencontainers.image.title=modelflow org.opencontainers.image.revision=$COMMIT

FROM debian:bookworm-slim AS temporal-ui
RUN useradd --system --uid 10001 temporal
COPY --from=temporal-ui-programs /out/ /usr/local/bin/
COPY docker/temporal-ui/ /opt/temporal-ui/config/
USER temporal
EXPOSE 8233
ENTRYPOINT ["temporal-ui", "--root", "/opt/temporal-ui", "--env", "stack"]
CMD ["start"]
ARG COMMIT=unknown
LABEL org.opencontainers.image.title=modelflow org.opencontainers.image.revision=$COMMIT

FROM debian:bookworm-slim AS minio
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends curl >/dev/null \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --create-home --uid 10001 minio \
    && install -d -o minio -g minio -m 700 /var/lib/minio
COPY --from=minio-programs /out/ /usr/local/bin/
COPY docker/minio/ /opt/minio/
USER minio
VOLUME /var/lib/minio
EXPOSE 9000
ENTRYPOINT ["minio"]
CMD ["server", "--quiet", "--address", ":9000", "/var/lib/minio"]
ARG COMMIT=unknown
LABEL org.opencontainers.image.title=modelflow org.opencontainers.image.revision=$COMMIT

FROM debian:bookworm-slim AS faults-clock
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends gcc libc6-dev >/dev/null \
    && rm -rf /var/lib/apt/lists/*
COPY docker/faults/clock.c /src/
RUN install -d /out && gcc -Wall -Werror -O2 -shared -fPIC -o /out/clock.so /src/clock.c

# Only the fault suite starts this; a file in /opt/clock says by how many seconds a service's clock is off.
FROM debian:bookworm-slim AS faults
COPY --from=faults-clock /out/ /opt/clock/
RUN for service in web worker-cpu worker-gpu; do echo +000000000 >/opt/clock/$service; done
COPY --from=faults-programs /out/ /usr/local/bin/
COPY docker/faults/links.json /opt/faults/
VOLUME /opt/clock
ENV LOG_LEVEL=warn
ENTRYPOINT ["toxiproxy-server", "-host", "0.0.0.0", "-config", "/opt/faults/links.json"]
ARG COMMIT=unknown
LABEL org.opencontainers.image.title=modelflow org.opencontainers.image.revision=$COMMIT

FROM eclipse-temurin:25-jre AS java
RUN useradd --system --uid 10001 --home-dir /var/lib/modelflow modelflow \
    && install -d -o modelflow -g modelflow -m 700 \
       /var/lib/modelflow /var/lib/modelflow/cache /var/lib/modelflow/locks /var/lib/modelflow/machine /var/lib/modelflow/work /var/lib/modelflow/.m2
COPY target/images/lib/ /opt/modelflow/lib/
ENV HOME=/var/lib/modelflow
WORKDIR /var/lib/modelflow
# Left to itself, the JVM stops several times to collect everything until its room for classes is as large as they are,
# and often, for little, until its heap has grown.
ENTRYPOINT ["java", "-XX:+UseSerialGC", "-XX:MetaspaceSize=128m", "-Xms192m", "-XX:+ExitOnOutOfMemoryError", \
            "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", \
            "-Dmodelflow.log=INFO", "@/opt/modelflow/app/classpath"]

FROM java AS web
COPY target/images/app/ /opt/modelflow/app/
USER modelflow
EXPOSE 7070
CMD ["-Xmx768m", "dev.modelflow.cli.server.WebServer"]
ARG COMMIT=unknown
LABEL org.opencontainers.image.title=modelflow org.opencontainers.image.revision=$COMMIT

# Its Maven fetches the sources of a corpus.
FROM java AS worker-cpu
ADD target/images/maven.tar.gz /opt/
RUN ln -s /opt/apache-maven-*/bin/mvn /usr/local/bin/mvn
COPY target/images/app/ /opt/modelflow/app/
USER modelflow
VOLUME /var/lib/modelflow/cache /var/lib/modelflow/.m2
CMD ["-Xmx2g", "dev.modelflow.cli.server.WorkerMain"]
ARG COMMIT=unknown
LABEL org.opencontainers.image.title=modelflow org.opencontainers.image.revision=$COMMIT

# Its trainers need the processors more than its own code a second compilation; digests, which are
# worth one, are called often enough.
FROM java AS worker-gpu
COPY target/images/app/ /opt/modelflow/app/
USER modelflow
VOLUME /var/lib/modelflow/cache
CMD ["-Xmx512m", "-XX:Tier4InvocationThreshold=100000", "-XX:Tier4MinInvocationThreshold=100000", \
     "dev.modelflow.cli.server.WorkerMain"]
ARG COMMIT=unknown
LABEL org.opencontainers.image.title=modelflow org.opencontainers.image.revision=$COMMIT

FROM debian:bookworm-slim AS cuda
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends ca-certificates python3-pip unzip >/dev/null \
    && rm -rf /var/lib/apt/lists/*
COPY docker/cuda-libraries /src/
RUN pip download --quiet --no-deps --only-binary=:all: --dest /wheels --requirement /src/cuda-libraries \
    && install -d /opt/cuda/lib \
    && for wheel in /wheels/*.whl; do unzip -q -o -j "$wheel" '*/lib/*.so*' -d /opt/cuda/lib; done \
    && rm -r /wheels

# The same worker with the libraries of CUDA, which no trainer on the processor needs; it needs a build with
# MODELFLOW_CUDA=on.
FROM worker-gpu AS worker-gpu-devices
COPY --from=cuda /opt/cuda/lib/ /opt/cuda/lib/
ENV LD_LIBRARY_PATH=/opt/cuda/lib
ARG COMMIT=unknown
LABEL org.opencontainers.image.title=modelflow org.opencontainers.image.revision=$COMMIT
