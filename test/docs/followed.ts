// The pages that are followed from top to bottom, with what has to be there before some of their blocks.

/** Shell code by a text of the block that it stands before. */
type Before = Readonly<Record<string, string>>

export const followed: Readonly<Record<string, Before>> = {
  "README.md": {},
  "docs/tutorial.md": {},
  "docs/evidence.md": {
    "cosign verify-attestation": `
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out gate.key && openssl pkey -in gate.key -pubout -out gate.pub
dagger call --policy policy.yaml --signing-key file://gate.key promote --image $HOUSE/quarantine/app:3.13 --target $REPO:3.13 results export --path out
DIGEST=$(jq -r .image.digest out/verdict.json)`,
    "oras discover --format tree": "platform=$(jq -r '.platforms[0].digest' out/verdict.json)",
    "jq '.predicate | {outcome": `
referrer=$(oras discover --format json $REPO@$DIGEST |
  jq -r '[.referrers[] | select(.annotations["in-toto.io/predicate-type"] == "https://cssc.dev/verdict/v1")] | last.digest')
oras blob fetch --output attached.json $REPO@$(oras manifest fetch $REPO@$referrer | jq -r '.layers[0].digest')
jq 'if .dsseEnvelope then .dsseEnvelope.payload | @base64d | fromjson else . end' attached.json > statement.json`,
    "oras pull $REPO:mirror-history": `
dagger call mirror --source $HOUSE/upstream/app:3.13 --target $HOUSE/mirrored/app summary && REPO=$HOUSE/mirrored/app`,
    "dagger call attach": "REPO=$HOUSE/golden/app",
  },
  "docs/how-to.md": {
    "cssc with-signing-key --key env://GATE_KEY \\": 'export GATE_KEY="$(cat gate.key)"',
  },
  "docs/events.md": {},
  "docs/reports.md": {
    "dagger call report --results out --earlier": "mkdir -p past && cp -r out past/monday",
    "cat out/summary.md": "export GITHUB_STEP_SUMMARY=summary.md",
    "dagger call --trusted-key gate.pub inventory": `
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out gate.key && openssl pkey -in gate.key -pubout -out gate.pub`,
  },
}
