// What can go wrong: a required attestation of years ago is attached again, and its new annotation makes it young.
import { expect, it } from "vitest"
import { emptyTrust } from "../../../core/attestation/trust-store.js"
import type { DocumentReader } from "../../../core/image/attached-documents.js"
import { findAttestations } from "../../../core/image/find-attestations.js"
import { parseDigest } from "../../../core/oci/digest.js"
import { parseManifest } from "../../../core/oci/manifest.js"
import { bare, statementOf } from "../../support/build-attestation.js"
import { anImage } from "../../support/build-image.js"
import type { TestManifest } from "../../support/build-manifest.js"
import { aReferrer } from "../../support/build-referrer.js"

const predicateType = "https://slsa.dev/provenance/v1"
const annotated = "2026-06-15T00:00:00Z"
const built = anImage({ single: true }).root
const subject = built.descriptor
const about = parseDigest(subject.digest)

function reattached(predicate: unknown): TestManifest {
  const { mediaType, content } = bare(statementOf({ predicateType, predicate }, subject.digest))
  const annotations = { "in-toto.io/predicate-type": predicateType, "org.opencontainers.image.created": annotated }
  return aReferrer(subject, { artifactType: mediaType, annotations, layers: [{ mediaType, content }] })
}

function holding(manifest: TestManifest): DocumentReader {
  const { mediaType, size } = manifest.descriptor
  const digest = parseDigest(manifest.descriptor.digest)
  const { artifactType = "", annotations = {} } = JSON.parse(manifest.bytes.toString())
  const listed = { subject: about, digest, mediaType, size, artifactType, annotations, referrers: [] }
  return {
    resolve: async () => undefined,
    manifest: async ({ digest: wanted }) => (wanted === digest ? manifest.bytes.toString() : undefined),
    blob: async (_, { digest: wanted }) =>
      Buffer.from(manifest.blobs.find(({ descriptor }) => descriptor.digest === wanted)?.bytes ?? ""),
    referrers: async () => ({ subject: about, referrers: [listed] }),
  }
}

it.each([
  [
    "an old one by its own date",
    { runDetails: { metadata: { finishedOn: "2020-01-01T00:00:00Z" } } },
    "2020-01-01T00:00:00.000Z",
  ],
  [
    "a newer one by its annotation",
    { runDetails: { metadata: { finishedOn: "2027-01-01T00:00:00Z" } } },
    "2026-06-15T00:00:00.000Z",
  ],
  ["one without a date by its annotation", {}, "2026-06-15T00:00:00.000Z"],
  ["one with a date that is none by none", { runDetails: { metadata: { finishedOn: "long ago" } } }, undefined],
])("dates %s", async (_, predicate, expected) => {
  const image = parseManifest(built.bytes.toString(), { reference: "registry.test/app" })
  const platform = { registry: "registry.test", repository: "app", digest: about }
  const reader = { registry: holding(reattached(predicate)), trust: emptyTrust }
  const found = await findAttestations(reader, platform, image, [predicateType])
  expect(found.map(({ created }) => created)).toEqual([expected])
})
