// The charts: each has a title and a description for who does not see it, and its numbers stand beside its bars.
import { scaleLinear } from "d3-scale"
import { severities, type Severity } from "../../findings/finding.js"
import type { Report } from "../report.js"
import { reportedFindings } from "../reported-findings.js"

/** What a card shows on a wide page, so that texts keep their size. */
export const chartWidth = 330
const rowHeight = 28
const left = 76

type Bar = { readonly name: string; readonly value: number; readonly part?: number; readonly fill: string }

function Bars({
  id,
  title,
  bars,
  partName = "",
}: {
  id: string
  title: string
  bars: readonly Bar[]
  partName?: string
}) {
  const scale = scaleLinear()
    .domain([0, Math.max(1, ...bars.map(({ value }) => value))])
    .range([0, chartWidth - left - (partName === "" ? 40 : 118)])
  const told = ({ value, part = 0 }: Bar) => (part === 0 ? String(value) : `${value}, ${part} ${partName}`)
  const text = bars.map((bar) => `${bar.name}: ${told(bar)}`).join("; ")
  return (
    <svg viewBox={`0 0 ${chartWidth} ${bars.length * rowHeight}`} role="img" aria-labelledby={`${id}-t ${id}-d`}>
      <title id={`${id}-t`}>{title}</title>
      <desc id={`${id}-d`}>{text}</desc>
      {bars.map((bar, row) => (
        <g transform={`translate(0 ${row * rowHeight})`} aria-hidden="true">
          <text x={left - 10} y={18} text-anchor="end">
            {bar.name}
          </text>
          <rect class="f-rest" x={left} y={5} width={scale(bar.value)} height={18} rx={3} />
          <rect class={bar.fill} x={left} y={5} width={scale(bar.part ?? bar.value)} height={18} rx={3} />
          <text x={left + scale(bar.value) + 7} y={18}>
            {told(bar)}
          </text>
        </g>
      ))}
    </svg>
  )
}

/** How many images came how far. */
export function Funnel({ report }: { report: Report }) {
  const { images, acquired = images.length } = report
  const count = (wanted: readonly string[]) => images.filter(({ outcome }) => wanted.includes(outcome)).length
  const passed = ["promote", "unchanged", "dryrun"]
  const bars = [
    { name: "acquired", value: acquired, fill: "f-step" },
    { name: "judged", value: images.length - count(["failed"]), fill: "f-step" },
    { name: "passed", value: count(passed), fill: "f-step" },
    { name: "promoted", value: count(["promote", "unchanged"]), fill: "f-good" },
  ]
  return <Bars id="funnel" title="From acquired to promoted" bars={bars} />
}

/** Distinct vulnerabilities over all images, with those that block. */
export function SeverityBars({ report }: { report: Report }) {
  const worst = new Map<string, { severity: Severity; blocking: boolean }>()
  for (const image of report.images)
    for (const { finding, judgement } of reportedFindings(image)) {
      const known = worst.get(finding.id)
      const blocking = judgement === "blocking" || known?.blocking === true
      const severity =
        known === undefined || rank(finding.severity) > rank(known.severity) ? finding.severity : known.severity
      worst.set(finding.id, { severity, blocking })
    }
  if (worst.size === 0) return <p>No vulnerability was found.</p>
  const bars = [...severities].reverse().map((severity) => {
    const these = [...worst.values()].filter((one) => one.severity === severity)
    const part = these.filter(({ blocking }) => blocking).length
    return { name: severity.toLowerCase(), value: these.length, part, fill: `f-${severity}` }
  })
  const judged = report.kind !== "scan"
  return (
    <>
      <Bars
        id="severity"
        title="Vulnerabilities by severity"
        bars={judged ? bars : bars.map(whole)}
        partName="blocking"
      />
      {judged ? <p class="soft note">Each once over all images; what does not block is grey.</p> : null}
    </>
  )
}

function whole({ part: _part, ...bar }: Bar): Bar {
  return bar
}

function rank(severity: Severity): number {
  return severities.indexOf(severity)
}
