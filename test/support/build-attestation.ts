// Evidence in the shapes that are in the field: bare, in an envelope, in a bundle, under cosign's tag, in BuildKit's
// entry of the index. Signed by a test's key or by nobody, and always with Node's own cryptography.
import { sign } from "node:crypto"
import { aBundle, anEnvelope, signatureOver, type TestKey } from "../core/attestation/build-signed.js"
import type { TestImage } from "./build-image.js"
import { blobOf, manifestOf, type TestDescriptor, type TestManifest, testMediaTypes } from "./build-manifest.js"
import { aReferrer } from "./build-referrer.js"
import type { TestPredicate } from "./build-sbom.js"
import { platformOf, withEntries } from "./odd-images.js"

const simpleSigning = "application/vnd.dev.cosign.simplesigning.v1+json"
const cosignSignature = "application/vnd.dev.cosign.artifact.sig.v1+json"
const bundleType = "application/vnd.dev.sigstore.bundle.v0.3+json"

/** The text of a statement, about its subject or, when it lies, about something else. */
export function statementOf({ predicateType, predicate }: TestPredicate, about: string): string {
  const subject = [{ name: "app", digest: { sha256: about.replace("sha256:", "") } }]
  return JSON.stringify({ _type: "https://in-toto.io/Statement/v1", subject, predicateType, predicate })
}

type Wrapped = { readonly mediaType: string; readonly content: string }

export function bare(statement: string): Wrapped {
  return { mediaType: testMediaTypes.inToto, content: statement }
}

export function enveloped(statement: string, key: TestKey): Wrapped {
  return {
    mediaType: testMediaTypes.dsse,
    content: JSON.stringify(anEnvelope(statement, [signatureOver(statement, key)])),
  }
}

/** A bundle; `hint` is the key that it claims. */
export function bundled(statement: string, key: TestKey, hint = key): Wrapped {
  const bundle = aBundle(anEnvelope(statement, [signatureOver(statement, key)]), hint.publicKey.fingerprint)
  return { mediaType: bundleType, content: JSON.stringify(bundle) }
}

/** A referrer of `subject` with one wrapped statement. */
export function attached(
  subject: TestDescriptor,
  { mediaType, content }: Wrapped,
  predicateType: string,
): TestManifest {
  const annotations = { "in-toto.io/predicate-type": predicateType }
  return aReferrer(subject, { artifactType: mediaType, annotations, layers: [{ mediaType, content, annotations }] })
}

/** A referrer that says something in a bundle, the way we and cosign 3 attach. */
export function aSigned(
  subject: TestDescriptor,
  said: TestPredicate,
  key: TestKey,
  about = subject.digest,
): TestManifest {
  return attached(subject, bundled(statementOf(said, about), key), said.predicateType)
}

/** What cosign puts under the tag `.att`: no subject, an envelope for each statement, its type on the layer. */
export function attestationTag(wrapped: readonly (Wrapped & { readonly predicateType: string })[]): TestManifest {
  return withoutSubject(
    wrapped.map(({ predicateType, ...layer }) => ({ ...layer, annotations: { predicateType } })),
    testMediaTypes.config,
  )
}

/** An image whose index lists BuildKit's attestations of its first platform: one manifest, a layer for each. */
export function withBuildkit(
  image: TestImage,
  wrapped: readonly (Wrapped & { readonly predicateType: string })[],
): TestImage {
  const about = platformOf(image)
  const layers = wrapped.map(({ predicateType, content }) => {
    // BuildKit's layers are all of one media type: only the annotation tells them apart.
    return { mediaType: testMediaTypes.inToto, content, annotations: { "in-toto.io/predicate-type": predicateType } }
  })
  const manifest = withoutSubject(layers, testMediaTypes.config)
  const marks = { "vnd.docker.reference.type": "attestation-manifest", "vnd.docker.reference.digest": about.digest }
  const entry = { ...manifest.descriptor, annotations: marks, platform: { os: "unknown", architecture: "unknown" } }
  const platforms = [...image.platforms, { platform: "unknown/unknown", manifest }]
  return { ...withEntries(image, (entries) => [...entries, entry]), platforms }
}

/** cosign's simple signature over a manifest; as Docker Hardened Images have it, or without subject for the `.sig` tag. */
export function simpleSignature(
  signed: TestDescriptor,
  { key }: TestKey,
  { about = signed.digest, tagged = false }: { readonly about?: string; readonly tagged?: boolean } = {},
): TestManifest {
  const type = "cosign container image signature"
  const identity = { "docker-reference": "registry.example.com/app" }
  const critical = { identity, image: { "docker-manifest-digest": about }, type }
  const content = JSON.stringify({ critical, optional: null })
  const signature = sign("sha256", Buffer.from(content), key).toString("base64")
  const layer = { mediaType: simpleSigning, content, annotations: { "dev.cosignproject.cosign/signature": signature } }
  if (tagged) return withoutSubject([layer], testMediaTypes.config)
  return aReferrer(signed, { artifactType: cosignSignature, layers: [layer] })
}

type Layer = Wrapped & { readonly annotations: Readonly<Record<string, string>> }

function withoutSubject(layers: readonly Layer[], configMediaType: string): TestManifest {
  const config = blobOf(configMediaType, "{}")
  const blobs = layers.map(({ mediaType, content }) => blobOf(mediaType, content))
  const described = blobs.map(({ descriptor }, at) => ({ ...descriptor, annotations: layers[at]?.annotations }))
  const content = { schemaVersion: 2, mediaType: testMediaTypes.manifest, config: config.descriptor, layers: described }
  return manifestOf(testMediaTypes.manifest, content, [config, ...blobs])
}
