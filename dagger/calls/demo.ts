// The whole story on an embedded registry: acquire, gate, promote, prove, and ask again. It runs the module's own operations,
// so that what it shows is what a pipeline does.
import { toolbox } from "../containers/toolbox.js"
import { type Container, dag, type Directory } from "@dagger.io/dagger"
import { generateKeyPairSync, randomUUID } from "node:crypto"
import { CsscError } from "../../core/errors.js"
import { parseTag } from "../../core/oci/reference.js"
import type { MirrorResult } from "../../core/acquire/mirror-result.js"
import { renderMirror } from "../../core/acquire/render-mirror.js"
import { renderVerification } from "../../core/verify/render-verification.js"
import { renderImage } from "../../core/image/render-image.js"
import { addRegistryService } from "../state/builders.js"
import { runInspect, runMirror } from "./mirror.js"
import { demoImages, pinnedImages } from "../containers/pins.js"
import { runQuarantine } from "./promote.js"
import { sideBySide } from "./session.js"
import { readSettings, textFile } from "../state/settings.js"
import type { State } from "../state/state.js"
import { quote } from "../containers/tool-script.js"
import { uncached } from "../containers/toolbox.js"
import { addTrustedKey, setSigningKey } from "../state/trust-builders.js"
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

export async function runDemo(
  state: State,
  tags: readonly string[],
  registry?: Container,
  layout?: Directory,
): Promise<string> {
  if ((layout === undefined) !== (tags.length === 0))
    throw new CsscError("ARGUMENT_INVALID", "a layout and the tags in it belong together: give both or neither")
  const service = (registry ?? dag.container().from(pinnedImages.registry))
    .withEnvVariable("REGISTRY_STORAGE_DELETE_ENABLED", "true")
    // What it refuses on the way is part of the protocol, and would drown the story.
    .withEnvVariable("REGISTRY_LOG_LEVEL", "error")
    .withEnvVariable("REGISTRY_LOG_ACCESSLOG_DISABLED", "true")
    .withEnvVariable("CSSC_DEMO", randomUUID())
    .withExposedPort(5000)
    .asService({ useEntrypoint: true })
  const bound = addRegistryService(state, address, service, false)
  const sources = layout === undefined ? demoImages : await seed(bound, layout, tags.map(parseTag))
  const { gate, consumer } = withNewKey(bound)
  const mirrored = await sideBySide(sources, 4, (source) => acquire(gate, source))
  const run = await promoteAll(gate, layout === undefined ? "image" : "sbom")
  const promoted = promotedIn(run.document)
  const again = await sideBySide(sources, 4, (source) => acquire(gate, source))
  return [
    "# 1. Acquire into quarantine",
    ...mirrored.map((result) => renderMirror(result)),
    "# 2. Scan every platform, decide, promote what passes",
    run.markdown,
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
async function seed(state: State, layout: Directory, tags: readonly string[]): Promise<string[]> {
  const settings = readSettings(state, toolbox)
  const upstream = `${address}/upstream/app`
  const copies = tags.map(
    (tag) =>
      `oras cp --recursive --no-tty --from-oci-layout --to-plain-http ${quote(`/layout:${tag}`)} ${quote(`${upstream}:${tag}`)}`,
  )
  const service = settings.services.find((one) => one.address === address)?.service
  if (service === undefined) throw new CsscError("ARGUMENT_INVALID", "the demo's registry is not bound")
  await uncached(settings.toolbox.withServiceBinding("registry.cssc", service).withMountedDirectory("/layout", layout))
    .withExec(["sh", "-c", copies.join(" && ")])
    .sync()
  return tags.map((tag) => `${upstream}:${tag}`)
}

async function acquire(state: State, source: string): Promise<MirrorResult> {
  const name = (source.split("/").at(-1) ?? "").replace(":", "-")
  const target = source.startsWith(address) ? quarantine : `${quarantine}:${name}`
  const result = await runMirror(state, { ...mirrorOptions, source, target })
  console.error(`cssc: ${source}: ${result.copied ? "mirrored into quarantine" : "not mirrored again"}`)
  return result
}

function promoteAll(state: State, method: "image" | "sbom") {
  return runQuarantine(state, {
    source: quarantine,
    target: golden,
    method,
    predicateType: "",
    tags: {},
    deleteSource: true,
    requireTags: true,
    dryRun: false,
  })
}

function promotedIn(document: string): readonly string[] {
  const { tags } = JSON.parse(document) as { tags: { tag: string; outcome: string }[] }
  return tags.filter(({ outcome }) => outcome === "promote").map(({ tag }) => `${golden}:${tag}`)
}

async function inspectAll(state: State, images: readonly string[]): Promise<string[]> {
  if (images.length === 0) return ["Nothing was promoted."]
  return sideBySide(images, 4, async (image) => renderImage(await runInspect(state, image)))
}

async function proofs(state: State, images: readonly string[]): Promise<string[]> {
  const args = { resource: "", maxAge: "", samePolicy: false }
  return sideBySide(images, 4, async (image) => renderVerification(await runVerify(state, { ...args, image })))
}

// A key that nobody keeps: the gate signs with it, and the consumer trusts its public half.
function withNewKey(state: State): { gate: State; consumer: State } {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" })
  const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString()
  const key = dag.setSecret(`cssc-demo-${randomUUID()}`, pem)
  const trusted = textFile("demo.pub", publicKey.export({ type: "spki", format: "pem" }).toString())
  return { gate: setSigningKey(state, key, undefined), consumer: addTrustedKey(state, trusted, "") }
}
