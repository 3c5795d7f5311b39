// The parts of a policy about who is trusted, and about more than severities: defaults filled in.
import { readPublicKey } from "../../attestation/public-key.js"
import { defaultPolicy, type Effect, type Policy, type RegressionPolicy, type TrustedPublisher } from "./policy.js"
import type { PolicyDocument } from "./policy-schema.js"

export function trustPolicyOf(file: PolicyDocument): Pick<Policy, "trusted" | "signatures" | "vex"> {
  const base = defaultPolicy()
  return {
    trusted: (file.trusted ?? []).map(publisherOf),
    signatures: {
      ...(file.signatures?.image === undefined ? {} : { image: file.signatures.image }),
      sbom: file.signatures?.sbom ?? base.signatures.sbom,
      evidence: file.signatures?.evidence ?? base.signatures.evidence,
    },
    vex: {
      referrers: file.vex?.referrers ?? base.vex.referrers,
      publishers: file.vex?.publishers ?? base.vex.publishers,
      authors: file.vex?.authors ?? base.vex.authors,
      conflict: file.vex?.conflict ?? base.vex.conflict,
      unusable: file.vex?.unusable ?? base.vex.unusable,
    },
  }
}

type RiskPolicy = Pick<Policy, "knownExploited" | "epss" | "riskFeeds" | "regression" | "crossExamination">

export function riskPolicyOf(file: PolicyDocument): RiskPolicy {
  const base = defaultPolicy()
  const { epss } = file
  return {
    ...(file["known-exploited"] === undefined ? {} : { knownExploited: file["known-exploited"] }),
    ...(epss === undefined ? {} : { epss: { threshold: epss.threshold, effect: epss.effect ?? "block" } }),
    riskFeeds: {
      maxAge: file["risk-feeds"]?.["max-age"] ?? base.riskFeeds.maxAge,
      stale: file["risk-feeds"]?.stale ?? base.riskFeeds.stale,
      missing: file["risk-feeds"]?.missing ?? base.riskFeeds.missing,
    },
    ...(file.regression === undefined ? {} : { regression: regressionOf(file.regression) }),
    ...(file["cross-examination"] === undefined ? {} : { crossExamination: file["cross-examination"] }),
  }
}

function regressionOf(value: NonNullable<PolicyDocument["regression"]>): RegressionPolicy {
  const pick = (key: Exclude<keyof Exclude<typeof value, string>, symbol>, fallback: Effect): Effect =>
    typeof value === "string" ? value : (value[key] ?? fallback)
  return {
    newFindings: pick("new-findings", "block"),
    newPackages: pick("new-packages", "report"),
    platformDropped: pick("platform-dropped", "block"),
    rollback: pick("rollback", "block"),
    baseOs: pick("base-os", "report"),
  }
}

function publisherOf({
  publisher,
  keys,
  identities,
  images,
}: NonNullable<PolicyDocument["trusted"]>[number]): TrustedPublisher {
  return {
    publisher,
    keys: (keys ?? []).map((pem) => readPublicKey(pem)),
    identities: identities ?? [],
    images: images ?? [],
  }
}
