// What may be released, by the changelog; and what a rehearsal makes and says.
import { execFile } from "node:child_process"
import { mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { describe, expect, it } from "vitest"
import { parsePolicy } from "../../core/policy/document/parse-policy.js"
import { checkStep, notesOf } from "../../scripts/release-parts.mjs"

const root = fileURLToPath(new URL("../..", import.meta.url))
const changelog =
  "# Changelog\n\n## 1.2.0 (2026-11-26)\n\n### Added\n\n- x\n\n## 1.1.0\n\n## 2.0.0 (unreleased)\n\n- y\n"

describe("the notes of a release", () => {
  it("are its section", () => {
    expect(notesOf("1.2.0", { changelog })).toBe("### Added\n\n- x\n")
  })

  it.each([
    ["3.0.0", /no section/],
    ["1.1.0", /says nothing/],
    ["2.0.0", /unreleased/],
    ["1.2", /no section/],
  ])("are missing for %s", (version, why) => {
    expect(() => notesOf(version, { changelog })).toThrow(why)
  })
})

describe("the step of a release", () => {
  it.each([
    ["1.2.3", "1.2.4", "### Fixed"],
    ["1.2.3", "1.3.0", "### Added"],
    ["1.2.3", "2.0.0", "### Changed"],
    ["0.1.0", "0.2.0", "### Changed"],
    ["1.2.3", "1.3.0", "### Fixed"],
  ])("from %s to %s is right for %s", (before, now, notes) => {
    expect(() => checkStep(before, now, notes)).not.toThrow()
  })

  it.each([
    ["1.2.3", "1.2.4", "### Added", /too small/],
    ["1.2.3", "1.3.0", "### Removed", /too small/],
    ["0.1.0", "0.1.1", "### Changed", /too small/],
    ["1.2.3", "1.2.3", "", /not the next/],
    ["1.2.3", "1.4.0", "", /not the next/],
    ["1.2.3", "2.0.1", "", /not the next/],
    ["1.2.3", "1.2.2", "", /not the next/],
  ])("from %s to %s is wrong for %s", (before, now, notes, why) => {
    expect(() => checkStep(before, now, notes)).toThrow(why)
  })
})

it("a rehearsal makes everything, pushes nothing, and says the commands", async () => {
  const out = await mkdtemp(join(tmpdir(), "cssc-release-"))
  const words = [join(root, "scripts/release.mjs"), "--dry-run", "--out", out]
  const { stdout } = await promisify(execFile)("node", words, { env: { ...process.env, SIGNING_KEY: "not-printed" } })
  const digest = /@(sha256:[0-9a-f]{64})\n$/.exec(stdout)?.[1]
  expect(stdout).toContain("would release")
  expect(stdout).not.toContain("not-printed")
  expect(stdout.split("\n").map((line) => line.split(" ")[0])).toEqual([
    "oras",
    "dagger",
    "dagger",
    "dagger",
    "would",
    "",
  ])
  for (const name of ["sbom.json", "provenance.json"]) {
    const { subject } = JSON.parse(await readFile(join(out, name), "utf8")) as { subject: unknown }
    expect(subject).toEqual([{ name: "cssc", digest: { sha256: digest?.replace("sha256:", "") } }])
  }
  await rm(out, { recursive: true })
}, 60_000)

it("the release's policy is one, and asks for signatures", async () => {
  const policy = parsePolicy(await readFile(join(root, ".github/release-policy.yaml"), "utf8"))
  expect(policy.signatures).toMatchObject({ sbom: "block", evidence: "block" })
})
