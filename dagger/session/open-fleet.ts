// A fleet file read together with the call's own arguments: what is wrong with any of them is told at once, and so are all
// logins that are missing, before any work.
import type { File } from "@dagger.io/dagger"
import type { Fleet } from "../../core/fleet/config/fleet.js"
import { requireLogins } from "../../core/fleet/config/missing-logins.js"
import { parseFleet } from "../../core/fleet/config/parse-fleet.js"
import type { DocumentParts } from "../../core/fleet/document/fleet-document.js"
import { formatShard, parseShard, type Shard } from "../../core/fleet/shard/shard.js"
import { policyDigest } from "../../core/policy/document/policy.js"
import { readAll } from "../state/problems.js"
import { configure, type State } from "../state/state.js"
import { Session } from "./session.js"

export type FleetArguments = { readonly file: File; readonly shard: string }

export type OpenFleet = { readonly session: Session; readonly fleet: Fleet; readonly shard: Shard }

export async function openFleet(state: State, { file, shard }: FleetArguments): Promise<OpenFleet> {
  const read = (async () => parseFleet(await file.contents(), await file.name()))()
  const opened = await readAll({
    fleet: () => read,
    shard: () => parseShard(shard),
    session: async () => Session.open(withLimits(state, await read.catch(() => undefined))),
  })
  await requireLogins(opened.fleet, (repository) => opened.session.authenticated(repository))
  return opened
}

/** What names a document's configuration. */
export function documentHead({ fleet, session, shard }: OpenFleet): Pick<DocumentParts, "config" | "shard"> {
  const { source, digest, entries } = fleet
  const config = { source, digest, entries: entries.length, policy: policyDigest(session.operation.policy) }
  return { config, ...(shard.count === 1 ? {} : { shard: formatShard(shard) }) }
}

// The file's limits, unless the caller gave others for the same registry; zod has checked them.
function withLimits(state: State, fleet: Fleet | undefined): State {
  const told = (fleet?.registries ?? []).flatMap(({ anonymous: _, ...limits }) =>
    limits.requestsPerSecond === undefined && limits.concurrency === undefined ? [] : [limits],
  )
  return configure(state, (config) => {
    const given = config.limits ?? []
    return { ...config, limits: [...given, ...told.filter(({ name }) => given.every((one) => one.name !== name))] }
  })
}
