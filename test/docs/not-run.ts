// Commands of the documentation that no test runs as they stand there, with the reason. The list is exact: a command that is
// neither here nor in a page that is followed fails a test, and so does one that is here and nowhere else.

export type NotRun = { readonly page: string; readonly command: string; readonly because: string }

const measured = "measures for minutes and asserts nothing; its figures stand beside it"
const fleet = "needs a fleet of registries; test/module/fleet.engine.test.ts and the tests of core/fleet have one"
const setUp = "is what runs this test, or sets up the machine for it"

export const notRun: readonly NotRun[] = [
  {
    page: "README.md",
    command: "npm start",
    because: "the demo, on an engine of its own; story.engine.test.ts tells it",
  },
  { page: "README.md", command: "npm test", because: setUp },
  { page: "README.md", command: 'eval "$(npm run -s engine -- env)"', because: setUp },
  { page: "README.md", command: "dagger call --help", because: "prints Dagger's help of what docs/functions.md has" },
  {
    page: "docs/events.md",
    command:
      "dagger call notify --results results --slack env://SLACK_URL --teams env://TEAMS_URL --webhook env://HOOK_URL --webhook-key env://HOOK_KEY",
    because: "posts to services by HTTPS alone; test/forge/notify.test.ts posts the same to servers of this machine",
  },
  {
    page: "docs/events.md",
    command:
      "dagger call events --results results --sink https://events.example/in --token env://SINK_TOKEN export --path events.json",
    because: "posts to a service by HTTPS alone; without a sink it is run, and test/forge/notify.test.ts has the sink",
  },
  ...[
    "dagger call with-forge --kind gitlab --project acme/policies --token env://FORGE_TOKEN \\",
    '  comment --number "$CI_MERGE_REQUEST_IID" --policy policy.yaml --cases cases.yaml --results results',
  ].map((command) => ({
    page: "docs/ci.md",
    command,
    because: "needs a forge by HTTPS; test/module/approval.engine.test.ts has a bound one, forge/ its tests",
  })),
  ...[
    "dagger call --identity-token env://SIGSTORE_ID_TOKEN with-trust-root --file trusted_root.json \\",
    "  with-trusted-identity --issuer https://token.actions.githubusercontent.com \\",
    "  --subject https://github.com/acme/ci/.github/workflows/promote.yml@refs/heads/main \\",
    "  promote --image $QUARANTINE:3.13 --target $REPO:3.13 summary",
    "dagger call with-trust-root --file trusted_root.json with-trusted-identity --issuer $ISSUER --subject $IDENTITY \\",
    "  verify --image $REPO:3.13 --max-age 7d reference",
    "cosign verify-attestation --trusted-root trusted_root.json --certificate-identity $IDENTITY \\",
    "  --certificate-oidc-issuer $ISSUER --type https://cssc.dev/verdict/v1 $REPO@$DIGEST",
  ].map((command) => ({
    page: "docs/evidence.md",
    command,
    because: "needs a CI job's identity and Sigstore; test/contract/keyless.contract.test.ts does both on servers here",
  })),
  { page: "docs/performance.md", command: "npm run -s bench -- requests", because: measured },
  {
    page: "docs/performance.md",
    command: "go install github.com/regclient/regclient/cmd/regctl@v0.11.5",
    because: measured,
  },
  {
    page: "docs/performance.md",
    command: "REGCTL=$(go env GOPATH)/bin/regctl npm run -s bench -- requests",
    because: measured,
  },
  {
    page: "docs/performance.md",
    command: "npx vitest run --project contract test/contract/promote-requests",
    because: "is a test itself",
  },
  { page: "docs/performance.md", command: "WARM=1 ROUNDS=2 npm run -s bench -- quarantine", because: measured },
  { page: "docs/performance.md", command: "ROUNDS=1 npm run -s bench -- quarantine", because: measured },
  {
    page: "docs/performance.md",
    command: "BEFORE=/path/to/a/checkout/of/1855e88 ROUNDS=2 npm run -s bench -- links",
    because: measured,
  },
  { page: "docs/performance.md", command: "TAGS=200 npm run -s bench -- fleet", because: measured },
  {
    page: "docs/performance.md",
    command: "REGSYNC=$(go env GOPATH)/bin/regsync SKOPEO=$(command -v skopeo) npm run -s bench -- fleet",
    because: measured,
  },
  { page: "docs/performance.md", command: "IMAGES=100 npm run -s bench -- monitor", because: measured },
  { page: "docs/performance.md", command: "npm run -s bench -- trace", because: measured },
  { page: "docs/performance.md", command: "dagger --progress plain call … 2> trace; wc -c trace", because: measured },
  {
    page: "docs/fleets.md",
    command:
      "dagger -m github.com/acme/cssc@v1 call --docker-config file://$HOME/.docker/config.json plan --config cssc.yaml summary",
    because: fleet,
  },
  {
    page: "docs/fleets.md",
    command:
      "dagger -m github.com/acme/cssc@v1 call --docker-config file://$HOME/.docker/config.json apply --config cssc.yaml results export --wipe --path results",
    because: fleet,
  },
  {
    page: "docs/fleets.md",
    command:
      '_EXPERIMENTAL_DAGGER_RUNNER_HOST=tcp://10.0.0.7:1234 dagger -m "$CSSC" call --docker-config file://$HOME/.docker/config.json apply --config cssc.yaml --shard 1/2 results export --path results/1-of-2',
    because: fleet,
  },
  {
    page: "docs/fleets.md",
    command: "dagger -m github.com/acme/cssc@v1 call check --results results",
    because: fleet,
  },
  {
    page: "docs/fleets.md",
    command: "dagger -m github.com/acme/cssc@v1 call config-import --tool regsync --file regsync.yml yaml > cssc.yaml",
    because: fleet,
  },
  {
    page: "docs/fleets.md",
    command:
      "dagger -m github.com/acme/cssc@v1 call config-import --tool skopeo-sync --file sync.yml --target registry.example/mirror summary",
    because: fleet,
  },
  {
    page: "docs/fleets.md",
    command:
      "dagger -m github.com/acme/cssc@v1 call --trusted-key gate.pub --signing-key env://GATE_KEY monitor --repository registry.example/golden/python --renew results export --path monitored",
    because: "test/contract/monitor.contract.test.ts does it on registries of this machine",
  },
  {
    page: "docs/fleets.md",
    command:
      "dagger -m github.com/acme/cssc@v1 call --trusted-key gate.pub retention --repository registry.example/quarantine/python --older-than 30d --keep-newest 5 summary",
    because: "test/contract/retention.contract.test.ts does it on registries of this machine",
  },
]
