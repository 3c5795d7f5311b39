// The whole story on an embedded registry: acquire, gate, promote, and ask again. It runs the module's own operations,
// so that what it shows is what a pipeline does.
import { type Container, dag, type Directory } from "@dagger.io/dagger"
import { randomUUID } from "node:crypto"
import { CsscError } from "../src/errors.js"
import { parseTag } from "../src/oci/reference.js"
import type { MirrorResult } from "../src/pipeline/mirror-result.js"
import { renderMirror } from "../src/pipeline/render/mirror.js"
import { renderImage } from "../src/pipeline/render/image.js"
import { addRegistryService } from "./builders.js"
import { runInspect, runMirror } from "./mirror.js"
import { demoImages, pinnedImages } from "./pins.js"
import { runQuarantine } from "./promote.js"
import { sideBySide } from "./session.js"
import { readSettings } from "./settings.js"
import type { State } from "./state.js"
import { quote } from "./tool-script.js"
import { uncached } from "./toolbox.js"

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
  const mirrored = await sideBySide(sources, 4, (source) => acquire(bound, source))
  const run = await promoteAll(bound, layout === undefined ? "image" : "sbom")
  const again = await sideBySide(sources, 4, (source) => acquire(bound, source))
  return [
    "# 1. Acquire into quarantine",
    ...mirrored.map((result) => renderMirror(result)),
    "# 2. Scan every platform, decide, promote what passes",
    run.markdown,
    "# 3. What the trusted repository now proves",
    ...(await proofs(bound, run.document)),
    "# 4. Acquire again: what was promoted stays known",
    ...again.map(
      ({ source, history, copied }) =>
        `- ${source}: ${copied ? "copied" : history === "known" ? "known, not acquired again" : "unchanged"}`,
    ),
    "",
  ].join("\n\n")
}

// A published image as a stranger's registry would hold it.
async function seed(state: State, layout: Directory, tags: readonly string[]): Promise<string[]> {
  const settings = readSettings(state)
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

async function proofs(state: State, document: string): Promise<string[]> {
  const { tags } = JSON.parse(document) as { tags: { tag: string; outcome: string }[] }
  const promoted = tags.filter(({ outcome }) => outcome === "promote")
  if (promoted.length === 0) return ["Nothing was promoted."]
  return sideBySide(promoted, 4, async ({ tag }) => renderImage(await runInspect(state, `${golden}:${tag}`)))
}
