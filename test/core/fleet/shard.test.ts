// Who does what: stable, whole, and a chain never torn apart.
import { describe, expect, it } from "vitest"
import { parseFleet } from "../../../core/fleet/config/parse-fleet.js"
import { githubMatrix, gitlabPipeline } from "../../../core/fleet/shard/job-matrix.js"
import { inShard, parseShard } from "../../../core/fleet/shard/shard.js"
import { expectCode } from "../oci/fixture.js"

const names = Array.from({ length: 60 }, (_, at) => `app-${at}`)
const fileOf = (apps: readonly string[]) => `version: 1
mirrors:
${apps.map((app) => `  - { source: up.example/${app}, target: q.example/${app} }`).join("\n")}
promotions:
${apps.map((app) => `  - { source: q.example/${app}, target: g.example/x/${app} }\n  - { source: g.example/x/${app}, target: h.example/y/${app} }`).join("\n")}
`
const shardsOf = (apps: readonly string[], count: number) => {
  const { entries } = parseFleet(fileOf(apps))
  const all = Array.from({ length: count }, (_, at) => inShard(entries, { index: at + 1, count }))
  return new Map(all.flatMap((own, at) => own.map(({ target }) => [`${target.registry}/${target.repository}`, at + 1])))
}

describe("inShard", () => {
  it.each([1, 2, 3, 7])("gives every entry to exactly one of %i, and all of a chain to the same", (count) => {
    const shards = shardsOf(names, count)
    expect(shards.size).toBe(3 * names.length)
    for (const app of names) {
      const own = [`q.example/${app}`, `g.example/x/${app}`, `h.example/y/${app}`].map((name) => shards.get(name))
      expect(new Set(own).size).toBe(1)
    }
    expect(new Set(shards.values()).size).toBe(count)
  })

  it("leaves every entry where it was when others come, go and change places", () => {
    const before = shardsOf(names, 4)
    const after = shardsOf([...names.slice(10).reverse(), "another"], 4)
    for (const [name, shard] of after) if (before.has(name)) expect([name, before.get(name)]).toEqual([name, shard])
  })

  it("is the same on every machine", () => {
    expect(shardsOf(["app-0", "app-1", "app-2", "app-3"], 2)).toMatchInlineSnapshot(`
      Map {
        "q.example/app-1" => 1,
        "q.example/app-2" => 1,
        "g.example/x/app-1" => 1,
        "h.example/y/app-1" => 1,
        "g.example/x/app-2" => 1,
        "h.example/y/app-2" => 1,
        "q.example/app-0" => 2,
        "q.example/app-3" => 2,
        "g.example/x/app-0" => 2,
        "h.example/y/app-0" => 2,
        "g.example/x/app-3" => 2,
        "h.example/y/app-3" => 2,
      }
    `)
  })
})

describe("parseShard", () => {
  it("reads i/n, and nothing as all", () => {
    expect(parseShard("2/4")).toEqual({ index: 2, count: 4 })
    expect(parseShard("")).toEqual({ index: 1, count: 1 })
  })
  it.each(["0/4", "5/4", "1/257", "1", "a/b", "1/0", "1/-2", "1.5/2", "١/٤"])("refuses %s", (text) => {
    expectCode(() => parseShard(text), "ARGUMENT_INVALID")
  })
})

describe("the jobs of shards", () => {
  it("are GitHub's matrix", () => {
    expect(JSON.parse(githubMatrix(2))).toEqual({
      include: [
        { shard: "1/2", name: "1-of-2" },
        { shard: "2/2", name: "2-of-2" },
      ],
    })
    expectCode(() => githubMatrix(0), "ARGUMENT_INVALID")
    expectCode(() => githubMatrix(257), "ARGUMENT_INVALID")
  })
  it("are a child pipeline of GitLab's", () => {
    expect(gitlabPipeline(2, "/.gitlab/apply.yml")).toBe(`include:
  - local: /.gitlab/apply.yml
cssc-apply 1/2:
  extends: .cssc-apply
  variables:
    CSSC_SHARD: 1/2
    CSSC_SHARD_NAME: 1-of-2
cssc-apply 2/2:
  extends: .cssc-apply
  variables:
    CSSC_SHARD: 2/2
    CSSC_SHARD_NAME: 2-of-2
`)
    expect(gitlabPipeline(1, "")).toMatch(/^cssc-apply 1\/1:\n/)
    expectCode(() => gitlabPipeline(2, "x.yml\nscript: evil"), "ARGUMENT_INVALID")
  })
})
