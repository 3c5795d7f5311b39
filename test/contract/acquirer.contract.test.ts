// Who brought an image into quarantine, by the provenance that was signed then: they do not answer for it themselves.
import { execFile } from "node:child_process"
import { promisify } from "node:util"
import { describe, expect, it } from "vitest"
import { acquirerProblem } from "../../core/approval/acquirer.js"
import type { ApprovalRules } from "../../core/approval/who-may.js"
import { formatReference, parseReference, type Reference } from "../../core/oci/reference.js"
import type { Caller } from "../../core/ports.js"
import { manifestOf, testMediaTypes } from "../support/build-manifest.js"
import { hostTools } from "../support/parts.js"
import { anOperation } from "../support/promotion.js"
import { pushManifest } from "../support/push-image.js"
import { aRepository, kinds, nth } from "./mirror-world.js"
import { judging, ours, signing, stranger, vexWorld } from "./vex-world.js"

const run = promisify(execFile)
const rules: ApprovalRules = { self: "refuse", unknownAcquirer: "refuse", role: "maintain", max: 1 }
const acquired = /its author acquired the image/
const unknown = /nothing that we signed says who acquired/

describe.each(kinds)("whoever acquired an image on %s", (kind) => {
  const world = vexWorld(kind)
  const by = (actor: string, run: Partial<Caller["run"]> = {}, key = ours): Caller => ({
    ...signing(key),
    run: { ...signing(key).run, actor, ...run },
  })
  const ask = async (image: Reference, name: string, changes: Partial<ApprovalRules> = {}, context = judging) => {
    const operation = anOperation({ context })
    const digest = await operation.registry.resolve(image)
    if (digest === undefined) throw new Error("the image is not there")
    return acquirerProblem(operation, { ...image, digest }, { id: 1, name }, { ...rules, ...changes })
  }

  it("does not answer for it, whatever the case of the name, and somebody else may", async () => {
    const { quarantine } = await world.acquired({ by: by("Mia") })
    expect(await ask(quarantine, "mia")).toMatch(acquired)
    expect(await ask(quarantine, "ada")).toBeUndefined()
    expect(await ask(quarantine, "mia", { self: "allow" })).toBeUndefined()
  })

  it("does not, also when it was acquired again by somebody else, and unknown ones were allowed", async () => {
    const { quarantine, repository } = await world.acquired({ by: by("mia") })
    await world.mirrors.mirror(repository, { provenance: true, force: true, context: by("ada") })
    expect(await ask(quarantine, "mia", { unknownAcquirer: "allow" })).toMatch(acquired)
    expect(await ask(quarantine, "ada")).toMatch(acquired)
  })

  it("does not, also where somebody else had acquired the same before, and the tag was another image since", async () => {
    const { quarantine, repository } = await world.acquired({ by: by("") })
    const other = manifestOf(testMediaTypes.index, { schemaVersion: 2, mediaType: testMediaTypes.index, manifests: [] })
    await pushManifest(world.mirrors.target.url, `quarantine/${repository}`, other, "1")
    await world.mirrors.mirror(repository, { provenance: true, context: by("mia") })
    expect(await ask(quarantine, "mia")).toMatch(acquired)
    expect(await ask(quarantine, "ada")).toBeUndefined()
  })

  it("is nobody where a run names none, as on a schedule: anybody may answer", async () => {
    const { quarantine } = await world.acquired({ by: by("") })
    expect(await ask(quarantine, "mia")).toBeUndefined()
  })

  it("is unknown where provenance names neither actor nor run, and then nobody may unless the policy says so", async () => {
    const { quarantine } = await world.acquired({ by: by("", { url: "", id: "" }) })
    expect(await ask(quarantine, "mia")).toMatch(unknown)
    expect(await ask(quarantine, "mia", { unknownAcquirer: "allow" })).toBeUndefined()
  })

  it.each([
    ["was not signed", by("ada"), "unsigned"],
    ["was signed by somebody else", by("ada", {}, stranger), "signed"],
  ])("is unknown where provenance %s", async (_, caller, form) => {
    const { signer: _signer, ...bare } = caller
    const { quarantine } = await world.acquired({ by: form === "unsigned" ? bare : caller })
    expect(await ask(quarantine, "mia")).toMatch(unknown)
  })

  it("is unknown to a call without the gate's key", async () => {
    const { quarantine } = await world.acquired({ by: by("ada") })
    const { keys: _keys, ...without } = judging
    expect(await ask(quarantine, "mia", {}, without)).toMatch(unknown)
  })

  it("is unknown where the provenance of another repository was brought along", async () => {
    const { quarantine } = await world.acquired({ by: by("") })
    const other = `${world.mirrors.target.address}/quarantine/${aRepository()}:1`
    const { oras } = await hostTools()
    const plain = ["--from-plain-http", "--to-plain-http"]
    await run(oras, ["cp", "-r", "--no-tty", ...plain, formatReference(quarantine), other])
    expect(await ask(parseReference(other), "mia")).toMatch(unknown)
  })

  it("is unknown where an index was put together of platforms that were acquired", async () => {
    const { repository, image } = await world.acquired({ by: by(""), platforms: ["linux/amd64", "linux/arm64"] })
    const { mediaType, digest, size } = nth(image.platforms, 0).manifest.descriptor
    const manifests = [{ mediaType, digest, size, platform: { os: "linux", architecture: "amd64" } }]
    const index = manifestOf(testMediaTypes.index, { schemaVersion: 2, mediaType: testMediaTypes.index, manifests })
    await pushManifest(world.mirrors.target.url, `quarantine/${repository}`, index, "2")
    const own = parseReference(`${world.mirrors.target.address}/quarantine/${repository}:2`)
    expect(await ask(own, "mia")).toMatch(unknown)
  })
})
