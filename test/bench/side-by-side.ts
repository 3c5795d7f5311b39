// Two states of this repository in one run: this checkout and, with BEFORE=/path, another one. They take turns, so that
// whatever else the machine does falls on both.
import { call, moduleFolder } from "../support/dagger-cli.js"

export type State = { readonly name: string; readonly folder: string }
type Work = () => Promise<unknown>

const before = process.env.BEFORE

/** The states to compare, the older one first. */
export const states: readonly State[] = [
  ...(before ? [{ name: "before", folder: before }] : []),
  { name: "now", folder: moduleFolder },
]

/** How often each is measured: ROUNDS, by default 3. */
export const rounds = Number(process.env.ROUNDS ?? 3)

/** `dagger call` in the module of a state. */
export function callIn({ folder }: State, args: readonly string[], env: Record<string, string> = {}): Promise<string> {
  return call(args, { cwd: folder, env })
}

/** Another word each time: nothing that it is part of was computed before. */
export function unheard(): string {
  return `bench-${process.pid}-${(count += 1)}`
}
let count = 0

export async function seconds(work: Work): Promise<number> {
  const started = performance.now()
  await work()
  return (performance.now() - started) / 1000
}

/** The median seconds of each work, when all take turns; one round before is not counted. */
export async function medians(works: readonly Work[]): Promise<number[]> {
  const found: number[][] = works.map(() => [])
  for (let round = 0; round <= rounds; round++)
    for (const [at, work] of works.entries()) {
      const time = await seconds(work)
      if (round > 0) found[at]?.push(time)
    }
  return found.map(median)
}

export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  return ((sorted[(sorted.length - 1) >> 1] ?? NaN) + (sorted[sorted.length >> 1] ?? NaN)) / 2
}

/** Prints a Markdown table; numbers with a fraction are seconds. */
export function printTable(title: string, head: readonly string[], rows: readonly (readonly (string | number)[])[]) {
  const line = (cells: readonly (string | number)[]) => `| ${cells.map(format).join(" | ")} |`
  console.log([`### ${title}`, "", line(head), line(head.map(() => "---")), ...rows.map(line), ""].join("\n"))
}

function format(cell: string | number): string {
  return typeof cell === "string" || Number.isInteger(cell) ? String(cell) : `${cell.toFixed(2)} s`
}
