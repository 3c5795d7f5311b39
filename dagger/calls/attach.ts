// A statement that was made elsewhere, attached to the image that it is about.
import type { File } from "@dagger.io/dagger"
import { attach } from "../../core/attach/attach.js"
import { renderAttachment } from "../../core/attach/render-attachment.js"
import { namedReference } from "../session/image-arguments.js"
import { type ResultFields, resultOf } from "../session/result-files.js"
import { begin } from "../session/session.js"
import type { State } from "../state/state.js"

export type AttachArguments = { readonly image: string; readonly statement: File; readonly platforms: boolean }

export async function runAttach(state: State, args: AttachArguments): Promise<ResultFields> {
  const { session, reference, statement } = await begin(state, {
    reference: () => namedReference(args.image),
    statement: () => args.statement.contents(),
  })
  const image = await session.pin(reference)
  const result = await attach(session.operation, { image, statement, platforms: args.platforms })
  return resultOf(result, renderAttachment(result), session)
}
