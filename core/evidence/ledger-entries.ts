// What somebody accepted in a verdict, finding by finding: by exceptions of the policy, or by an override.
import { canonicalJson, compareText } from "../findings/canonical-json.js"
import type { JudgedFinding, Verdict } from "../policy/verdict/verdict.js"

/** One acceptance of one vulnerability, with the packages that it was used for. */
export type LedgerEntry = {
  readonly id: string
  readonly aliases: readonly string[]
  readonly by: string
  readonly statement: string
  readonly source: string
  /** As written. */
  readonly expires?: string
  readonly overridden: boolean
  /** purls as the scanner wrote them, sorted. */
  readonly purls: readonly string[]
}

/** The acceptances that were used, each once, by id. A finding without a purl is left out: nothing narrow names it. */
export function ledgerEntries({ findings }: Pick<Verdict, "findings">): LedgerEntry[] {
  const groups = new Map<string, { finding: JudgedFinding; aliases: Set<string>; purls: Set<string> }>()
  for (const finding of findings) {
    const { id, judgement, because, purl } = finding
    if ((judgement !== "excepted" && judgement !== "overridden") || purl === "") continue
    const key = canonicalJson([id, judgement, because])
    const group = groups.get(key) ?? { finding, aliases: new Set(), purls: new Set() }
    groups.set(key, group)
    group.purls.add(purl)
    for (const alias of finding.aliases) group.aliases.add(alias)
  }
  return [...groups].sort(([a], [b]) => compareText(a, b)).map(([, group]) => entryOf(group))
}

function entryOf(group: { finding: JudgedFinding; aliases: Set<string>; purls: Set<string> }): LedgerEntry {
  const { id, because, judgement } = group.finding
  return {
    id,
    aliases: [...group.aliases].sort(),
    by: because?.by ?? "",
    statement: because?.statement ?? "",
    source: because?.source ?? "",
    ...(because?.expires === undefined ? {} : { expires: because.expires }),
    overridden: judgement === "overridden",
    purls: [...group.purls].sort(),
  }
}
