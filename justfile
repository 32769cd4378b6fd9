# The same commands for a person, a hook and CI.
set shell := ["bash", "-euo", "pipefail", "-c"]

default:
    @just --list

# Everything that can be known without running the system.
check: lint types imports proto schemas migrations deploy letters

lint:
    uv run ruff check .
    uv run ruff format --check .

types:
    uv run mypy

imports:
    uv run lint-imports

# Message contracts: style, no breaking change against the committed image, generated code up to date.
proto:
    uv run python -m tools.proto check

# Printed subgraph schemas and the composed supergraph are what the code says.
schemas:
    uv run python -m tools.schemas check

# Each service's migrations give exactly its model.
migrations:
    uv run python -m tools.migrations check

# Dockerfile, compose file and NATS configuration.
deploy:
    uv run python -m tools.deploy check

# Templates of mails: compiled, each variable there, each sentence translated.
letters:
    uv run python -m services.notifier.mail check

# Write again what is generated: protobuf classes, printed schemas, supergraph (npm needed for the last).
generate:
    uv run python -m tools.proto generate
    uv run python -m tools.schemas generate

format:
    uv run ruff check --fix .
    uv run ruff format .

test *args:
    uv run pytest {{args}}

# The gateways that ours is measured against, from npm, and their composed supergraph.
bench-peers:
    cd bench/gateway/peers && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
    node bench/gateway/peers/compose.mjs > bench/gateway/supergraph.graphql

# The gateway and its peers side by side: CPU per request, latencies (see bench/README.md).
bench-gateway *args:
    uv run python -m bench.gateway {{args}}

# Kills, outages and relays that misbehave, all of them (half an hour; FAULT_SEED, FAULT_ROUNDS, FAULT_DOWN): docs/reliability.md.
fault *args:
    FAULT=whole uv run pytest tests/fault tests/saga/test_kills.py -n 0 -s {{args}}

# What html-validate and caniemail say of every mail (npm needed).
mails:
    uv run python -m tools.mails check

# A picture of every mail: wide and narrow, light and dark (Chromium needed).
mail-shots folder:
    uv run python -m tools.mails shots {{folder}}
