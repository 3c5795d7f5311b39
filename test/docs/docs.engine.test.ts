// The commands of the README and of docs/ as a reader pastes them, page after page on one registry of this machine.
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { anImage } from "../support/build-image.js"
import { openVex } from "../support/build-vex.js"
import { imagesLayout, pushLayout } from "../support/parts.js"
import { pushImage } from "../support/push-image.js"
import { shellBlocks } from "./commands.js"
import { followed } from "./followed.js"
import { notRun } from "./not-run.js"
import { follow, type ReaderShell, startReaderShell } from "./shell.js"

let shell: ReaderShell & { readonly programs: string }

beforeAll(async () => void (shell = await startReaderShell()))
afterAll(() => shell.stop())

const good = ["pkg:npm/lodash@4.17.21"]
const flawed = ["pkg:npm/lodash@4.17.20", "pkg:npm/minimist@1.2.5"]

/** An image of its own in a repository of a page. */
async function push(repository: string, tag: string, packages: readonly string[] = good): Promise<void> {
  const image = anImage({
    platforms: ["linux/amd64", "linux/arm64"],
    layers: [`${repository}:${tag}`],
    sbom: "cyclonedx",
    packages: [...packages],
  })
  await pushImage(shell.registry.url, repository, tag, image)
}

// Days that were in the future when the page was written still are.
const dayFrom = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
const days = [
  ["2026-12-01", dayFrom(3)],
  ["2026-12-24", dayFrom(2)],
  ["2027-01-15", dayFrom(20)],
  ["2026-12-31", dayFrom(30)],
] as const

/** A page's blocks with what goes before them, without what is not run. */
function blocksOf(page: string): string[] {
  const before = Object.entries(followed[page] ?? {})
  const used = new Set<string>()
  const left = new Set(notRun.flatMap((one) => (one.page === page ? [one.command] : [])))
  const blocks = shellBlocks(page).flatMap((block) => {
    const lines = block.split("\n").filter((line) => !left.has(line.replace(/\s+#.*$/, "")))
    const found = before.filter(([text]) => block.includes(text) && !used.has(text))
    for (const [text] of found) used.add(text)
    return [...found.map(([, code]) => code), lines.join("\n")]
  })
  expect(before.filter(([text]) => !used.has(text))).toEqual([])
  return blocks
}

/** The house of a page: its own repositories, so that pages do not meet. */
function house(page: string): string {
  return `${shell.address}/${page.replace(/^docs\/|\.md$/g, "").toLowerCase()}`
}

describe.concurrent("the commands of", () => {
  it("the tutorial go from an image to a proof, and a daily run finds nothing to do", async () => {
    const at = house("docs/tutorial.md")
    const upstream = { registry: shell.registry, repository: "upstream/python", tag: "3.14-slim" }
    await pushLayout(await imagesLayout(), "clean", upstream)
    const printed = await follow(shell, blocksOf("docs/tutorial.md"), {
      replaced: [
        ["docker.io/library/python", `${shell.address}/upstream/python`],
        ["ghcr.io/acme", at],
      ],
      files: { "policy.yaml": "version: 1\nseverity: HIGH\n" },
      variables: { GHCR_USER: "robot", GHCR_TOKEN: "any" },
    })
    expect(printed).toContain(`${at}/golden/python@sha256:`)
    expect(printed).toMatch(/1 promoted already, unchanged/)
    // The README leaves the key to the how-to: without one there is no proof to verify, and with the tutorial's there is.
    const key =
      "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out gate.key; openssl pkey -in gate.key -pubout -out gate.pub"
    const readme = await follow(shell, [key, ...blocksOf("README.md")], {
      replaced: [
        ["docker.io/library/python", `${shell.address}/upstream/python`],
        ["ghcr.io/acme", house("README.md")],
        ["cssc promote", "cssc --signing-key file://gate.key promote"],
      ],
    })
    expect(readme).toContain(`${house("README.md")}/golden/python@sha256:`)
  })

  it("docs/evidence.md find, read, judge again, retire and attach what a promotion left", async () => {
    const at = house("docs/evidence.md").slice(shell.address.length + 1)
    await push(`${at}/quarantine/app`, "3.13")
    await push(`${at}/upstream/app`, "3.13")
    for (const tag of ["3.12", "3.14"]) await push(`${at}/golden/app`, tag)
    const printed = await follow(shell, blocksOf("docs/evidence.md"), {
      replaced: [...days, ["sha256:…", "$platform"]],
      files: {
        "policy.yaml": "version: 1\nseverity: HIGH\ndatabase: {unknown: report}\n",
        "strict.yaml": "version: 1\nseverity: LOW\n",
      },
      variables: { REPO: `${shell.address}/${at}/golden/app`, HOUSE: `${shell.address}/${at}` },
    })
    expect(printed).toContain(`${shell.address}/${at}/golden/app@sha256:`)
    expect(printed).toMatch(/"outcome": "promote"/)
    expect(printed).toMatch(/"sourceTag": "3\.13"/)
  })

  it("docs/how-to.md sign, promote, verify, override, test a policy and retire", async () => {
    const page = house("docs/how-to.md")
    const at = page.slice(shell.address.length + 1)
    await push(`${at}/quarantine/app`, "1.4")
    await push(`${at}/upstream/python`, "3.13")
    await push(`${at}/golden/app`, "1.3")
    await push(`${at}/quarantine/late`, "1.4", flawed)
    const override = /quarantine\/app:1\.4 \\\n(\s+override)/
    const printed = await follow(shell, blocksOf("docs/how-to.md"), {
      replaced: [
        [new RegExp(override, "g"), "quarantine/late:1.4 \\\n$1"],
        ["CVE-2025-8194,CVE-2025-4517", "CVE-2021-23337,CVE-2021-44906"],
        ["ghcr.io/acme", page],
        ["dhi.io/python", `${page}/upstream/python`],
        ...days,
      ],
      files: {
        "policy.yaml": "version: 1\nseverity: HIGH\ndatabase: {unknown: report}\n",
        "cases.yaml":
          "version: 1\ncases:\n  - {name: no SBOM, at: 2026-01-01, given: {sbom: missing}, expect: {outcome: blocked-missing-sbom}}\n",
        "acme.openvex.json": JSON.stringify(openVex("pkg:oci/python").predicate),
      },
    })
    expect(printed).toContain(`${page}/golden/app@sha256:`)
    expect(printed).toMatch(/overridden by jane@acme\.example/)
  })

  it("docs/events.md write the events of what failed before it had a result", async () => {
    const blocks = [...blocksOf("docs/events.md"), "jq -e '.[0].specversion == \"1.0\"' events.json"]
    await follow(shell, blocks, { replaced: [], variables: { RUN_URL: "https://ci.example/42" } })
  })

  it("docs/reports.md write reports of a gate, a run and an inventory", async () => {
    const page = house("docs/reports.md")
    const at = page.slice(shell.address.length + 1)
    await push(`${at}/quarantine/app`, "1.4")
    await push(`${at}/golden/python`, "3.13")
    await follow(
      shell,
      [...blocksOf("docs/reports.md"), "grep -q 'Inventory of a trusted' golden.html; grep -q testsuite junit.xml"],
      {
        replaced: [
          ["--source … --target …", `--source ${page}/quarantine/app --target ${page}/golden/app`],
          ["ghcr.io/acme", page],
        ],
      },
    )
  })
})
