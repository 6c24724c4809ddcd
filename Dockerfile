# A small image with one program in it. Data lies in /data, which belongs to the user that the program runs as.
FROM rust:1-slim-bookworm AS build
WORKDIR /src
COPY . .
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev && rm -rf /var/lib/apt/lists/*
RUN cargo build --release --locked --bin ferrite && mkdir /data

FROM debian:bookworm-slim
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin ferrite
COPY --from=build /src/target/release/ferrite /usr/local/bin/ferrite
COPY --from=build --chown=10001:10001 /data /data
COPY LICENSE THIRD-PARTY.md /usr/share/doc/ferrite/
USER 10001:10001
ENV FERRITE_LISTEN=0.0.0.0:8080 FERRITE_DATA=/data
VOLUME /data
EXPOSE 8080
ENTRYPOINT ["/usr/local/bin/ferrite"]
CMD ["serve"]
