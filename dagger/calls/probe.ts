// What a registry can do, asked of it.
import { randomUUID } from "node:crypto"
import { type ProbeResult, renderProbe, strategyOf } from "../../core/image/probe-result.js"
import { parseRepository, repositoryName } from "../../core/oci/reference.js"
import { resultOf } from "../session/result-files.js"
import { begin } from "../session/session.js"
import type { State } from "../state/state.js"

export type ProbeArguments = { readonly repository: string; readonly write: boolean }

export async function runProbe(state: State, { repository: name, write }: ProbeArguments) {
  const { session, repository } = await begin(state, { repository: () => parseRepository(name) })
  const { capabilities, left } = await session.registry.probe(repository, write ? randomUUID() : undefined)
  const result: ProbeResult = {
    schema: "https://cssc.dev/probe/v1",
    repository: repositoryName(repository),
    write,
    capabilities,
    strategy: strategyOf(capabilities),
    left,
  }
  return resultOf(result, renderProbe(result), session)
}
