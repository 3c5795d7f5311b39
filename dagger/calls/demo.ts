// The whole story on an embedded registry: acquire, gate, promote, prove, and ask again. It runs the module's own verbs, so
// that what it shows is what a pipeline does.
import { generateKeyPairSync, randomUUID } from "node:crypto"
import { type Container, dag, type Directory, type Service } from "@dagger.io/dagger"
import type { MirrorResult } from "../../core/acquire/mirror-result.js"
import { renderMirror } from "../../core/acquire/render-mirror.js"
import { CsscError } from "../../core/errors.js"
import { parseTag } from "../../core/oci/reference.js"
import { demoRegistry, seedLayout } from "../containers/demo-registry.js"
import { demoImages } from "../containers/pins.js"
import { toolbox } from "../containers/toolbox.js"
import { sideBySide } from "../session/side-by-side.js"
import { lookOf, tell } from "../session/tell.js"
import { addRegistryService } from "../state/builders.js"
import { readSettings, textFile } from "../state/settings.js"
import { readConfig, type State } from "../state/state.js"
import { addTrustedKey, setSigningKey } from "../state/trust-builders.js"
import { runImage } from "./image.js"
import { acquire } from "./mirror.js"
import { promoteAll } from "./promote-quarantine.js"
import { runVerify } from "./verify.js"

const address = "registry.cssc:5000"
const quarantine = `${address}/quarantine/app`
const golden = `${address}/golden/app`
const mirrorOptions = {
  force: false,
  referrers: true,
  history: true,
  provenance: true,
  platforms: [],
  newDigest: false,
  dryRun: false,
}
const run = {
  source: quarantine,
  target: golden,
  predicateType: "",
  ...{ glob: [], exclude: [], regex: "", semver: "", newest: 0, prereleases: false },
  deleteSource: true,
  requireTags: true,
  allowMissing: false,
  dryRun: false,
}

export async function runDemo(
  state: State,
  tags: readonly string[],
  registry?: Container,
  layout?: Directory,
): Promise<string> {
  if ((layout === undefined) !== (tags.length === 0))
    throw new CsscError("ARGUMENT_INVALID", "a layout and the tags in it belong together: give both or neither")
  const service = demoRegistry(registry)
  const bound = addRegistryService(state, address, service, false)
  const sources = layout === undefined ? demoImages : await seed(bound, service, layout, tags.map(parseTag))
  const { gate, consumer } = withNewKey(bound)
  const mirrored = await sideBySide(sources, 4, (source) => acquireTold(gate, source))
  const { result, runs } = await promoteAll(gate, { ...run, method: layout === undefined ? "image" : "sbom" })
  const promoted = runs.flatMap((one) =>
    "promotion" in one && one.promotion.outcome === "promote" ? [`${golden}:${one.tag}`] : [],
  )
  const look = lookOf(readConfig(state))
  const again = await sideBySide(sources, 4, (source) => acquireTold(gate, source))
  return [
    "# 1. Acquire into quarantine",
    ...mirrored.map((one) => tell(renderMirror(one), look).summary),
    "# 2. Scan every platform, decide, promote what passes",
    tell(result.page, look).summary,
    "# 3. What the trusted repository now proves",
    ...(await inspectAll(bound, promoted)),
    "# 4. A deploy job asks for proof: it has the gate's public key, and nothing else",
    ...(await proofs(consumer, promoted)),
    "# 5. Acquire again: what was promoted stays known",
    ...again.map(
      ({ source, history, copied }) =>
        `- ${source}: ${copied ? "copied" : history === "known" ? "known, not acquired again" : "unchanged"}`,
    ),
    "",
  ].join("\n\n")
}

// A published image as a stranger's registry would hold it.
async function seed(state: State, service: Service, layout: Directory, tags: readonly string[]): Promise<string[]> {
  const repository = `${address}/upstream/app`
  await seedLayout(readSettings(state, toolbox).toolbox, service, { layout, tags, repository })
  return tags.map((tag) => `${repository}:${tag}`)
}

async function acquireTold(state: State, source: string): Promise<MirrorResult> {
  const name = (source.split("/").at(-1) ?? "").replace(":", "-")
  const target = source.startsWith(address) ? quarantine : `${quarantine}:${name}`
  const { result } = await acquire(state, { ...mirrorOptions, source, target })
  console.error(`cssc: ${source}: ${result.copied ? "mirrored into quarantine" : "not mirrored again"}`)
  return result
}

async function inspectAll(state: State, images: readonly string[]): Promise<string[]> {
  if (images.length === 0) return ["Nothing was promoted."]
  return sideBySide(images, 4, async (image) => (await runImage(state, image)).summary)
}

async function proofs(state: State, images: readonly string[]): Promise<string[]> {
  const args = { resource: "", maxAge: "", samePolicy: false }
  return sideBySide(images, 4, async (image) => (await runVerify(state, { ...args, image })).summary)
}

// A key that nobody keeps: the gate signs with it, and the consumer trusts its public half.
function withNewKey(state: State): { gate: State; consumer: State } {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" })
  const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString()
  const key = dag.setSecret(`cssc-demo-${randomUUID()}`, pem)
  const trusted = textFile("demo.pub", publicKey.export({ type: "spki", format: "pem" }).toString())
  return { gate: setSigningKey(state, key, undefined), consumer: addTrustedKey(state, trusted, "") }
}
