// An image and what is attached to it, deleted.
import { deleteImage } from "../../core/delete/delete-image.js"
import { renderDeletion } from "../../core/delete/render-deletion.js"
import { formatReference, parseTag } from "../../core/oci/reference.js"
import { deletionWay } from "../session/deletion-way.js"
import { namedReference } from "../session/image-arguments.js"
import { resultOf } from "../session/result-files.js"
import { begin } from "../session/session.js"
import type { State } from "../state/state.js"

export type DeleteArguments = { readonly image: string; readonly referrers: boolean; readonly dryRun: boolean }

export async function runDelete(state: State, { image: name, referrers, dryRun }: DeleteArguments) {
  const { session, image } = await begin(state, { image: () => namedReference(name) })
  if (image.tag !== undefined) parseTag(image.tag)
  const way = await deletionWay(session.settings, image)
  const result = await deleteImage(session.operation, { image, referrers, dryRun, deletionWay: way })
  const document = { schema: "https://cssc.dev/deletion/v1", image: formatReference(image), dryRun, ...result }
  return { ...resultOf(document, renderDeletion(name, result), session), status: result.status }
}
