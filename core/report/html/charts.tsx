// The charts: each has a title and a description for who does not see it, and its numbers stand beside its bars.
import { scaleLinear } from "d3-scale"
import { line } from "d3-shape"
import { severities, type Severity } from "../../findings/finding.js"
import { momentOf } from "../../page/age.js"
import type { EarlierResult, Report } from "../report.js"
import { reportedFindings } from "../reported-findings.js"

const width = 420
const rowHeight = 30

type Bar = { readonly name: string; readonly value: number; readonly part?: number; readonly fill: string }

function Bars({ id, title, bars, partName }: { id: string; title: string; bars: readonly Bar[]; partName?: string }) {
  const [left, right] = [96, 92]
  const scale = scaleLinear()
    .domain([0, Math.max(1, ...bars.map(({ value }) => value))])
    .range([0, width - left - right])
  const told = ({ value, part }: Bar) =>
    part === undefined || part === 0 ? String(value) : `${value}, ${part} ${partName ?? ""}`
  const text = bars.map((bar) => `${bar.name}: ${told(bar)}`).join("; ")
  return (
    <svg viewBox={`0 0 ${width} ${bars.length * rowHeight}`} role="img" aria-labelledby={`${id}-t ${id}-d`}>
      <title id={`${id}-t`}>{title}</title>
      <desc id={`${id}-d`}>{text}</desc>
      {bars.map((bar, row) => (
        <g transform={`translate(0 ${row * rowHeight})`} aria-hidden="true">
          <text x={left - 8} y={19} text-anchor="end">
            {bar.name}
          </text>
          <rect
            class={bar.part === undefined ? bar.fill : "f-rest"}
            x={left}
            y={6}
            width={scale(bar.value)}
            height={18}
            rx={3}
          />
          {bar.part === undefined ? null : (
            <rect class={bar.fill} x={left} y={6} width={scale(bar.part)} height={18} rx={3} />
          )}
          <text x={left + scale(bar.value) + 6} y={19}>
            {told(bar)}
          </text>
        </g>
      ))}
    </svg>
  )
}

/** How many images came how far. */
export function Funnel({ report }: { report: Report }) {
  const { images } = report
  const count = (wanted: readonly string[]) => images.filter(({ outcome }) => wanted.includes(outcome)).length
  const passed = ["promote", "unchanged", "dryrun"]
  const bars = [
    { name: "acquired", value: images.length, fill: "f-step" },
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
  const bars = [...severities].reverse().map((severity) => {
    const these = [...worst.values()].filter((one) => one.severity === severity)
    const part = these.filter(({ blocking }) => blocking).length
    return { name: severity.toLowerCase(), value: these.length, part, fill: `f-${severity}` }
  })
  return <Bars id="severity" title="Vulnerabilities by severity" bars={bars} partName="block" />
}

function rank(severity: Severity): number {
  return severities.indexOf(severity)
}

/** Blocked and promoted images over earlier results and this one. */
export function Trend({ points }: { points: readonly EarlierResult[] }) {
  const height = 150
  const times = points.map(({ at }) => Date.parse(at))
  const x = scaleLinear()
    .domain([Math.min(...times), Math.max(...times)])
    .range([30, width - 20])
  const most = Math.max(1, ...points.flatMap(({ blocked, promoted }) => [blocked, promoted]))
  const y = scaleLinear()
    .domain([0, most])
    .range([height - 26, 14])
  const path = (value: (point: EarlierResult) => number) =>
    line<EarlierResult>(
      (point) => x(Date.parse(point.at)),
      (point) => y(value(point)),
    )([...points]) ?? ""
  const [first, last] = [points[0]?.at ?? "", points.at(-1)?.at ?? ""]
  return (
    <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-labelledby="trend-t trend-d">
      <title id="trend-t">Blocked and promoted images over time</title>
      <desc id="trend-d">
        {points
          .map(({ at, blocked, promoted }) => `${momentOf(at)}: ${blocked} blocked, ${promoted} promoted`)
          .join("; ")}
      </desc>
      <g aria-hidden="true">
        <path class="track" d={`M30 ${height - 26}H${width - 20}`} />
        <path class="l-promoted" d={path(({ promoted }) => promoted)} />
        <path class="l-blocked" d={path(({ blocked }) => blocked)} />
        {points.map((point) => (
          <>
            <circle class="p-promoted" cx={x(Date.parse(point.at))} cy={y(point.promoted)} r={3} />
            <circle class="p-blocked" cx={x(Date.parse(point.at))} cy={y(point.blocked)} r={3} />
          </>
        ))}
        <LineName point={points.at(-1)} value={({ promoted }) => promoted} name="promoted" at={{ x, y }} />
        <LineName point={points.at(-1)} value={({ blocked }) => blocked} name="blocked" at={{ x, y }} />
        <text class="soft" x={24} y={18} text-anchor="end">
          {most}
        </text>
        <text class="soft" x={30} y={height - 8}>
          {momentOf(first).slice(0, 10)}
        </text>
        <text class="soft" x={width - 20} y={height - 8} text-anchor="end">
          {momentOf(last).slice(0, 10)}
        </text>
      </g>
    </svg>
  )
}

type Scale = (value: number) => number
type LineNameProps = {
  readonly point: EarlierResult | undefined
  readonly value: (point: EarlierResult) => number
  readonly name: string
  readonly at: { readonly x: Scale; readonly y: Scale }
}

/** Beside the line: colour alone tells nobody who does not see it. */
function LineName({ point, value, name, at }: LineNameProps) {
  if (point === undefined) return null
  return (
    <text class="name" x={at.x(Date.parse(point.at)) - 6} y={at.y(value(point)) - 7} text-anchor="end">
      {`${value(point)} ${name}`}
    </text>
  )
}
