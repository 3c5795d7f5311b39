// What was attached when an image came and is not listed any more. On a registry without the referrers API the list is a
// tag: one PUT hides what an honest author attached. The mirror signs what it brought; whoever may only push cannot.
import type { Problem } from "../findings/assessment.js"
import { listReferrers, type VerifyingReader } from "../image/attached-documents.js"
import { imageDigests, type ImageGraph } from "../image/image-graph.js"
import type { Digest } from "../oci/digest.js"
import { type Reference, repositoryName } from "../oci/reference.js"
import { flattenReferrers } from "../oci/referrers.js"
import type { SignedAcquisition } from "./acquisitions.js"

/** One problem, naming all; none when the mirror signed no list for this repository. */
export async function findMissingReferrers(
  { registry }: VerifyingReader,
  graph: ImageGraph,
  acquisitions: readonly SignedAcquisition[],
): Promise<readonly Problem[]> {
  const expected = newestLists(acquisitions, graph.reference)
  if (expected.length === 0) return []
  const missing = await Promise.all(
    imageDigests(graph).map(async (digest) => {
      const wanted = new Set(expected.flatMap((list) => list[digest] ?? []))
      if (wanted.size === 0) return []
      const tree = await listReferrers(registry, { ...graph.reference, digest }, graph.manifest)
      const listed = new Set(tree === undefined ? [] : flattenReferrers(tree).map((one) => one.digest))
      return [...wanted].filter((one) => !listed.has(one)).map((one) => `${one} of ${digest}`)
    }),
  )
  const names = missing.flat()
  if (names.length === 0) return []
  const some = names.slice(0, 5).join(", ") + (names.length > 5 ? " …" : "")
  const message = `${names.length} that came with the image, by the mirror's signed provenance, not listed any more: ${some}; mirror it again, and find out who wrote here`
  return [{ code: "EVIDENCE_REMOVED", message }]
}

type Lists = Readonly<Record<Digest, readonly Digest[]>>

// Of what came here: a promotion leaves some behind on purpose, and has a proof of its own. Only the newest counts, since
// what its author took back upstream is gone for good.
function newestLists(acquisitions: readonly SignedAcquisition[], image: Reference): readonly Lists[] {
  const here = acquisitions.filter(({ destination }) => isAt(destination?.reference, image))
  const time = ({ acquiredAt }: SignedAcquisition) => (acquiredAt === undefined ? 0 : Date.parse(acquiredAt))
  const newest = here.reduce((latest, one) => Math.max(latest, time(one)), 0)
  return here.flatMap((one) => (time(one) === newest && one.referrers !== undefined ? [one.referrers] : []))
}

// The mirror writes the name as this module spells it, with a tag, a digest or neither.
function isAt(destination: string | undefined, image: Reference): boolean {
  const name = repositoryName(image)
  return destination?.startsWith(name) === true && /^(?:$|[:@])/.test(destination.slice(name.length))
}
