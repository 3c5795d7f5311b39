#!/bin/sh
# The daily job for any CI with a shell, Docker and the Dagger CLI: gates a quarantine, promotes what passes, and fails when
# something did not. SOURCE, TARGET, REGISTRY, REGISTRY_USER and REGISTRY_TOKEN come from the environment; POLICY, SIGNING_KEY,
# CSSC_ARGUMENTS and CSSC_OPTIONS may. `acme` stands for you.
set -euf
CSSC=${CSSC:-github.com/acme/cssc@v0.1.0}
dagger --progress logs -m "$CSSC" call \
  --registry "$REGISTRY" --username "$REGISTRY_USER" --password env://REGISTRY_TOKEN \
  ${POLICY:+--policy "$POLICY"} ${SIGNING_KEY:+--signing-key env://SIGNING_KEY} ${CSSC_ARGUMENTS:-} \
  with-run --url "${RUN_URL:-}" \
  promote-quarantine --source "$SOURCE" --target "$TARGET" ${CSSC_OPTIONS:-} results export --path results
dagger --progress logs -m "$CSSC" call check --results results
