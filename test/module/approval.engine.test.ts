// An approval as an operator meets it: real CLI, real engine, a registry and a forge that are bound as services. What counts
// as an answer is tested without an engine; here it is that the calls carry tokens, keys and results through.
import { generateKeyPairSync } from "node:crypto"
import { mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { bind, call, callError, databaseArguments, everythingPrinted, toolboxArguments } from "../support/dagger-cli.js"
import { bot, forgeToken, type ForgeWorld, startForge } from "../support/forge-world.js"
import { imagesLayout, pushLayout } from "../support/parts.js"
import { tagDigest } from "../support/promotion.js"
import { startRegistry, type TestRegistry } from "../support/registry.js"

const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" })
const key = privateKey.export({ type: "pkcs8", format: "pem" }).toString()
const env = { SIGNING_KEY: key, FORGE_TOKEN: forgeToken }
const day = 24 * 60 * 60 * 1000
let folder: string
let registry: TestRegistry
let forge: ForgeWorld
let before: readonly string[]
let withForge: readonly string[]
let quarantine: string
let golden: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cssc-approval-"))
  ;[registry, forge] = await Promise.all([startRegistry("api"), startForge("github")])
  await pushLayout(await imagesLayout(), "vulnerable", { registry, repository: "upstream/app", tag: "1" })
  const house = bind(registry, "house.test")
  const signing = ["--signing-key", "env://SIGNING_KEY"]
  before = [...toolboxArguments(), ...(await databaseArguments()), ...signing, ...house.arguments]
  const { host, port } = new URL(forge.apiUrl)
  const address = ["--api-url", `http://forge.test:${port}`, "--service", `tcp://${host}`]
  withForge = ["with-forge", "--kind", "github", "--project", "acme/app", "--token", "env://FORGE_TOKEN", ...address]
  quarantine = `${house.address}/quarantine/app`
  golden = `${house.address}/golden/app`
  const run = ["with-run", "--url", "https://ci.example/runs/7", "--actor", "ada"]
  await call(
    [...before, ...run, "mirror", "--source", `${house.address}/upstream/app:1`, "--target", quarantine, "digest"],
    { env },
  )
})

afterAll(async () => {
  await Promise.all([registry.stop(), forge.close()])
  await rm(folder, { recursive: true })
})

describe("an approval, by the CLI", { sequential: true }, () => {
  const results = () => join(folder, "gate")
  const ask = () =>
    call(
      [
        ...toolboxArguments(),
        ...withForge,
        "with-run",
        "--url",
        "https://ci.example/runs/8",
        "--actor",
        "ada",
        "request-approval",
        "--results",
        results(),
      ],
      { env },
    )
  const approve = (comment: number) => {
    const places = ["--source", quarantine, "--target", golden]
    return [...before, ...withForge, "approve", "--issue", "1", "--comment", String(comment), ...places]
  }
  let words = ""
  let answer = 0

  it("is asked for by the results of a gate, once", async () => {
    await call([...before, "gate", "--image", `${quarantine}:1`, "results", "export", "--path", results()], { env })
    const { remaining } = JSON.parse(await readFile(join(results(), "verdict.json"), "utf8")) as { remaining: string[] }
    const until = new Date(Date.now() + 30 * day).toISOString().slice(0, 10)
    words = `/cssc approve ${remaining.join(" ")} until ${until} because the fix is coming`
    expect(await ask()).toBe(`opened #1: image ${quarantine}:1\n`)
    expect(await ask()).toBe(`asked #1: image ${quarantine}:1\n`)
    expect(forge.store.issues).toMatchObject([{ open: true, labels: ["promotion-pending"] }])
    expect(forge.store.bodiesOf(bot, 1)).toHaveLength(1)
  })

  it("by a stranger, and by whoever acquired the image, promotes nothing", async () => {
    expect(await callError(approve(forge.store.write("stranger", 1, words)), { env })).toMatch(
      /APPROVAL_REFUSED.*does not have the role maintain/,
    )
    expect(await callError(approve(forge.store.write("ada", 1, words)), { env })).toMatch(
      /APPROVAL_REFUSED.*its author/,
    )
    expect(await tagDigest(registry, "golden/app:1")).toBeUndefined()
  })

  it("by a maintainer promotes what was asked about, also when the forge's rate limit is met on the way", async () => {
    const limit = { status: 429, headers: { "retry-after": "1" }, body: { message: "API rate limit exceeded" } }
    forge.interrupt({ ...limit, match: /permission/ })
    answer = forge.store.write("mia", 1, words)
    await call([...approve(answer), "results", "export", "--path", join(folder, "approved")], { env })
    const told = JSON.parse(await readFile(join(folder, "approved/approval.json"), "utf8")) as object
    expect(told).toMatchObject({ outcome: "promoted", approver: "mia", role: "maintain" })
    expect(await tagDigest(registry, "golden/app:1")).toBe(await tagDigest(registry, "quarantine/app:1"))
    expect(forge.store.issues).toMatchObject([{ open: false, labels: ["promotion-approved"] }])
  })

  it("ends well when it is repeated, in another session", async () => {
    expect(await call([...approve(answer), "outcome"], { env })).toBe("unchanged")
  })

  it("shows neither the forge's token nor the key", () => {
    expect(everythingPrinted()).not.toContain(forgeToken)
    expect(everythingPrinted()).not.toContain(key.split("\n")[1])
  })
})
