// Registries that nobody gave a login for: told together, before any work.
import { CsscError } from "../../errors.js"
import { compareText } from "../../findings/canonical-json.js"
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
  const told = names.slice(0, maxTold).map((name) => describe(name, missing))
  const more = names.length > maxTold ? `; and ${names.length - maxTold} more` : ""
  throw new CsscError(
    "CREDENTIALS_INVALID",
    `there is no login for ${told.join("; ")}${more}: pass with-registry-auth or --docker-config, or say anonymous: true of the registry`,
  )
}

function describe(name: string, missing: readonly Repository[]): string {
  const own = missing.filter(({ registry }) => registry === name).map(({ repository }) => repository)
  const more = own.length > maxRepositories ? ` and ${own.length - maxRepositories} more` : ""
  return `${name} (${own.slice(0, maxRepositories).join(", ")}${more})`
}
