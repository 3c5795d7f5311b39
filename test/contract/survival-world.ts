// One real registry, directly and behind a proxy that goes wrong: mirrors and promotions go through the proxy, and what
// came of them is read directly.
import { mirror } from "../../core/acquire/mirror.js"
import type { MirrorRequest } from "../../core/acquire/mirror-result.js"
import { predicateTypes } from "../../core/attestation/predicate-types.js"
import type { GateResult } from "../../core/gate/gate-result.js"
import { parseDigest } from "../../core/oci/digest.js"
import { parseReference } from "../../core/oci/reference.js"
import { flattenReferrers, type Referrer } from "../../core/oci/referrers.js"
import { promote } from "../../core/promote/promote.js"
import { CopyingRegistry } from "../../dagger/containers/copying-registry.js"
import { anImage } from "../support/build-image.js"
import { aReferrer } from "../support/build-referrer.js"
import { FaultProxy } from "../support/fault-proxy.js"
import { type Held, heldState } from "../support/held-state.js"
import { clientAccess } from "../support/host-access.js"
import { HostToolRunner } from "../support/host-tool-runner.js"
import type { Job } from "../support/killable-job.js"
import { anOperation, gateImage, newRegistry } from "../support/promotion.js"
import { attachReferrer, pushImage } from "../support/push-image.js"
import { type RegistryKind, startRegistry, type TestRegistry } from "../support/registry.js"
import { fourAttempts } from "../support/retries.js"

export const image = anImage({
  platforms: ["linux/amd64", "linux/arm64"],
  layers: ["a", "b"],
  sbom: "cyclonedx",
  packages: ["pkg:npm/minimist@1.2.8"],
})

export const verbs = ["mirror", "promote"] as const
export type Verb = (typeof verbs)[number]

export class SurvivalWorld {
  private constructor(
    readonly registry: TestRegistry,
    readonly proxy: FaultProxy,
    readonly gated: GateResult,
  ) {}

  static async start(kind: RegistryKind): Promise<SurvivalWorld> {
    const registry = await startRegistry(kind)
    const proxy = await FaultProxy.before(registry)
    await pushImage(registry.url, "quarantine/app", "1", image)
    const note = {
      artifactType: "application/vnd.example.note",
      layers: [{ mediaType: "text/plain", content: "note" }],
    }
    await attachReferrer(registry.url, "quarantine/app", aReferrer(image.root.descriptor, note))
    const gated = await gateImage(parseReference(`${proxy.address}/quarantine/app:1`), {
      predicateType: predicateTypes.cyclonedx,
    })
    return new SurvivalWorld(registry, proxy, gated)
  }

  async stop(): Promise<void> {
    await this.proxy.stop()
    await this.registry.stop()
  }

  /** What a verb is asked for, to a repository of its own. */
  job(verb: Verb, repository: string): Job {
    const target = `${this.proxy.address}/${repository}:1`
    if (verb === "promote") return { gated: this.gated, target }
    return { mirror: mirrorRequest(`${this.proxy.address}/quarantine/app:1`, target) }
  }

  /** In this process, with attempts that are not waited for. */
  async run(verb: Verb, repository: string): Promise<unknown> {
    const registry = new CopyingRegistry(new HostToolRunner(), clientAccess(), fourAttempts())
    const operation = anOperation({ registry })
    const job = this.job(verb, repository)
    if ("mirror" in job) return mirror(operation, job.mirror)
    const request = { source: job.gated.image, target: parseReference(job.target), dryRun: false }
    return promote(operation, job.gated, request)
  }

  /** Everything that is listed for the image and its platforms. */
  async listed(repository: string): Promise<readonly Referrer[]> {
    const at = parseReference(`${this.registry.address}/${repository}`)
    const subjects = [image.digest, ...image.platforms.map(({ manifest }) => manifest.descriptor.digest)]
    const trees = subjects.map((digest) => newRegistry().referrers({ ...at, digest: parseDigest(digest) }))
    return (await Promise.all(trees)).flatMap((tree) => (tree === undefined ? [] : flattenReferrers(tree)))
  }

  held(repository: string): Promise<Held> {
    return heldState(this.registry, `${repository}:1`)
  }
}

function mirrorRequest(source: string, target: string): MirrorRequest {
  return {
    source: parseReference(source),
    target: parseReference(target),
    ...{ force: false, referrers: true, history: true, provenance: true, platforms: [], newDigest: false },
    ...{ dryRun: false, sourceAuthenticated: false },
  }
}
