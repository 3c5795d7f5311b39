// What a registry was found to be able to do, each with the answer that showed it.
import { code, type Content, facts, heading, type Page, paragraph, signed } from "../page/page.js"
import type { Capability } from "../ports.js"

export type ProbeResult = {
  readonly schema: "https://cssc.dev/probe/v1"
  readonly repository: string
  readonly write: boolean
  readonly capabilities: readonly Capability[]
  /** How this module works with the registry, by what was found. */
  readonly strategy: readonly string[]
  /** What could not be cleaned up. */
  readonly left: readonly string[]
}

/** What this module does where a capability is there, or not. */
export function strategyOf(capabilities: readonly Capability[]): readonly string[] {
  const verdict = (name: string) => capabilities.find((one) => one.name === name)?.verdict ?? "unknown"
  const lists = verdict("referrers API")
  const lying = verdict("referrers tag") === "lies"
  return [
    lists === "yes"
      ? "attachments are listed by the referrers API"
      : lists === "no"
        ? "attachments are listed under the referrers tag, which clients keep: runs on one image take turns"
        : "attachments: whether the registry lists them itself is asked in each call",
    ...(lying ? ["the registry answers referrers tags with the image itself: its attachments cannot be copied"] : []),
    ...(verdict("mount") === "yes" ? ["layers of one registry are mounted, not sent"] : []),
    ...(verdict("mount") === "no" ? ["layers are sent again, even within the registry"] : []),
    verdict("delete") === "no"
      ? "deletion needs the registry's own API (with-delete-token), or is not possible"
      : "deletion is tried by DELETE",
    ...(verdict("immutable tags") === "yes" ? ["tags do not move: promote to a new tag each time"] : []),
    ...(verdict("pull quota") === "yes" ? ["pulls end before the quota does (QUOTA_EXHAUSTED)"] : []),
  ]
}

const signs = { yes: "good", no: "same", lies: "bad", unknown: "same" } as const

export function renderProbe({ repository, capabilities, strategy, left }: ProbeResult): Page {
  const rows = capabilities.map(({ name, verdict, evidence }): [string, Content] => [name, `${verdict}: ${evidence}`])
  const worst = capabilities.some(({ verdict }) => verdict === "lies") ? "lies" : "yes"
  return [
    heading(2, signed(signs[worst]), " Probe of ", code(repository)),
    facts(rows),
    ...strategy.map((line) => paragraph(line)),
    ...(left.length === 0 ? [] : [paragraph(`Left behind: ${left.join(", ")}`)]),
  ]
}
