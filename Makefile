# What a person runs. Each target installs what it needs (scripts/need) or says exactly what is missing; none skips.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.PHONY: help run build test test-rust test-suites test-long lint check-data fmt audit bench

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

# `quick` is a release build without link-time optimisation: three times sooner there, and fast enough to try things out.
run: ## try it out at http://localhost:8080 
	@scripts/need cargo cc
	cargo build --profile quick --bin ferrite
	@exec "$$(scripts/target)/quick/ferrite" serve --dev

build: ## the binary to deploy: target/release/ferrite
	@scripts/need cargo cc
	cargo build --release --bin ferrite

test: test-rust test-suites ## everything, on SQLite and on PostgreSQL

test-rust:
	@scripts/need cargo cc postgres psql redis-server
	scripts/with-postgres scripts/with-redis scripts/test-rust

test-suites:
	@scripts/need cargo cc postgres psql npm python3 python3-venv chromium redis-server openssl
	cargo build --bin ferrite --example fsck
	FERRITE_BIN="$$(scripts/target)/debug/ferrite" scripts/with-postgres scripts/with-redis tests/run

test-long: ## the tests that take long: kill -9, fifty rounds of each kind
	@scripts/need cargo cc postgres psql npm redis-server
	cargo build --bin ferrite --example fsck
	FERRITE_TEST_KILL_ROUNDS=50 FERRITE_BIN="$$(scripts/target)/debug/ferrite" scripts/with-postgres scripts/with-redis tests/run faults

lint: ## format, clippy and docs without warnings; the walls; what documents name; unused dependencies
	@scripts/need cargo cc
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --quiet -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --no-deps --workspace --quiet
	scripts/walls
	scripts/documents
	@scripts/cargo-tool cargo-machete
	cargo machete
	@if command -v cargo-deny >/dev/null; then cargo fetch --locked --quiet; cargo deny --offline check --hide-inclusion-graph bans licenses sources; \
	else echo "lint: licences are not checked, as cargo-deny is not installed (five minutes of building): make audit does both"; fi

audit: ## licences, banned crates and published advisories (deny.toml); needs the network
	@scripts/need cargo cc git
	@scripts/cargo-tool cargo-deny
	cargo deny check

check-data: ## generate the data again, and fail if a file differs; needs the network
	@scripts/need npm
	scripts/make-data
	git diff --exit-code --stat

fmt: ## format
	cargo fmt --all

bench: ## bench/ against the release build: ratios to a bare axum server in the same run
	@scripts/need cargo cc python3 wrk
	cargo build --release --bin ferrite
	bench/run "$$(scripts/target)/release/ferrite"
