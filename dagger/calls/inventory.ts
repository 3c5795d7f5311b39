// What a trusted repository holds, and what of it may be deployed.
import { parseRepository } from "../../core/oci/reference.js"
import { takeInventory } from "../../core/verify/inventory.js"
import { renderInventory } from "../../core/verify/render-inventory.js"
import { parseAge } from "../session/parse-age.js"
import { reportFilesOf } from "../session/reports.js"
import { resultOf } from "../session/result-files.js"
import { begin } from "../session/session.js"
import { type TagArguments, tagSelection } from "../session/tag-selection.js"
import type { State } from "../state/state.js"

export type InventoryArguments = TagArguments & { readonly repository: string; readonly maxAge: string }

export async function runInventory(state: State, args: InventoryArguments) {
  const { session, repository, maxAge, tags } = await begin(state, {
    repository: () => parseRepository(args.repository),
    maxAge: () => (args.maxAge === "" ? undefined : parseAge(args.maxAge)),
    tags: () => tagSelection(args),
  })
  const { policy } = session.operation
  const request = { repository, tags, maxAge: maxAge ?? policy.verdict.maxAge }
  const result = await takeInventory(session.operation, request)
  const page = renderInventory(result)
  // The other formats are of images and what was found in them.
  const { "report.html": html } = await reportFilesOf({
    title: result.repository,
    kind: "inventory",
    images: [],
    inventory: result,
  })
  const unproven = result.rows.filter(({ state: one }) => one !== "proven").map(({ tag }) => tag)
  return { ...resultOf(result, page, session, html === undefined ? {} : { "report.html": html }), unproven }
}
