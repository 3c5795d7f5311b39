// Registries that nobody gave a login for: told together, before any work.
import { CsscError } from "../../errors.js"
import { compareText } from "../../findings/canonical-json.js"
import { listSome } from "../../list-some.js"
import { type Repository, repositoryName } from "../../oci/reference.js"
import type { Fleet } from "./fleet.js"

const maxTold = 50
const maxRepositories = 3

/** Throws `CREDENTIALS_INVALID` unless every repository has a login, or its registry is said to need none. */
export async function requireLogins(
  { entries, registries }: Pick<Fleet, "entries" | "registries">,
  hasLogin: (repository: Repository) => Promise<boolean>,
): Promise<void> {
  const anonymous = new Set(registries.filter((one) => one.anonymous).map(({ name }) => name))
  const all = new Map(
    entries.flatMap(({ source, target }) => [source, target]).map((one) => [repositoryName(one), one]),
  )
  const asked = [...all.values()].filter(({ registry }) => !anonymous.has(registry))
  const logins = await Promise.all(asked.map(hasLogin))
  const missing = asked.filter((_, at) => logins[at] === false)
  if (missing.length === 0) return
  const names = [...new Set(missing.map(({ registry }) => registry))].sort(compareText)
  const told = names.map((name) => describe(name, missing))
  throw new CsscError(
    "CREDENTIALS_INVALID",
    `there is no login for ${listSome(told, maxTold, "; ")}: pass with-registry-auth or --docker-config, or say anonymous: true of the registry`,
  )
}

function describe(name: string, missing: readonly Repository[]): string {
  const own = missing.filter(({ registry }) => registry === name).map(({ repository }) => repository)
  return `${name} (${listSome(own, maxRepositories)})`
}
