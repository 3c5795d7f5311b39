// Who comes from the composite actions finds each of their inputs and outputs in the tables.
import { readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"

const read = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), "utf8")
type Face = {
  readonly inputs: readonly string[]
  readonly outputs?: readonly string[]
  readonly secrets?: readonly string[]
}
type Faces = Readonly<Record<string, Face>>
const { commit, actions, workflows } = JSON.parse(read("test/fixtures/migration/composite-actions.json")) as {
  commit: string
  actions: Faces
  workflows: Faces
}
const page = read("docs/migration.md")
const sections = page.split(/^(?=###? )/m)

/** What the first column of its table names. */
function told(name: string): Set<string> {
  const section = sections.find((one) => /^### .*/.exec(one)?.[0].includes(`\`${name}\``) === true) ?? ""
  const cells = [...section.matchAll(/^\| ([^|]*) \|/gm)].map(([, cell = ""]) => cell)
  return new Set(cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, word = ""]) => word)))
}

describe.each(Object.entries({ ...actions, ...workflows }))("%s", (name, { inputs, outputs = [], secrets = [] }) => {
  it("has each of its inputs and outputs in its table", () => {
    const known = told(name)
    // The number and address of an issue stand in one row with what is done with it, where they are input and output.
    expect([...inputs, ...outputs, ...secrets].filter((one) => !known.has(one))).toEqual([])
  })
})

it("names the commit that the lists are of", () => {
  expect(page).toContain(`\`${commit.slice(0, 7)}\``)
})
