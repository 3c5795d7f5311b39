// The evidence graph, drawn and as a list.
import { graphlib, layout } from "@dagrejs/dagre"
import { linkHorizontal } from "d3-shape"
import type { ReportedImage } from "../report.js"
import { type EvidenceNode, evidenceNodes } from "./evidence-nodes.js"
import { More } from "./html-parts.js"

const lineHeight = 15
const maxLabel = 32

type Placed = { readonly x: number; readonly y: number; readonly width: number; readonly height: number }

/** A curve between the sides of two boxes. */
const edge = linkHorizontal()

function beside({ x, y, width }: Placed, side: 1 | -1): [number, number] {
  return [Math.round(x + (side * width) / 2), Math.round(y)]
}

/** `id` is unique on the page. */
export function EvidenceGraph({ id, image }: { id: string; image: ReportedImage }) {
  const { nodes, rest } = evidenceNodes(image)
  if (nodes.length < 2) return null
  const { graph, size } = placed(nodes)
  return (
    <>
      <h4>Evidence</h4>
      <div class="scroll" tabIndex={0} role="region" aria-label={`Evidence of ${image.name}`}>
        <svg
          viewBox={`-2 -2 ${size.width + 4} ${size.height + 4}`}
          width={Math.round(size.width + 4)}
          role="img"
          aria-labelledby={`${id}-t`}
        >
          <title id={`${id}-t`}>{`What is attached to ${image.name}: the same as the list below`}</title>
          <g aria-hidden="true">
            {graph.edges.map(({ from, to }) => (
              <path class="edge" d={edge({ source: beside(from, 1), target: beside(to, -1) }) ?? undefined} />
            ))}
            {nodes.map((node, at) => (
              <Box node={node} place={graph.places[at] as Placed} />
            ))}
          </g>
        </svg>
      </div>
      {rest > 0 ? <p class="soft">and {rest} more</p> : null}
      <More title="The evidence as a list">
        <ul>
          {nodes.map(({ lines, of }) => (
            <li>
              {lines.join(", ")}
              {of === undefined ? null : <span class="soft"> on {nodes.find((one) => one.id === of)?.lines[0]}</span>}
            </li>
          ))}
        </ul>
      </More>
    </>
  )
}

function Box({ node, place }: { node: EvidenceNode; place: Placed }) {
  const { x, y, width, height } = place
  const [left, top] = [Math.round(x - width / 2), Math.round(y - height / 2)]
  return (
    <g transform={`translate(${left} ${top})`}>
      <rect class={`box ${node.tone}`} width={Math.round(width)} height={height} rx={5} />
      {node.lines.map((text, at) => (
        <text class={at === 0 ? undefined : "soft"} x={8} y={17 + at * lineHeight}>
          {cut(text)}
        </text>
      ))}
    </g>
  )
}

function placed(nodes: readonly EvidenceNode[]) {
  const graph = new graphlib.Graph()
  graph.setGraph({ rankdir: "LR", nodesep: 10, ranksep: 42 })
  graph.setDefaultEdgeLabel(() => ({}))
  const widths = widthsOf(nodes)
  // The layout puts what it was told of last on top.
  for (const { id, lines } of [...nodes].reverse())
    graph.setNode(id, { width: widths.get(id) ?? 0, height: lines.length * lineHeight + 10 })
  for (const { id, of } of [...nodes].reverse()) if (of !== undefined) graph.setEdge(of, id)
  layout(graph)
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number }
  const edges = graph.edges().map(({ v, w }) => ({ from: graph.node(v) as Placed, to: graph.node(w) as Placed }))
  const places = nodes.map(({ id }) => graph.node(id) as Placed)
  return { graph: { edges, places }, size: { width, height } }
}

// Boxes of one column are equally wide, so that their edges stand below each other.
function widthsOf(nodes: readonly EvidenceNode[]): ReadonlyMap<string, number> {
  const parents = new Map(nodes.map(({ id, of }) => [id, of]))
  const columnOf = (id: string | undefined): number => (id === undefined ? 0 : 1 + columnOf(parents.get(id)))
  const columns = new Map<number, number>()
  for (const { id, lines } of nodes) {
    const longest = Math.max(...lines.map((text) => cut(text).length))
    columns.set(columnOf(id), Math.max(columns.get(columnOf(id)) ?? 0, longest * 7.1 + 18))
  }
  return new Map(nodes.map(({ id }) => [id, columns.get(columnOf(id)) ?? 0]))
}

function cut(text: string): string {
  return text.length <= maxLabel ? text : `${text.slice(0, maxLabel - 1)}…`
}
