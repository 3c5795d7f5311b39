// Whoever brought an image into quarantine does not let it out of there alone: by the acquisition provenance that a key of
// ours signed. An actor is a name, as CI systems give it; who renamed their account since is somebody else to this rule.
import { readAcquisitions, type SignedAcquisition } from "../assess/acquisitions.js"
import { readImage } from "../image/image-graph.js"
import { parseReference, type PinnedReference, repositoryName } from "../oci/reference.js"
import type { Operation } from "../operation.js"
import type { Account } from "./forge.js"
import type { ApprovalRules } from "./who-may.js"

/** Why this person may not answer for this image; undefined when they may. Throws what the registry fails with. */
export async function acquirerProblem(
  { registry, trust }: Pick<Operation, "registry" | "trust">,
  image: PinnedReference,
  { name }: Account,
  rules: ApprovalRules,
): Promise<string | undefined> {
  if (rules.self === "allow") return undefined
  const acquisitions = await readAcquisitions({ registry, trust }, await readImage(registry, image))
  if (acquisitions.some(({ actor = "" }) => actor.toLowerCase() === name.toLowerCase()))
    return "its author acquired the image, and the policy wants somebody else"
  if (rules.unknownAcquirer === "allow" || acquisitions.some((one) => isKnown(one, image))) return undefined
  return (
    "nothing that we signed says who acquired the image, and the policy wants somebody else: mirror and approve with the " +
    "gate's key and with-run, or set approvals.unknown-acquirer: allow"
  )
}

// Of the image as a whole, since an index may be put together of platforms that others acquired, and into this repository,
// since provenance is copied as easily as an image. A run that nobody started, on a schedule, is known to have no actor.
function isKnown({ subject, destination, actor, runUrl = "", workflow }: SignedAcquisition, image: PinnedReference) {
  if (subject !== image.digest || actor === undefined || destination === undefined) return false
  if (repositoryName(parseReference(destination.reference)) !== repositoryName(image)) return false
  return actor !== "" || runUrl !== "" || (workflow?.runId ?? "") !== ""
}
