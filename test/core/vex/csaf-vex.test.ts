// What can go wrong: a product id is resolved to another product, a component speaks without the product that it is
// part of, a product is both affected and not, a severity passes for a justification, a draft counts.
import { describe, expect, it } from "vitest"
import { readVex } from "../../../core/vex/read-vex.js"
import { expectCode } from "../oci/fixture.js"
import { csaf, readFixture, unreadOf } from "./build-vex.js"

const read = (vulnerability: object, tree: object = {}, tracking: object = {}) =>
  readVex(csaf({ product_status: { known_not_affected: ["bash"] }, ...vulnerability }, tree, tracking)).statements
const product = (product_id: string, purl?: string) => ({
  product_id,
  name: product_id,
  ...(purl === undefined ? {} : { product_identification_helper: { purl } }),
})
const partOf = (id: string, part: string, whole: string) => ({
  category: "default_component_of",
  full_product_name: product(id),
  product_reference: part,
  relates_to_product_reference: whole,
})

describe("readVex of recorded CSAF", () => {
  it.each([
    ["a", "affected", "(Example Company DEF 1.0, CSAFPID-0001)"],
    ["f", "fixed", "(Example Company DEF 1.1, CSAFPID-0001)"],
    ["na", "not_affected", "(Example Company ABC 4.2, CSAFPID-0001)"],
    ["ui", "under_investigation", "(Example Company GHI 17.4, CSAFPID-0001)"],
  ])("reads use case %s", (file, status, id) => {
    const document = readFixture(`vex/csaf-2.0-uc01-${file}.json`)
    expect(document).toMatchObject({ format: "csaf", author: "Example Company ProductCERT" })
    expect(document.timestamp).toBe("2022-03-03T11:00:00.000Z")
    expect(document.statements).toEqual([
      expect.objectContaining({ vulnerability: "CVE-2021-44228", status, products: [{ id, subcomponents: [] }] }),
    ])
  })

  it("takes the impact as the reason", () => {
    const [statement] = readFixture("vex/csaf-2.0-uc01-na.json").statements
    expect(statement?.note).toBe("Class with vulnerable code was removed before shipping.")
  })

  it("reads a component with the product that it is part of", () => {
    const [statement] = readFixture("vex/csaf-trivy-relationships.json").statements
    expect(statement).toMatchObject({
      justification: "vulnerable_code_cannot_be_controlled_by_adversary",
      products: [
        {
          id: "pkg:golang/github.com/aquasecurity/go-direct1@v2.0.0",
          subcomponents: ["pkg:golang/github.com/aquasecurity/go-transitive@v4.0.0"],
        },
      ],
    })
  })

  it("reads a product by its purl", () => {
    const [statement] = readFixture("vex/csaf-trivy.json").statements
    expect(statement?.products).toEqual([
      { id: "pkg:golang/github.com/aquasecurity/go-transitive@v4.0.0", subcomponents: [] },
    ])
  })

  it("does not take the severity that Red Hat writes for an impact", () => {
    const { statements } = readFixture("vex/csaf-grype.json")
    expect(statements.map(({ status, note, products }) => [status, note, products[0]])).toEqual([
      ["not_affected", undefined, { id: "cpe:/a:redhat:hummingbird:1", subcomponents: ["pkg:rpm/redhat/otherpkg"] }],
      [
        "fixed",
        undefined,
        { id: "cpe:/a:redhat:hummingbird:1", subcomponents: ["pkg:rpm/redhat/testpkg@1.2.3-1.hum1?arch=src"] },
      ],
    ])
  })
})

describe("readVex of CSAF", () => {
  it("makes one statement of the products with the same status and reason", () => {
    const full_product_names = [product("a", "pkg:npm/a"), product("b", "pkg:npm/b"), product("c", "pkg:npm/c")]
    const statements = read(
      {
        product_status: { known_not_affected: ["a", "b", "c"] },
        flags: [{ label: "component_not_present", group_ids: ["g"] }],
        threats: [{ category: "impact", details: "only on Windows", product_ids: ["c"] }],
      },
      { full_product_names, product_groups: [{ group_id: "g", product_ids: ["a", "b"] }] },
    )
    expect(
      statements.map(({ justification, note, products }) => [justification, note, products.map(({ id }) => id)]),
    ).toEqual([
      ["component_not_present", undefined, ["pkg:npm/a", "pkg:npm/b"]],
      [undefined, "only on Windows", ["pkg:npm/c"]],
    ])
  })

  it("has the CVE as name and other ids as aliases", () => {
    expect(read({ ids: [{ system_name: "x", text: "ACME-7" }] })[0]).toMatchObject({
      vulnerability: "CVE-2026-1",
      aliases: ["ACME-7"],
    })
  })

  it("follows parts of parts to the whole", () => {
    const tree = {
      full_product_names: [product("a", "pkg:npm/a"), product("b", "pkg:npm/b"), product("os", "pkg:oci/os")],
      relationships: [partOf("b:os", "b", "os"), partOf("a:b:os", "a", "b:os")],
    }
    expect(read({ product_status: { fixed: ["a:b:os"] } }, tree)[0]?.products).toEqual([
      { id: "pkg:oci/os", subcomponents: ["pkg:npm/a"] },
    ])
  })

  it.each<[string, object, object, RegExp]>([
    [
      "a product of two statuses",
      { product_status: { known_affected: ["bash"], fixed: ["bash"] } },
      {},
      /"bash" has two statuses/,
    ],
    ["a product that is not defined", { product_status: { fixed: ["zsh"] } }, {}, /"zsh" is not defined/],
    [
      "a product that is defined twice",
      { product_status: { fixed: ["bash"] } },
      { full_product_names: [product("bash"), product("bash")] },
      /"bash" is defined twice/,
    ],
    [
      "relationships in a circle",
      { product_status: { fixed: ["x"] } },
      { relationships: [partOf("x", "y", "y"), partOf("y", "x", "x")] },
      /relationships of products deeper than 10/,
    ],
    ["a vulnerability without an id", { cve: undefined }, {}, /vulnerabilities\[0\]: needs a cve, or ids/],
    [
      "an unknown flag",
      { flags: [{ label: "fine", product_ids: ["bash"] }] },
      {},
      /flags\[0\].label: expected one of /,
    ],
  ])("keeps %s as what cannot be read, and reads the rest", (_, vulnerability, tree, why) => {
    const document = csaf(vulnerability, tree)
    const other = { cve: "CVE-2026-9", product_status: { known_affected: ["other"] } }
    const full_product_names = [...document.product_tree.full_product_names, product("other", "pkg:npm/other")]
    const { statements } = readVex({
      ...document,
      product_tree: { ...document.product_tree, full_product_names },
      vulnerabilities: [...document.vulnerabilities, other],
    })
    expect(unreadOf(statements)).toMatch(why)
    expect(statements.at(-1)).toMatchObject({ vulnerability: "CVE-2026-9", products: [{ id: "pkg:npm/other" }] })
  })

  it("gives the reason of a group that is not defined to nobody", () => {
    const flags = [{ label: "component_not_present", group_ids: ["g"] }]
    const [statement] = read({ product_status: { known_not_affected: ["bash"] }, flags })
    expect(statement).not.toHaveProperty("justification")
  })

  it.each<[string, object]>([
    ["a draft", { status: "draft" }],
    ["a date without a zone", { current_release_date: "2026-06-01" }],
  ])("refuses %s", (_, tracking) => {
    expectCode(() => read({}, {}, tracking), "VEX_INVALID")
  })

  it("refuses groups that multiply beyond the limit", () => {
    const ids = Array.from({ length: 2000 }, (_, at) => `p${at}`)
    const group = { group_id: "g", product_ids: ids }
    const tree = { full_product_names: ids.map((id) => product(id)), product_groups: [group] }
    const flags = Array.from({ length: 2000 }, () => ({ label: "component_not_present", group_ids: ["g"] }))
    expectCode(() => read({ product_status: { fixed: ids }, flags }, tree), "LIMIT_EXCEEDED")
  })
})
