// The keys of a policy file about who is trusted: publishers, what a missing signature does, and whose VEX counts.
import { z } from "zod"
import { readPublicKey } from "../../attestation/public-key.js"
import { oneOf } from "./exception-schema.js"
import { effect, imageGlobs, issuer, maxListLength, publicKey, shortText, visibleName } from "./policy-values.js"

const maxKeys = 100

export const identitySchema = z
  .strictObject({
    issuer: issuer.describe("The certificate's OIDC issuer, exactly."),
    subject: shortText.describe("The certificate's subject, exactly."),
  })
  .describe("A certificate's issuer and subject.")

/** Somebody whose signature counts, and for which images; a key has its fingerprint: SHA-256 of the PKIX DER in base64. */
export const publisherSchema = z
  .strictObject({
    publisher: visibleName.describe("Its name, for people and for vex.publishers."),
    keys: z
      .array(publicKey.describe("A public key in PEM. Never a private one.").transform((pem) => readPublicKey(pem)))
      .min(1, "must hold a public key")
      .max(maxKeys)
      .exactOptional()
      .describe("Its public keys."),
    identities: z.array(identitySchema).min(1).max(maxKeys).exactOptional().describe("Its keyless identities."),
    images: imageGlobs
      .default([])
      .describe("Globs over registry/repository that it is trusted for. Without it: every image."),
  })
  .refine((value) => value.keys !== undefined || value.identities !== undefined, "needs keys, identities, or both")
  .meta({
    description: "One publisher with public keys, keyless identities, or both.",
    ...oneOf("keys", "identities"),
  })
  .transform(({ keys = [], identities = [], ...value }) => ({ ...value, keys, identities }))

export const signaturesSchema = z.strictObject({
  image: effect.exactOptional().describe("On the image itself. Without it nobody looks."),
  sbom: effect.prefault("report").describe("On the SBOM that is scanned."),
  evidence: effect.prefault("report").describe("On the attestations that evidence.required names."),
})

function namesOf(name: typeof shortText, what: string) {
  return z.union(
    [z.literal("all"), z.array(name.describe(what)).max(maxListLength)],
    "expected all, or a list of names",
  )
}

export const vexSchema = z.strictObject({
  referrers: z.boolean().prefault(true).describe("Read the documents that are attached to the image."),
  publishers: namesOf(visibleName, "The name of a publisher.")
    .prefault("all")
    .describe("Publishers of trusted whose attached documents count."),
  authors: namesOf(shortText, "An author, as the document names it.")
    .prefault("all")
    .describe("Authors whose statements count in documents that are passed as files."),
  conflict: effect.prefault("block").describe("Statements that contradict each other."),
  unusable: effect.prefault("report").describe("Documents that cannot be read or used."),
})
