// Counts the requests of mirroring one image on the registries' own logs. The image of the table in docs/performance.md:
// two platforms with three layers each, a referrer on each platform and on the index.
import { mirror } from "../../core/acquire/mirror.js"
import { parseReference } from "../../core/oci/reference.js"
import { CopyingRegistry } from "../../dagger/containers/copying-registry.js"
import { anImage } from "./build-image.js"
import { aReferrer } from "./build-referrer.js"
import { clientAccess } from "./host-access.js"
import { HostToolRunner } from "./host-tool-runner.js"
import { attachReferrer, pushImage } from "./push-image.js"
import { type RegistryKind, startRegistry, type TestRegistry } from "./registry.js"
import { unseen } from "./unseen.js"

export type Measured = {
  readonly step: string
  readonly who: string
  readonly source: number
  readonly target: number
  readonly writes: number
}
export type Ends = {
  readonly source: TestRegistry
  readonly target: TestRegistry
  readonly from: string
  readonly to: string
}
export type Way = {
  readonly who: string
  readonly steps: readonly (readonly [string, (ends: Ends) => Promise<unknown>])[]
}

/** Every way on empty registries of its own, one after another. */
export async function measureMirror(kind: RegistryKind, ways: readonly Way[]): Promise<Measured[]> {
  const measured: Measured[] = []
  for (const { who, steps } of ways) {
    const [source, target] = await Promise.all([startRegistry(kind), startRegistry(kind)])
    try {
      await pushTableImage(source)
      const ends = { source, target, from: `${source.address}/app:1`, to: `${target.address}/app:1` }
      for (const [step, work] of steps) {
        await Promise.all([source.resetRequests(), target.resetRequests()])
        await work(ends)
        measured.push({ step, who, ...(await count(source, target)) })
      }
    } finally {
      await Promise.all([source.stop(), target.stop()])
    }
  }
  return measured
}

async function pushTableImage(source: TestRegistry): Promise<void> {
  const image = anImage({ platforms: ["linux/amd64", "linux/arm64"], layers: ["a", "b", "c"], sbom: "cyclonedx" })
  await pushImage(source.url, "app", "1", image)
  await attachReferrer(
    source.url,
    "app",
    aReferrer(image.root.descriptor, {
      artifactType: "application/vnd.example.note",
      layers: [{ mediaType: "text/plain", content: "note" }],
    }),
  )
}

/** The module's own ways. */
export function ourMirror(): Way[] {
  const copy = (referrers: boolean) => (ends: Ends) => {
    const request = { source: parseReference(ends.from), target: parseReference(ends.to), ...plain, referrers }
    return mirror(
      { registry: new CopyingRegistry(new HostToolRunner(), clientAccess(), noRetry), step: unseen, ...context },
      request,
    )
  }
  // The copy that a mirror asks for: by digest, without a tag.
  const copyAlone = async ({ source: reads, from, to }: Ends) => {
    const registry = new CopyingRegistry(new HostToolRunner(), clientAccess(), noRetry)
    const source = parseReference(from)
    const digest = await registry.resolve(source)
    if (digest === undefined) throw new Error(`${from} is not there`)
    await reads.resetRequests()
    await registry.copy({ source: { ...source, digest }, target: parseReference(to), referrers: true })
  }
  return [
    {
      who: "cssc mirror",
      steps: [
        ["first copy with referrers", copy(true)],
        ["unchanged, referrers checked", copy(true)],
        ["unchanged, no referrers", copy(false)],
      ],
    },
    { who: "cssc mirror", steps: [["the copy alone", copyAlone]] },
  ]
}

const plain = {
  force: false,
  history: false,
  provenance: false,
  platforms: [],
  newDigest: false,
  dryRun: false,
  sourceAuthenticated: false,
}
const noRetry = { delays: [], maxDelay: 0, sleep: () => Promise.resolve() }
const context = { now: () => new Date(), run: { url: "", id: "", attempt: "", actor: "", workflow: "" } }

// Pings and tokens are left out, as in the table.
async function count(source: TestRegistry, target: TestRegistry) {
  const of = async (registry: TestRegistry) =>
    (await registry.requests()).filter(({ kind }) => kind !== "ping" && kind !== "token")
  const [read, written] = [await of(source), await of(target)]
  return {
    source: read.length,
    target: written.length,
    writes: written.filter(({ method }) => method !== "GET" && method !== "HEAD").length,
  }
}
