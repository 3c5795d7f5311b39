// What was acquired into a repository before.
import { readHistory } from "../../core/acquire/history.js"
import { renderHistory } from "../../core/acquire/render-history.js"
import { parseRepository } from "../../core/oci/reference.js"
import { type ResultFields, resultOf } from "../session/result-files.js"
import { begin } from "../session/session.js"
import type { State } from "../state/state.js"

export async function runHistory(state: State, name: string): Promise<ResultFields> {
  const { session, repository } = await begin(state, { repository: () => parseRepository(name) })
  const history = await readHistory(session.registry, repository)
  return resultOf(history, renderHistory(name, history), session)
}
