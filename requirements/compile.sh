#!/bin/sh
# Writes the two lock files anew from pyproject.toml. Needs uv on PATH (or UV=path).
# Lock files carry hashes and no registry's address, so that any mirror serves.
set -eu
cd "$(dirname "$0")/.."
UV=${UV:-uv}
common="--universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet --group build --extra postgres --extra plan --extra pdf"
# shellcheck disable=SC2086
$UV pip compile $common pyproject.toml -o requirements/run.txt
# shellcheck disable=SC2086
$UV pip compile $common --group test pyproject.toml -o requirements/test.txt
