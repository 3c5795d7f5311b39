// Policies that must be read, and policies that must not: one table for the parser and for the JSON Schema.
import { generateKeyPairSync } from "node:crypto"

const pair = generateKeyPairSync("ec", { namedCurve: "prime256v1" })
export const publicPem = pair.publicKey.export({ type: "spki", format: "pem" }).toString().trim()
export const privatePem = pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString().trim()
const weak = generateKeyPairSync("rsa", { modulusLength: 1024 })
const weakPem = weak.publicKey.export({ type: "spki", format: "pem" }).toString().trim()

/** A text as a flow scalar of YAML. */
export const quoted = (text: string) => JSON.stringify(text)
const key = quoted(publicPem)

export const goodPolicies: [string, string][] = [
  "severity: critical",
  "severity: UnKnown",
  "unassessed: report",
  "unassessed: {packages: report, nothing-recognised: block, unsupported-os: report}",
  "platforms: all",
  "platforms: [linux/amd64, Linux/arm64/v8, 'windows/amd64:10.0.1']",
  "platforms: {required: [linux/amd64]}",
  "evidence: {required: [https://slsa.dev/provenance/v1, 'urn:x:y'], copy: all, max-age: 30d}",
  "evidence: {copy: []}",
  "database: {max-age: ' 48h ', stale: report, unknown: report}",
  "verdict: {max-age: 90m}",
  "exceptions: []",
  "exceptions: [{id: cve-2026-1, reason: r}, {package: 'pkg:dhi/*', reason: ' r ', expires: '2026-12-31T10:00:00.5+02:00'}]",
  "exceptions: [{id: GHSA-x-y, package: 'pkg:npm/@a/b@1.*', images: ['ghcr.io/**'], platforms: [linux/arm], reason: r, owner: o, expires: 2026-12-31}]",
  "ledger: {unused: block, expiring: block, expired: block, fixable: block, within: 2w}",
  `trusted: [{publisher: acme, keys: [${key}], images: ['ghcr.io/acme/*']}]`,
  `trusted: [{publisher: ci, identities: [{issuer: 'https://token.example.com', subject: 'repo:acme/x'}]}]`,
  "signatures: {image: block, sbom: block, evidence: report}",
  "signatures: {}",
  "vex: {referrers: false, publishers: [acme], authors: all, conflict: report, unusable: block}",
  "known-exploited: block",
  "epss: {threshold: 0.5}",
  "epss: {threshold: 0, effect: report}",
  "risk-feeds: {max-age: 24h, stale: report, missing: report}",
  "regression: report",
  "regression: {new-findings: block, new-packages: block, platform-dropped: report, rollback: report, base-os: block}",
  "cross-examination: block",
].map((yaml) => [yaml.slice(0, 90), `version: 1\n${yaml}`])

const exception = (more: string) => `exceptions: [{reason: r, ${more}}]`

/** What is wrong, the policy, whether a JSON Schema can see it, and what the parser says. */
export const badPolicies: [string, string, boolean, string][] = (
  [
    [
      "an unknown severity",
      "severity: SEVERE",
      true,
      'severity: expected one of UNKNOWN, LOW, MEDIUM, HIGH, CRITICAL, not "SEVERE"',
    ],
    ["a severity that is a number", "severity: 7", true, "severity: expected text, not a number"],
    ["an unknown effect", "end-of-life: warn", true, "end-of-life: expected one of block, report"],
    ["an unknown key", "colour: red", true, "colour: unknown key"],
    ["an unknown key below", "ledger: {lost: block}", true, "ledger.lost: unknown key"],
    ["an unknown key of unassessed", "unassessed: {os: block}", true, "unassessed.os: unknown key"],
    ["an empty list of platforms", "platforms: []", true, "platforms: must name a platform"],
    ["a platform that is none", "platforms: linux", true, "platforms: expected all, a list of platforms"],
    ["a duration without unit", "verdict: {max-age: 48}", true, "verdict.max-age: expected text, not a number"],
    ["a duration of nothing", "ledger: {within: 0d}", true, "ledger.within: is not a duration"],
    ["a duration in years", "evidence: {max-age: 1y}", true, "evidence.max-age: is not a duration"],
    [
      "a predicate type that is no URI",
      "evidence: {required: [slsa]}",
      true,
      "evidence.required[0]: is not a predicate type",
    ],
    ["purl qualifiers", exception("package: 'pkg:deb/debian/x?arch=amd64'"), true, "qualifiers"],
    ["an unknown purl type", exception("package: 'pkg:*'"), true, "is not a purl pattern"],
    ["a wildcard for ids", exception("id: 'CVE-*'"), true, "is not the id of a vulnerability"],
    ["an exception about nothing", "exceptions: [{reason: r}]", true, "exceptions[0]: needs an id, a package, or both"],
    ["an exception without reason", "exceptions: [{id: CVE-2024-1}]", true, "exceptions[0].reason: is missing"],
    ["an exception with a blank reason", "exceptions: [{id: CVE-2024-1, reason: '  '}]", true, "must not be empty"],
    [
      "an expiry in words",
      exception("id: CVE-2024-1, expires: tomorrow"),
      true,
      "exceptions[0].expires: is not a date",
    ],
    ["an expiry on 30 February", exception("id: CVE-2024-1, expires: 2026-02-30"), false, "expires: is not a date"],
    ["a glob with a tag's brace", exception("id: CVE-2024-1, images: ['a{b,c}']"), true, "is not a glob"],
    ["a glob of stars", exception(`id: CVE-2024-1, images: ['${"*a".repeat(9)}']`), false, "more than 8 stars"],
    ["a publisher without keys", "trusted: [{publisher: acme}]", true, "trusted[0]: needs keys, identities, or both"],
    [
      "a publisher with no key",
      "trusted: [{publisher: acme, keys: []}]",
      true,
      "trusted[0].keys: must hold a public key",
    ],
    ["a publisher without a name", `trusted: [{keys: [${key}]}]`, true, "trusted[0].publisher: is missing"],
    [
      "a publisher whose name nobody can see",
      `trusted: [{publisher: "\\u200b", keys: [${key}]}]`,
      false,
      "trusted[0].publisher: must not be empty",
    ],
    [
      "a publisher whose name looks like another's",
      `trusted: [{publisher: "ac\\u200bme", keys: [${key}]}]`,
      false,
      "trusted[0].publisher: has a character that cannot be seen",
    ],
    [
      "VEX publishers by a name that looks like another's",
      `vex: {publishers: ["ac\\u00a0me"]}`,
      false,
      "vex.publishers[0]: has a character that cannot be seen",
    ],
    [
      "an exception whose reason nobody can see",
      `exceptions: [{id: CVE-2024-1, reason: "\\u2060 \\u3164"}]`,
      false,
      "exceptions[0].reason: must not be empty",
    ],
    ["a private key", `trusted: [{publisher: a, keys: [${quoted(privatePem)}]}]`, true, "keys[0]: is a private key"],
    [
      "both halves of a key",
      `trusted: [{publisher: a, keys: [${quoted(`${publicPem}\n${privatePem}`)}]}]`,
      true,
      "private key",
    ],
    ["a key that is none", "trusted: [{publisher: a, keys: [AAAA]}]", true, "is not a public key in PEM"],
    [
      "a truncated key",
      `trusted: [{publisher: a, keys: [${quoted(publicPem.slice(0, 60))}]}]`,
      false,
      "cannot be read",
    ],
    ["a weak key", `trusted: [{publisher: a, keys: [${quoted(weakPem)}]}]`, false, "RSA with less than 2048 bits"],
    ["a key of 20,000 letters", `trusted: [{publisher: a, keys: ['${"A".repeat(20_000)}']}]`, true, "is longer than"],
    [
      "an identity without subject",
      "trusted: [{publisher: a, identities: [{issuer: 'https://a'}]}]",
      true,
      "identities[0].subject",
    ],
    [
      "an issuer that is no URI",
      "trusted: [{publisher: a, identities: [{issuer: me, subject: s}]}]",
      true,
      "is not an issuer",
    ],
    ["a list of signatures", "signatures: [image]", true, "signatures: expected a mapping, not a list"],
    ["a VEX author who is nobody", "vex: {authors: ['']}", true, "vex.authors[0]: must not be empty"],
    ["VEX publishers by one name", "vex: {publishers: acme}", true, "vex.publishers: expected all, or a list of names"],
    ["epss as a number", "epss: 0.5", true, "epss: expected a mapping, not a number"],
    ["epss without threshold", "epss: {effect: block}", true, "epss.threshold: is missing"],
    ["an epss of 50", "epss: {threshold: 50}", true, "epss.threshold: Too big"],
    ["an unknown regression", "regression: {size: block}", true, "regression.size: unknown key"],
    [
      "an effect that is true",
      "cross-examination: true",
      true,
      "cross-examination: expected one of block, report, not true or false",
    ],
    ["a prototype key", "__proto__: {severity: LOW}", true, "__proto__: unknown key"],
  ] as const
).map(([what, yaml, seen, message]) => [what, `version: 1\n${yaml}`, seen, message])
