// The ledger as OpenVEX, for consumers who shall know what was accepted. An accepted risk is a risk: the status is
// `affected`, with what was decided as the action. It is never `not_affected`, which would tell everybody downstream
// that there is nothing to see, and no tool may suppress a finding by it.
// https://github.com/openvex/spec/blob/v0.2.0/OPENVEX-SPEC.md
import { PackageURL } from "packageurl-js"
import { parseReference, repositoryName } from "../oci/reference.js"
import type { Verdict } from "../policy/verdict/verdict.js"
import { formatTime } from "./build-statement.js"
import { ledgerEntries, type LedgerEntry } from "./ledger-entries.js"

export type OpenVexStatement = {
  readonly vulnerability: { readonly name: string; readonly aliases?: readonly string[] }
  readonly timestamp: string
  readonly products: readonly [
    { readonly "@id": string; readonly subcomponents: readonly { readonly "@id": string }[] },
  ]
  readonly status: "affected"
  readonly action_statement: string
}

export type OpenVexDocument = {
  readonly "@context": "https://openvex.dev/ns/v0.2.0"
  readonly "@id": string
  readonly author: string
  readonly timestamp: string
  readonly version: 1
  readonly statements: readonly OpenVexStatement[]
}

/** The used exceptions and the override of a verdict, as of its evaluation; `id` is the document's IRI. */
export function toOpenVex(verdict: Verdict, { author, id }: { readonly author: string; readonly id: string }) {
  const timestamp = formatTime(verdict.evaluatedAt)
  const product = imagePurl(verdict.image)
  const document: OpenVexDocument = {
    "@context": "https://openvex.dev/ns/v0.2.0",
    "@id": id,
    author,
    timestamp,
    version: 1,
    statements: ledgerEntries(verdict).map((entry) => ({
      vulnerability: { name: entry.id, ...(entry.aliases.length === 0 ? {} : { aliases: entry.aliases }) },
      timestamp,
      products: [{ "@id": product, subcomponents: entry.purls.map((purl) => ({ "@id": purl })) }],
      status: "affected",
      action_statement: actionOf(entry),
    })),
  }
  return document
}

function actionOf({ by, statement, source, expires, overridden }: LedgerEntry): string {
  const until = expires === undefined ? "without an end" : `until ${expires}`
  const who = overridden ? `Overridden by ${by} (${source})` : `Accepted by ${by}`
  return `${who} ${until}: ${statement}`
}

/** https://github.com/package-url/purl-spec/blob/main/types-doc/oci-definition.md */
function imagePurl({ reference, digest }: Verdict["image"]): string {
  const name = repositoryName(parseReference(reference))
  const last = name.slice(name.lastIndexOf("/") + 1)
  return new PackageURL("oci", null, last, digest, { repository_url: name }, null).toString()
}
