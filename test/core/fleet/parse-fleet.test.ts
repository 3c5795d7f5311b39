// A fleet file: what it may say, what it means, and every problem at once.
import { describe, expect, it } from "vitest"
import { CsscError } from "../../../core/errors.js"
import { parseFleet } from "../../../core/fleet/config/parse-fleet.js"

const problems = (text: string): string => {
  try {
    parseFleet(text)
  } catch (error) {
    if (error instanceof CsscError) return error.message
    throw error
  }
  throw new Error("it was accepted")
}

const chain = `version: 1
mirrors:
  - source: upstream.example/app
    target: here.example/quarantine/app
promotions:
  - source: here.example/quarantine/app
    target: here.example/golden/app
`

describe("parseFleet", () => {
  it("fills in every default", () => {
    expect(parseFleet(chain).entries).toEqual([
      {
        kind: "mirror",
        source: { registry: "upstream.example", repository: "app" },
        target: { registry: "here.example", repository: "quarantine/app" },
        tags: {},
        allowMissing: false,
        referrers: "with-image",
        history: true,
        provenance: true,
        platforms: [],
        force: false,
      },
      {
        kind: "promotion",
        source: { registry: "here.example", repository: "quarantine/app" },
        target: { registry: "here.example", repository: "golden/app" },
        tags: {},
        allowMissing: false,
        method: "sbom",
        predicateType: "",
        deleteSource: false,
        judgeAgain: false,
      },
    ])
  })

  it("takes the file's defaults where an entry says nothing, and the entry's word where it does", () => {
    const { entries } = parseFleet(`version: 1
policies:
  strict: { version: 1, severity: LOW }
defaults:
  mirrors: { referrers: always, history: false, tags: { newest: 3 } }
  promotions: { policy: strict, delete-source: true, method: image, predicate-type: spdx }
mirrors:
  - { source: a.example/x, target: b.example/x }
  - { source: a.example/y, target: b.example/y, referrers: never, tags: { age: { max: 90d, min: 3d, unknown: include } } }
promotions:
  - { source: b.example/x, target: b.example/g/x, method: sbom }
`)
    expect(entries).toMatchObject([
      { referrers: "always", history: false, tags: { newest: 3 } },
      {
        referrers: "never",
        history: false,
        tags: {},
        age: { max: 7_776_000_000, min: 259_200_000, unknown: "include" },
      },
      { policy: "strict", deleteSource: true, method: "sbom", predicateType: "https://spdx.dev/Document" },
    ])
    expect(entries[1]?.tags.newest).toBeUndefined()
  })

  it("has one digest for one meaning, and another for another", () => {
    const digest = (text: string) => parseFleet(text, "other.yaml").digest
    const same = chain.replace("version: 1", "# a comment\nversion: 1\ndefaults: { mirrors: { history: true } }")
    expect(digest(same)).toBe(digest(chain))
    expect(digest(chain.replace("upstream.example/app", "upstream.example/app2"))).not.toBe(digest(chain))
  })

  it("tells all problems at once, each with its line and path", () => {
    const told = problems(`version: 2
registries:
  - name: https://registry.example
  - { name: a.example, concurrency: 0, requests-per-second: -1 }
mirrors:
  - source: UPPER.example/App
    target: b.example/x:tag
    tags: { glob: [""], semver: three, regex: "(?=x)", newest: 0 }
    referrers: sometimes
    platforms: [linux]
`)
    expect(told).toMatch(/^\[FLEET_INVALID\] cssc\.yaml has 12 problems: line 1: version: expected version: 1; /)
    for (const part of [
      "line 3: registries[0].name: is not a registry",
      "line 4: registries[1].concurrency: ",
      "line 4: registries[1].requests-per-second: ",
      "line 6: mirrors[0].source: ",
      "line 7: mirrors[0].target: ",
      "line 8: mirrors[0].tags.glob[0]: glob has an empty pattern",
      'line 8: mirrors[0].tags.semver: semver "three" is not a range',
      'line 8: mirrors[0].tags.regex: regex "(?=x)" is not a regular expression of RE2',
      "line 8: mirrors[0].tags.newest: ",
      "line 9: mirrors[0].referrers: expected one of with-image, always, never",
      'line 10: mirrors[0].platforms[0]: "linux" is not a platform',
    ])
      expect(told).toContain(part)
  })

  it("names the key that an unknown one is near to, below defaults and policies too", () => {
    const told = problems(`version: 1
mirors: []
defaults: { mirrors: { referers: always }, promotions: { deleteSource: true } }
policies: { strict: { version: 1, severty: HIGH } }
mirrors: [{ source: a.example/x, target: b.example/x, tags: { regexp: x } }]
`)
    expect(told).toContain("line 2: mirors: unknown key; did you mean mirrors?")
    expect(told).toContain("defaults.mirrors.referers: unknown key; did you mean referrers?")
    expect(told).toContain("defaults.promotions.deleteSource: unknown key; did you mean delete-source?")
    expect(told).toContain("policies.strict.severty: unknown key; did you mean severity?")
    expect(told).toContain("mirrors[0].tags.regexp: unknown key; did you mean regex?")
  })

  it.each(["password", "token", "username", "auth", "secret", "api-key"])(
    "refuses the credential %s by name",
    (key) => {
      const told = problems(`version: 1\nregistries: [{ name: a.example, ${key}: hunter2 }]\n`)
      expect(told).toMatch(/registries\[0\]\S+: is no key here: a login never stands in this file/)
      expect(told).not.toContain("hunter2")
    },
  )

  it.each<[string, string, string]>([
    [
      "two mirrors into one target, whatever their tags",
      `mirrors:
  - { source: a.example/x, target: b.example/x, tags: { glob: ["1*"] } }
  - { source: a.example/y, target: b.example/x, tags: { glob: ["2*"] } }`,
      "line 4: mirrors[1].target: b.example/x is the target of mirrors[0] already",
    ],
    [
      "a promotion into a mirror's target",
      `mirrors: [{ source: a.example/x, target: b.example/x }]
promotions: [{ source: c.example/y, target: b.example/x }]`,
      "promotions[0].target: b.example/x is the target of mirrors[0] already",
    ],
    [
      "a registry's other name for the same target",
      `mirrors:
  - { source: a.example/x, target: docker.io/library/x }
  - { source: a.example/y, target: index.docker.io/library/x }`,
      "mirrors[1].target: docker.io/library/x is the target of mirrors[0] already",
    ],
    ["a source that is the target", `mirrors: [{ source: a.example/x, target: a.example/x }]`, "is the source itself"],
    [
      "two mirrors into each other",
      `mirrors:
  - { source: a.example/x, target: b.example/x }
  - { source: b.example/x, target: a.example/x }`,
      "line 3: mirrors[0]: goes in a circle: b.example/x → a.example/x → b.example/x",
    ],
    [
      "a circle through a promotion",
      `mirrors: [{ source: g.example/x, target: q.example/x }]
promotions: [{ source: q.example/x, target: g.example/x }]`,
      "promotions[0]: goes in a circle: ",
    ],
    [
      "a policy that is none",
      `policies: { strict: { version: 1 } }
promotions: [{ source: a.example/x, target: b.example/x, policy: strikt }]`,
      "promotions[0].policy: names no policy: policies has strict",
    ],
    [
      "platforms without a word on the new digest",
      `mirrors: [{ source: a.example/x, target: b.example/x, platforms: [linux/amd64] }]`,
      "say new-digest: true if that is meant",
    ],
    [
      "a registry twice",
      `registries: [{ name: a.example }, { name: A.example }]\nmirrors: [{ source: a.example/x, target: b.example/x }]`,
      "registries[1].name: a.example is there already",
    ],
    ["a file that says nothing", ``, "has neither mirrors nor promotions"],
  ])("refuses %s", (_, text, expected) => {
    expect(problems(`version: 1\n${text}\n`)).toContain(expected)
  })

  it("accepts a chain of promotions that ends", () => {
    const { entries } = parseFleet(
      `${chain}  - { source: here.example/golden/app, target: there.example/golden/app }\n`,
    )
    expect(entries).toHaveLength(3)
  })
})
