// A fact about one image, as an event has it.
import { type Reference, repositoryName } from "../oci/reference.js"
import type { Fact } from "./cloud-event.js"
import { sourceOf, subjectOf } from "./graph-facts.js"

export function imageFact(what: string, image: Reference, data: Fact["data"], time?: string): Fact {
  const { tag, digest } = image
  const named = { ...(tag === undefined ? {} : { tag }), ...(digest === undefined ? {} : { digest }) }
  return {
    ...{ type: `dev.cssc.image.${what}.v1`, source: sourceOf(image), subject: subjectOf(image) },
    data: { repository: repositoryName(image), ...named, ...data },
    ...(time === undefined ? {} : { time }),
  }
}
