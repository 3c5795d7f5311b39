// The trend over earlier results and this one, as lines and as a table.
import { scaleLinear, scaleUtc } from "d3-scale"
import { line } from "d3-shape"
import { momentOf } from "../../page/age.js"
import type { EarlierResult, Report } from "../report.js"
import { chartWidth } from "./charts.js"
import { DataTable, More } from "./html-parts.js"

const height = 148
const [top, bottom, left, right] = [12, height - 24, 6, chartWidth - 92]
const maxRows = 12
/** Closer than this, two names would lie on each other. */
const nameHeight = 15

type Line = {
  readonly name: string
  readonly tone: "good" | "bad"
  readonly value: (point: EarlierResult) => number
}

function linesOf(kind: Report["kind"]): readonly Line[] {
  const isInventory = kind === "inventory"
  return [
    { name: isInventory ? "not proven" : "blocked", tone: "bad", value: ({ blocked }) => blocked },
    { name: isInventory ? "proven" : "promoted", tone: "good", value: ({ promoted }) => promoted },
  ]
}

/** At least two points. */
export function Trend({ points, kind }: { points: readonly EarlierResult[]; kind: Report["kind"] }) {
  const lines = linesOf(kind)
  return (
    <>
      <Lines points={points} lines={lines} />
      <More title="The same as a table">
        <DataTable caption="Images over time" header={["When", ...lines.map(({ name }) => name), "failed"]}>
          {points.slice(-maxRows).map((point) => (
            <tr>
              <th scope="row">{momentOf(point.at).slice(0, 10)}</th>
              {lines.map(({ value }) => (
                <td>{value(point)}</td>
              ))}
              <td>{point.failed}</td>
            </tr>
          ))}
        </DataTable>
      </More>
    </>
  )
}

function Lines({ points, lines }: { points: readonly EarlierResult[]; lines: readonly Line[] }) {
  const times = points.map(({ at }) => Date.parse(at))
  const across = scaleUtc()
    .domain([Math.min(...times), Math.max(...times)])
    .range([left + 4, right])
  const most = Math.max(1, ...points.flatMap((point) => lines.map(({ value }) => value(point))))
  const up = scaleLinear().domain([0, most]).range([bottom, top])
  const x = ({ at }: EarlierResult) => Math.round(across(Date.parse(at)))
  const [first, last] = [points[0] as EarlierResult, points.at(-1) as EarlierResult]
  const names = namePlaces(lines.map(({ value }) => up(value(last))))
  const told = (point: EarlierResult) => lines.map(({ name, value }) => `${value(point)} ${name}`).join(", ")
  return (
    <svg viewBox={`0 0 ${chartWidth} ${height}`} role="img" aria-labelledby="trend-t trend-d">
      <title id="trend-t">{lines.map(({ name }) => name).join(" and ")} over time</title>
      <desc id="trend-d">{points.map((point) => `${momentOf(point.at)}: ${told(point)}`).join("; ")}</desc>
      <g aria-hidden="true">
        <path class="track" d={`M${left} ${bottom}H${right}`} />
        {lines.map(({ name, tone, value }, at) => (
          <>
            <path
              class={`l-${tone}`}
              d={line<EarlierResult>(x, (point) => Math.round(up(value(point))))([...points]) ?? ""}
            />
            {points.map((point) => (
              <circle class={`p-${tone}`} cx={x(point)} cy={Math.round(up(value(point)))} r={3} />
            ))}
            <text x={right + 9} y={(names[at] ?? 0) + 4}>
              <tspan class="strong">{value(last)}</tspan> {name}
            </text>
          </>
        ))}
        <text class="soft" x={left} y={height - 6}>
          {momentOf(first.at).slice(0, 10)}
        </text>
        <text class="soft" x={right} y={height - 6} text-anchor="end">
          {momentOf(last.at).slice(0, 10)}
        </text>
      </g>
    </svg>
  )
}

// Beside the ends of the lines, since colour alone tells nobody who does not see it; moved apart where they would meet.
function namePlaces([one = 0, other = 0]: readonly number[]): number[] {
  const gap = nameHeight - Math.abs(one - other)
  if (gap <= 0) return [one, other]
  return one <= other ? [one - gap / 2, other + gap / 2] : [one + gap / 2, other - gap / 2]
}
