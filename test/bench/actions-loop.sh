#!/usr/bin/env bash
# The peer of the quarantine bench: the steps that composite actions make for each tag, one after the other, with the
# same binaries on the host. Usage: actions-loop.sh SOURCE TARGET DATABASE_FOLDER TAG...
set -euo pipefail
source=$1 target=$2 database=$3
shift 3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
http=--plain-http

for tag in "$@"; do
  crane manifest --insecure "$source:$tag" >"$work/index.json"
  platforms=$(node -e 'const {manifests}=JSON.parse(require("fs").readFileSync(0));for(const m of manifests)console.log(m.digest)' <"$work/index.json")
  : >"$work/ids"
  for digest in $platforms; do
    referrer=$(oras discover $http --format json "$source@$digest" |
      node -e 'const {referrers}=JSON.parse(require("fs").readFileSync(0));console.log(referrers.find(r=>r.annotations["in-toto.io/predicate-type"]?.startsWith("https://cyclonedx.org/bom")).digest)')
    layer=$(oras manifest fetch $http "$source@$referrer" |
      node -e 'console.log(JSON.parse(require("fs").readFileSync(0)).layers[0].digest)')
    oras blob fetch $http --output "$work/statement.json" "$source@$layer" >/dev/null
    node -e 'const fs=require("fs");fs.writeFileSync(process.argv[2],JSON.stringify(JSON.parse(fs.readFileSync(process.argv[1])).predicate))' \
      "$work/statement.json" "$work/sbom.json"
    trivy sbom --quiet --cache-dir "$database" --skip-db-update --skip-java-db-update --offline-scan --skip-version-check \
      --disable-telemetry --severity HIGH,CRITICAL --format json --output "$work/report.json" "$work/sbom.json"
    node -e 'const r=JSON.parse(require("fs").readFileSync(0));for(const x of r.Results??[])for(const v of x.Vulnerabilities??[])console.log(v.VulnerabilityID)' \
      <"$work/report.json" >>"$work/ids"
  done
  if [ -s "$work/ids" ]; then continue; fi
  trivy convert --quiet --format cosign-vuln --output "$work/vuln.json" "$work/report.json"
  crane digest --insecure "$source:$tag" >/dev/null
  crane digest --insecure "$target:$tag" >/dev/null 2>&1 || true
  oras cp -r --no-tty --from-plain-http --to-plain-http "$source:$tag" "$target:$tag" >/dev/null
  for digest in $(crane manifest --insecure "$source:$tag" | node -e 'for(const m of JSON.parse(require("fs").readFileSync(0)).manifests)console.log(m.digest)'); do
    oras cp -r --no-tty --from-plain-http --to-plain-http "$source@$digest" "$target@$digest" >/dev/null
  done
  oras discover $http --format json "$target:$tag" >/dev/null
  crane digest --insecure "$target:$tag" >/dev/null
  oras attach $http --no-tty --disable-path-validation --artifact-type application/vnd.in-toto+json \
    --annotation in-toto.io/predicate-type=https://cosign.sigstore.dev/attestation/vuln/v1 \
    "$target:$tag" "$work/vuln.json:application/vnd.in-toto+json" >/dev/null
done
