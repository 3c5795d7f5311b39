// A tag that moves at the source in the middle of a mirror: what was resolved first is what arrives.
import { expect, it } from "vitest"
import { mirror } from "../../core/acquire/mirror.js"
import { parseDigest } from "../../core/oci/digest.js"
import { parseReference } from "../../core/oci/reference.js"
import { CopyingRegistry } from "../../dagger/containers/copying-registry.js"
import type { ToolJob, ToolResult } from "../../dagger/containers/tool-job.js"
import { anImage } from "../support/build-image.js"
import { clientAccess } from "../support/host-access.js"
import { HostToolRunner } from "../support/host-tool-runner.js"
import { pushImage } from "../support/push-image.js"
import { unseen } from "../support/unseen.js"
import { aContext, aRepository, mirrorWorld, noRetry } from "./mirror-world.js"

const world = mirrorWorld("api", "distribution")

/** Does something once, just before the first copy. */
class BeforeCopy extends HostToolRunner {
  private done = false

  constructor(private readonly work: () => Promise<unknown>) {
    super()
  }

  override async run(job: ToolJob): Promise<ToolResult> {
    if (job.command[1] === "cp" && !this.done) {
      this.done = true
      await this.work()
    }
    return super.run(job)
  }
}

it.each([{ referrers: true }, { referrers: false }])(
  "copies the digest that the tag stood for (%o)",
  async (change) => {
    const repository = aRepository()
    const [first, other] = [anImage({ layers: ["first"] }), anImage({ layers: ["other"] })]
    await pushImage(world.source.url, repository, "1", first)
    const runner = new BeforeCopy(() => pushImage(world.source.url, repository, "1", other))
    const request = {
      source: parseReference(`${world.source.address}/${repository}:1`),
      target: parseReference(`${world.target.address}/quarantine/${repository}:1`),
      ...{ force: false, history: false, provenance: false, platforms: [], newDigest: false, dryRun: false },
      sourceAuthenticated: false,
      ...change,
    }
    expect(
      await mirror(
        { registry: new CopyingRegistry(runner, clientAccess(), noRetry), step: unseen, ...aContext },
        request,
      ),
    ).toMatchObject({
      digest: first.digest,
    })
    expect(await world.at(repository, "1")).toBe(first.digest)
    expect(await world.at(repository, other.digest)).toBeUndefined()
  },
)

it("asks for what is read without an exec, and shares one between what tools are asked for at the same time", async () => {
  const repository = aRepository()
  const tags = ["1", "2", "3", "4", "5", "6"]
  for (const tag of tags) await pushImage(world.source.url, repository, tag, anImage({ layers: [tag], single: true }))
  const runner = new HostToolRunner()
  const client = new CopyingRegistry(runner, clientAccess(), noRetry)
  const asked = [...tags, "missing"].map((tag) => client.resolve({ ...at(repository), tag }))
  const digests = await Promise.all(asked)
  expect(digests.map((digest) => digest !== undefined)).toEqual([...tags.map(() => true), false])
  expect(runner.groups).toEqual([])
  const found = digests.filter((digest) => digest !== undefined)
  await Promise.all(found.map((digest) => client.validate({ ...at(repository), digest })))
  expect(runner.groups.map(({ length }) => length)).toEqual([6])
})

it("lets no hostile name or annotation out of its command", async () => {
  const repository = aRepository()
  const image = anImage({ single: true })
  await pushImage(world.source.url, repository, "1", image)
  const hostile = `'; exit 7; ' $(touch /tmp/owned) \` " \\ é`
  const client = world.client()
  const subject = { ...at(repository), digest: parseDigest(image.digest) }
  const document = {
    artifactType: "application/vnd.example",
    fileName: "note.txt",
    mediaType: "text/plain",
    content: hostile,
  }
  const digest = await client.attach(subject, { ...document, annotations: { note: hostile } })
  const manifest = JSON.parse((await client.manifest({ ...at(repository), digest })) ?? "{}")
  expect(manifest.annotations.note).toBe(hostile)
  expect((await client.blob(at(repository), manifest.layers[0])).toString()).toBe(hostile)
})

function at(repository: string) {
  return { registry: world.source.address, repository }
}
