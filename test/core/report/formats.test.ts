// Every format against the schema that its readers publish, and what it must say beyond that.
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { Ajv } from "ajv"
import * as draft04Module from "ajv-draft-04"
import addFormats from "ajv-formats"
import { describe, expect, it } from "vitest"
import { validateXML } from "xmllint-wasm"
import { toGitlab } from "../../../core/report/to-gitlab.js"
import { toJunit } from "../../../core/report/to-junit.js"
import { toSarif } from "../../../core/report/to-sarif.js"
import { toVex } from "../../../core/report/to-vex.js"
import { aReport, blocked, everything, failed, hostileImage, passing } from "./report-world.js"

const root = fileURLToPath(new URL("../../..", import.meta.url))
const schemas = join(root, "test/fixtures/schemas")
const cyclonedx = join(root, "node_modules/@cyclonedx/cyclonedx-library/res/schema")
const read = (folder: string, name: string) => JSON.parse(readFileSync(join(folder, name), "utf8")) as object

type Validator = Pick<Ajv, "validate" | "errors">
function problems(ajv: Validator, schema: object | string, value: unknown): unknown {
  return ajv.validate(schema, JSON.parse(JSON.stringify(value))) === true ? [] : ajv.errors
}

const AjvDraft04 = draft04Module.default
const options = { strict: false, allErrors: true }
const draft04 = new AjvDraft04({ ...options, unicodeRegExp: false })
addFormats.default(draft04 as unknown as Ajv)
const draft07 = new Ajv({ ...options, formats: { "iri-reference": true, "idn-email": true } })
addFormats.default(draft07)
for (const name of ["spdx", "jsf-0.82"])
  draft07.addSchema(
    read(cyclonedx, `${name}.SNAPSHOT.schema.json`),
    `http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json`,
  )
const sarifSchema = read(schemas, "sarif-2.1.0.json")
const gitlabSchema = read(schemas, "gitlab-container-scanning-15.0.7.json")
const vexSchema = read(cyclonedx, "bom-1.6.SNAPSHOT.schema.json")
const junitSchema = readFileSync(join(schemas, "junit.xsd"), "utf8")

const worlds = {
  passing: aReport(passing),
  blocked: aReport(blocked),
  hostile: aReport(hostileImage),
  everything,
  failed: aReport(failed),
}

describe.each(Object.entries(worlds))("the report of what is %s", (_, report) => {
  it("is valid SARIF", () => expect(problems(draft04, sarifSchema, toSarif(report))).toEqual([]))
  it("is a valid report for GitLab", () => expect(problems(draft07, gitlabSchema, toGitlab(report))).toEqual([]))
  it("is valid CycloneDX", () => expect(problems(draft07, vexSchema, toVex(report))).toEqual([]))
  it("is valid JUnit XML", async () => {
    const xml = [{ fileName: "junit.xml", contents: toJunit(report) }]
    const result = await validateXML({ xml, schema: [{ fileName: "junit.xsd", contents: junitSchema }] })
    expect(result.errors).toEqual([])
  })
})

describe("the schemas", () => {
  it("refuse what is no report", () => {
    expect(problems(draft04, sarifSchema, { version: "2.1.0" })).not.toEqual([])
    expect(problems(draft07, gitlabSchema, { version: "15.0.7", vulnerabilities: [{}] })).not.toEqual([])
    expect(
      problems(draft07, vexSchema, { bomFormat: "CycloneDX", specVersion: "1.6", vulnerabilities: [{ id: 1 }] }),
    ).not.toEqual([])
  })
})

describe("SARIF", () => {
  const [run] = toSarif(aReport(blocked)).runs
  const results = run?.results ?? []
  const rules = run?.tool.driver.rules ?? []

  it("has one result for each vulnerability of a package, with all its platforms", () => {
    const names = results.map(({ ruleId, locations }) => [ruleId, locations?.[0]?.logicalLocations?.[0]?.name])
    expect(new Set(names.map(String)).size).toBe(names.length)
    const bash = results.find(({ ruleId }) => ruleId === "CVE-2026-1")
    expect(bash?.message.text).toContain(
      "Platforms: linux/amd64, linux/arm64.\nWhat to do: upgrade bash from 5.0 to 5.1.",
    )
    expect(bash?.properties).toMatchObject({ platforms: ["linux/amd64", "linux/arm64"], judgement: "blocking" })
  })

  it("is about the image, and names the package by its purl", () => {
    const [location] = results.find(({ ruleId }) => ruleId === "CVE-2026-1")?.locations ?? []
    expect(decodeURIComponent(location?.physicalLocation?.artifactLocation?.uri ?? "")).toBe(
      "localhost:5000/quarantine/app:1.3",
    )
    expect(location?.logicalLocations?.[0]?.fullyQualifiedName).toMatch(/^pkg:deb\/debian\/bash/)
  })

  it("has each rule once, with its page and a severity that GitHub sorts by", () => {
    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length)
    for (const { ruleId, ruleIndex = -1 } of results) expect(rules[ruleIndex]?.id).toBe(ruleId)
    expect(rules.find(({ id }) => id === "CVE-2026-1")).toMatchObject({
      helpUri: "https://avd.example/CVE-2026-1",
      properties: { "security-severity": "8.0" },
    })
    expect(rules.find(({ id }) => id === "GHSA-aaaa-bbbb-cccc")).toMatchObject({
      helpUri: "https://github.com/advisories/GHSA-aaaa-bbbb-cccc",
    })
  })

  it("says of what was accepted that it was, by whom and until when, and of nothing else", () => {
    const set = results.filter(({ suppressions }) => suppressions?.length !== 0).map(({ ruleId }) => ruleId)
    expect(set).toEqual(["CVE-2026-2"])
    const accepted = results.find(({ ruleId }) => ruleId === "CVE-2026-2")
    expect(accepted?.suppressions).toEqual([
      { kind: "external", status: "accepted", justification: "not reachable (team-a until 2026-06-18)" },
    ])
  })

  it("has the reasons that stop the image beside its vulnerabilities", () => {
    expect(results.map(({ ruleId, level }) => [ruleId, level])).toContainEqual(["MISSING_SBOM", "error"])
  })

  it("gives a finding the same fingerprint whatever the digest is", () => {
    const print = (more: object) =>
      toSarif(aReport({ ...blocked, ...more })).runs[0]?.results?.map((one) => one.partialFingerprints)
    const other = { digest: `sha256:${"0".repeat(64)}` as never }
    expect(print(other)).toEqual(print({}))
    expect(print({ name: "other/app:1" })).not.toEqual(print({}))
  })
})

describe("JUnit", () => {
  it("has a suite for each image, a case for each platform and for each reason that blocks", () => {
    const xml = toJunit(everything)
    expect(xml.match(/<testsuite /g)).toHaveLength(4)
    expect(xml).toMatch(/<testsuite name="dhi\.io\/app:1\.4"[^>]* tests="2" failures="0" errors="0"/)
    expect(xml).toMatch(/<testcase name="linux\/s390x"[^>]*>\s*<failure type="blocked" message="MISSING_SBOM"/)
    expect(xml).toMatch(/<testcase name="MISSING_SBOM: linux\/s390x"/)
    expect(xml).toMatch(/<testsuite name="registry\.example\/app:gone"[^>]* tests="1" failures="0" errors="1"/)
    for (const bad of ["<script", "\u001b", "\u202e"]) expect(xml).not.toContain(bad)
  })
})

describe("GitLab's report", () => {
  it("leaves out what was accepted, and tells the severity, the upgrade and the page", () => {
    const { vulnerabilities } = toGitlab(aReport(blocked))
    expect(vulnerabilities.map(({ name }) => name)).not.toContain("CVE-2026-2 in bash")
    expect(vulnerabilities.find(({ name }) => name === "CVE-2026-1 in bash")).toMatchObject({
      ...{
        severity: "High",
        solution: "upgrade bash from 5.0 to 5.1",
        links: [{ url: "https://avd.example/CVE-2026-1" }],
      },
      identifiers: [{ type: "cve", value: "CVE-2026-1" }],
      location: { image: "localhost:5000/quarantine/app:1.3", operating_system: "debian 13" },
    })
  })
})

describe("CycloneDX VEX", () => {
  it("says what each vulnerability means, and never that an accepted risk is none", () => {
    const { vulnerabilities, components } = toVex(aReport(blocked))
    const states = Object.fromEntries(vulnerabilities.map(({ id, analysis }) => [id, analysis]))
    expect(states).toMatchObject({
      "CVE-2026-1": { state: "exploitable" },
      "CVE-2026-2": {
        state: "exploitable",
        response: ["will_not_fix"],
        detail: "not reachable (team-a until 2026-06-18)",
      },
      "CVE-2026-3": { state: "in_triage" },
    })
    const refs = new Set(components.map((one) => one["bom-ref"]))
    expect(vulnerabilities.flatMap(({ affects }) => affects).every(({ ref }) => refs.has(ref))).toBe(true)
  })
})
