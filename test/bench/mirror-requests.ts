// Counts the requests of mirroring one image, ours and the peers', on the registries' own logs. The image of the table
// in docs/performance.md: two platforms with three layers each, a referrer on each platform and on the index.
import { execFile } from "node:child_process"
import { promisify } from "node:util"
import { CopyingRegistry } from "../../dagger/containers/copying-registry.js"
import { parseReference } from "../../core/oci/reference.js"
import { mirror } from "../../core/acquire/mirror.js"
import { anImage } from "../support/build-image.js"
import { aReferrer } from "../support/build-referrer.js"
import { clientAccess } from "../support/host-access.js"
import { HostToolRunner } from "../support/host-tool-runner.js"
import { hostTools } from "../support/parts.js"
import { attachReferrer, pushImage } from "../support/push-image.js"
import { type RegistryKind, startRegistry, type TestRegistry } from "../support/registry.js"

const run = promisify(execFile)

export type Measured = {
  readonly step: string
  readonly who: string
  readonly source: number
  readonly target: number
  readonly writes: number
}
type Ends = { readonly source: TestRegistry; readonly target: TestRegistry; readonly from: string; readonly to: string }
type Way = { readonly who: string; readonly steps: readonly (readonly [string, (ends: Ends) => Promise<unknown>])[] }

/** Every way on empty registries of its own, one after another. */
export async function measureMirror(kind: RegistryKind, regctl?: string): Promise<Measured[]> {
  const measured: Measured[] = []
  for (const { who, steps } of await waysToMirror(regctl)) {
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

async function waysToMirror(regctl: string | undefined): Promise<Way[]> {
  const { crane, oras } = await hostTools()
  const cp = ({ from, to }: Ends) =>
    run(oras, ["cp", "-r", "--no-tty", "--from-plain-http", "--to-plain-http", from, to])
  const copy = (referrers: boolean) => (ends: Ends) => {
    const request = { source: parseReference(ends.from), target: parseReference(ends.to), ...plain, referrers }
    return mirror(new CopyingRegistry(new HostToolRunner(), clientAccess(), noRetry), request, context)
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
  const craneDigests = ({ from, to }: Ends) =>
    Promise.all([from, to].map((one) => run(crane, ["digest", "--insecure", one])))
  const regctlCopy = ({ source, target, from, to }: Ends) =>
    run(regctl ?? "", [
      "image",
      "copy",
      "--host",
      `reg=${source.address},tls=disabled`,
      "--host",
      `reg=${target.address},tls=disabled`,
      "--referrers",
      "--digest-tags",
      from,
      to,
    ])
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
    {
      who: "oras cp -r",
      steps: [
        ["first copy with referrers", cp],
        ["unchanged, referrers checked", cp],
      ],
    },
    {
      who: "crane digest",
      steps: [
        ["", cp],
        ["unchanged, no referrers", craneDigests],
      ],
    },
    ...(regctl === undefined
      ? []
      : [
          {
            who: "regctl image copy",
            steps: [
              ["first copy with referrers", regctlCopy],
              ["unchanged, referrers checked", regctlCopy],
            ],
          } satisfies Way,
        ]),
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
