// What a policy may say but hardly means: few warnings, so that each is read. None of them changes a verdict.
import { isActive } from "../exceptions/ledger.js"
import type { Policy, TrustedPublisher } from "./policy.js"
import { type FileProblem, type LineOf, problemAt } from "./policy-problems.js"

type Warning = { readonly path: readonly PropertyKey[]; readonly message: string }

/** In the order of the file. */
export function policyWarnings(policy: Policy, lineOf: LineOf, now?: Date): FileProblem[] {
  return [...exceptionWarnings(policy, now), ...trustWarnings(policy), ...deadKeys(policy)]
    .map(({ path, message }) => problemAt(path, message, lineOf))
    .sort((a, b) => (a.line ?? 0) - (b.line ?? 0))
}

function exceptionWarnings({ exceptions }: Policy, now: Date | undefined): Warning[] {
  return exceptions.flatMap((exception, at): Warning[] => {
    const path = ["exceptions", at]
    if (exception.expires === undefined)
      return [{ path, message: "never expires: nobody will look at it again; give it expires" }]
    if (now === undefined || isActive(exception, now)) return []
    return [{ path: [...path, "expires"], message: `has ended (${exception.expires}): it covers nothing any more` }]
  })
}

function trustWarnings(policy: Policy): Warning[] {
  const { trusted, vex } = policy
  const names = trusted.map(({ publisher }) => publisher)
  const unknown = vex.publishers === "all" ? [] : vex.publishers
  const owners = new Map<string, string>()
  return [
    ...unknown.flatMap((name, at): Warning[] =>
      names.includes(name)
        ? []
        : [{ path: ["vex", "publishers", at], message: "no publisher in trusted has this name" }],
    ),
    ...trusted.flatMap((publisher, at): Warning[] => [
      ...(isUsed(publisher, policy)
        ? []
        : [{ path: ["trusted", at], message: "decides nothing: no signature is required, and its VEX is not read" }]),
      ...sharedKeys(publisher, at, owners),
    ]),
  ]
}

// A required signature may be anybody's in `trusted`.
function isUsed({ publisher }: TrustedPublisher, { signatures, vex }: Policy): boolean {
  if (Object.values(signatures).includes("block")) return true
  return vex.referrers && (vex.publishers === "all" || vex.publishers.includes(publisher))
}

function sharedKeys({ publisher, keys }: TrustedPublisher, at: number, owners: Map<string, string>): Warning[] {
  return keys.flatMap(({ fingerprint }, key): Warning[] => {
    const owner = owners.get(fingerprint)
    owners.set(fingerprint, owner ?? publisher)
    if (owner === undefined) return []
    return [{ path: ["trusted", at, "keys", key], message: `is also a key of ${owner}: nobody can tell who signed` }]
  })
}

// Keys that nothing reads in this combination.
function deadKeys(policy: Policy): Warning[] {
  const { signatures, trusted, riskFeeds, knownExploited, epss } = policy
  const required = (["image", "sbom", "evidence"] as const).find((key) => signatures[key] === "block")
  const feeds = riskFeeds.missing === "report" && (knownExploited === "block" || epss?.effect === "block")
  const strict = policy.severity === "UNKNOWN" && policy.unknownSeverity === "report"
  return [
    ...(required !== undefined && trusted.length === 0
      ? [
          {
            path: ["signatures", required],
            message: "blocks every image unless a trusted key is passed beside the policy",
          },
        ]
      : []),
    ...(feeds
      ? [{ path: ["risk-feeds", "missing"], message: "lets images pass unchecked whenever a feed cannot be read" }]
      : []),
    ...(strict
      ? [
          {
            path: ["severity"],
            message: "UNKNOWN stops at every vulnerability, also where unknown-severity says report",
          },
        ]
      : []),
  ]
}
