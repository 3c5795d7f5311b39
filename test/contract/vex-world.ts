// Images that are mirrored with signed provenance, and judged by keys that a policy trusts.
import { createSigner } from "../../core/attestation/signer.js"
import type { GateResult } from "../../core/gate/gate-result.js"
import { parseReference, type Reference } from "../../core/oci/reference.js"
import type { Policy } from "../../core/policy/document/policy.js"
import type { Caller } from "../../core/ports.js"
import { aKey, type TestKey } from "../core/attestation/build-signed.js"
import { aSigned } from "../support/build-attestation.js"
import { anImage, type TestImage } from "../support/build-image.js"
import type { TestManifest } from "../support/build-manifest.js"
import { aPolicy } from "../support/build-policy.js"
import type { TestPredicate } from "../support/build-sbom.js"
import { lodash, ociPurl, openVex } from "../support/build-vex.js"
import { context, gateImage, type GateOptions } from "../support/promotion.js"
import { attachReferrer, pushImage } from "../support/push-image.js"
import type { RegistryKind } from "../support/registry.js"
import { aContext, aRepository, type MirrorWorld, mirrorWorld } from "./mirror-world.js"

/** A publisher whom the policy trusts, one whom nobody knows, and ourselves. */
export const [acme, stranger, ours] = [aKey(), aKey(), aKey()]
export const trusting = aPolicy({ acme })

/** Mirrors sign their provenance with this. */
export const signing = (key: TestKey): Caller => ({ ...aContext, signer: createSigner(key.pem) })
/** Gates know by this what is ours. */
export const judging: Caller = { ...context, keys: [{ ...ours.publicKey, publisher: "" }] }

/** An image under its upstream name. */
export type Named = { readonly repository: string; readonly upstream: string; readonly image: TestImage }
export type Attach = (name: Named) => TestManifest

/** A document in a bundle on the index. */
export function about(said: (name: Named) => TestPredicate, key = acme): Attach {
  return (name) => aSigned(name.image.root.descriptor, said(name), key)
}
/** The document that helps: it names the image by its upstream name. */
export const byUpstream = ({ upstream }: Named): TestPredicate => openVex(ociPurl(upstream))

export type Acquired = {
  readonly platforms?: readonly string[]
  readonly upstream?: readonly Attach[]
  readonly by?: Caller
  /** What somebody attaches in quarantine. */
  readonly planted?: readonly Attach[]
}

export type VexWorld = {
  readonly mirrors: MirrorWorld
  /** An image with one HIGH finding, with what is attached upstream, mirrored, and then with what is planted. */
  readonly acquired: (given?: Acquired) => Promise<Named & { readonly quarantine: Reference }>
  readonly judge: (reference: Reference, policy?: Policy, more?: GateOptions) => Promise<GateResult>
}

export function vexWorld(kind: RegistryKind): VexWorld {
  const mirrors = mirrorWorld("api", kind)
  return {
    mirrors,
    async acquired({ upstream = [], by = signing(ours), planted = [], platforms = ["linux/amd64"] } = {}) {
      const repository = aRepository()
      const image = anImage({ platforms, layers: [repository], sbom: "cyclonedx", packages: [lodash] })
      const name = { repository, image, upstream: `${mirrors.source.address}/${repository}` }
      await pushImage(mirrors.source.url, repository, "1", image)
      for (const attach of upstream) await attachReferrer(mirrors.source.url, repository, attach(name))
      await mirrors.mirror(repository, { provenance: true, context: by })
      for (const attach of planted) await attachReferrer(mirrors.target.url, `quarantine/${repository}`, attach(name))
      return { ...name, quarantine: parseReference(`${mirrors.target.address}/quarantine/${repository}:1`) }
    },
    judge: (reference, policy = trusting, more = {}) => gateImage(reference, { policy, context: judging, ...more }),
  }
}
