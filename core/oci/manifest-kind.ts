// Which kind of manifest a document is. One that could be read as two kinds is refused: a scanner would look at one
// reading and a runtime run the other (CVE-2021-41190).
// https://github.com/opencontainers/image-spec/security/advisories/GHSA-77vh-xpmg-72qh
import { z } from "zod"
import { CsscError } from "../errors.js"
import { checkSpelling } from "./json.js"
import {
  isArtifactManifestMediaType,
  isImageManifestMediaType,
  isIndexMediaType,
  isSchema1MediaType,
  mediaTypes,
} from "./media-types.js"

const anything = z.unknown()
/** What tells one kind from another: in another spelling it would tell some readers another. */
const kindSchema = z.object({
  ...{ schemaVersion: anything, mediaType: anything, manifests: anything },
  ...{ config: anything, layers: anything, blobs: anything, fsLayers: anything },
})

/** The media type that a manifest states, or the one that its fields imply when it states none. */
export function detectMediaType(value: Readonly<Record<string, unknown>>, what: string): string {
  checkSpelling(kindSchema, value, "MANIFEST_INVALID", what)
  const { mediaType } = value
  if (mediaType !== undefined && typeof mediaType !== "string") {
    throw new CsscError("MANIFEST_INVALID", `${what} is malformed: mediaType: expected a string`)
  }
  if (isSchema1(value, mediaType)) {
    const remedy = "push the image again with a current client, or copy it with a tool that converts it"
    throw new CsscError(
      "MANIFEST_UNSUPPORTED",
      `${what} is a Docker schema 1 manifest, which nobody can verify: ${remedy}`,
    )
  }
  const found = mediaType || impliedMediaType(value, what)
  const known = isIndexMediaType(found) || isImageManifestMediaType(found) || isArtifactManifestMediaType(found)
  if (!known) {
    const expected = "expected an OCI or Docker v2 image manifest or index"
    throw new CsscError("MANIFEST_UNSUPPORTED", `${what} has media type "${found.slice(0, 160)}": ${expected}`)
  }
  refuseSecondReading(value, found, what)
  return found
}

function isSchema1(value: Readonly<Record<string, unknown>>, mediaType: string | undefined): boolean {
  return (mediaType !== undefined && isSchema1MediaType(mediaType)) || (value.schemaVersion === 1 && !mediaType)
}

function impliedMediaType(value: Readonly<Record<string, unknown>>, what: string): string {
  if ("manifests" in value) return mediaTypes.ociIndex
  if ("config" in value || "layers" in value) return mediaTypes.ociManifest
  throw new CsscError("MANIFEST_INVALID", `${what} is malformed: it has neither manifests nor config and layers`)
}

function refuseSecondReading(value: Readonly<Record<string, unknown>>, mediaType: string, what: string): void {
  const foreign = isIndexMediaType(mediaType) ? ["config", "layers", "fsLayers", "blobs"] : ["manifests", "fsLayers"]
  const found = foreign.filter((field) => field in value)
  if (found.length === 0) return
  throw new CsscError(
    "MANIFEST_INVALID",
    `${what} can be read in two ways: as ${mediaType}, it must not have ${found.join(", ")}`,
  )
}
