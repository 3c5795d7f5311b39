// Small parts of the page. All text passes through the template engine, which escapes it.
import type { ComponentChildren } from "preact"
import { promotedWords, signOf } from "../../evidence/render/outcome-sentence.js"
import { advisoryUrl } from "../../findings/advisory-url.js"
import type { Finding, Severity } from "../../findings/finding.js"
import { ageOf, momentOf } from "../../page/age.js"
import type { Report, ReportedImage } from "../report.js"

/** What a colour means; the words beside it say the same. */
export type Tone = "good" | "bad" | "warn" | "soft" | "plain"

export function toneOf(sign: ReturnType<typeof signOfImage>): Tone {
  return ({ good: "good", bad: "bad", unknown: "warn", same: "soft" } as const)[sign]
}

export function Outcome({ image, kind }: { image: ReportedImage; kind: Report["kind"] }) {
  return <Badge tone={toneOf(signOfImage(image))}>{outcomeWords(image, kind)}</Badge>
}

export function Badge({ tone, children }: { tone: Tone; children: ComponentChildren }) {
  return <span class={`badge ${tone}`}>{children}</span>
}

export function signOfImage({ outcome }: ReportedImage) {
  return outcome === "scanned" ? "same" : signOf(outcome)
}

export function outcomeWords({ outcome }: ReportedImage, kind: Report["kind"]): string {
  if (outcome === "scanned") return "scanned"
  return kind === "gate" && outcome === "promote" ? "would pass" : promotedWords(outcome)
}

export function SeverityName({ severity }: { severity: Severity }) {
  return <span class={`sev s-${severity}`}>{severity}</span>
}

/** A link that leaves the page names nothing of it to where it goes. */
export function Advisory({ finding }: { finding: Pick<Finding, "id" | "url"> }) {
  const url = advisoryUrl(finding)
  if (url === undefined) return <code>{finding.id}</code>
  return (
    <a href={url} rel="noopener noreferrer nofollow">
      {finding.id}
    </a>
  )
}

export function Time({ at, now }: { at: string; now: string }) {
  if (Number.isNaN(Date.parse(at))) return <>{at}</>
  return (
    <time dateTime={new Date(at).toISOString()}>
      {momentOf(at)} ({ageOf(at, new Date(now))})
    </time>
  )
}

type TableProps = { caption: string; header: readonly string[]; children: ComponentChildren; rest?: number }

/** Reachable by keyboard, since it scrolls where the page is narrow. */
export function DataTable({ caption, header, children, rest = 0 }: TableProps) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={caption}>
      <table>
        <caption>{caption}</caption>
        <thead>
          <tr>
            {header.map((name) => (
              <th scope="col">{name}</th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
      {rest > 0 ? <p class="soft">and {rest} more in the JSON beside this page</p> : null}
    </div>
  )
}

export function More({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <details class="more">
      <summary>{title}</summary>
      {children}
    </details>
  )
}
