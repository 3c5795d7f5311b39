// What can go wrong: of more candidates than are read, the one that decides is among those that were not.
import { expect, it } from "vitest"
import { predicateTypes } from "../../../core/attestation/predicate-types.js"
import { emptyTrust } from "../../../core/attestation/trust-store.js"
import { MAX_OWN_STATEMENTS, readOwnStatements } from "../../../core/image/own-statements.js"
import { digestOf } from "../../../core/oci/digest.js"
import { mediaTypes } from "../../../core/oci/media-types.js"

const type = predicateTypes.verificationSummary
const subject = digestOf("image")
const image = { registry: "registry.test", repository: "app", digest: subject }
const listed = (count: number) =>
  Array.from({ length: count }, (_, at) => ({
    subject,
    digest: digestOf(String(at)),
    mediaType: mediaTypes.ociManifest,
    size: 2,
    artifactType: mediaTypes.sigstoreBundle,
    annotations: { "in-toto.io/predicate-type": type },
    referrers: [],
  }))

it("refuses more candidates than are read, instead of choosing among them by what nobody signed", async () => {
  const asked: string[] = []
  const registry = {
    resolve: async () => undefined,
    referrers: async () => undefined,
    blob: async () => Buffer.from(""),
    manifest: async ({ digest }: { digest?: string }) => {
      asked.push(digest ?? "")
      return "0"
    },
  }
  const reader = { registry, trust: emptyTrust }
  await expect(readOwnStatements(reader, image, listed(MAX_OWN_STATEMENTS + 1), type)).rejects.toMatchObject({
    code: "LIMIT_EXCEEDED",
  })
  expect(asked).toEqual([])
  const { found, problems } = await readOwnStatements(reader, image, listed(1), type)
  expect([found, problems.length]).toEqual([[], 1])
})
