// What a reference stands for now.
import { inspect } from "../../core/image/inspect.js"
import { renderImage } from "../../core/image/render-image.js"
import { namedReference } from "../session/image-arguments.js"
import { resultOf } from "../session/result-files.js"
import { begin } from "../session/session.js"
import type { State } from "../state/state.js"

export async function runImage(state: State, reference: string) {
  const { session, image } = await begin(state, { image: () => namedReference(reference) })
  const report = await inspect(session.registry, await session.pin(image))
  return {
    ...resultOf(report, renderImage(report), session),
    digest: report.digest,
    reference: report.reference,
    platforms: report.platforms.map(({ platform }) => platform),
  }
}
