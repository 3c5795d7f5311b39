// Which credentials a repository gets. Two organisations on one host can differ, so the longest address that the
// repository lies under wins; what was passed by name comes before what a config.json brought along.
// https://github.com/docker/cli/blob/v28.2.2/man/docker-config-json.5.md, containers-auth.json(5) for keys with a path
import { z } from "zod"
import { CsscError } from "../core/errors.js"
import { canonicalRegistry, type Repository, repositoryName } from "../core/oci/reference.js"

/** An entry of a config.json: what the tools read as it is. */
export type AuthEntry = Readonly<Record<string, unknown>>
export type Credential = { readonly address: string; readonly entry: AuthEntry }

const dockerHubKey = "https://index.docker.io/v1/"
const configSchema = z.object({
  auths: z.record(z.string(), z.looseObject({})).optional(),
  credsStore: z.string().optional(),
  credHelpers: z.record(z.string(), z.string()).optional(),
})

/** `host` or `host/path`, with one name for each registry; throws `CREDENTIALS_INVALID`. */
export function parseAddress(text: string): string {
  const bare = text
    .trim()
    .replace(/^https?:\/\//, "")
    .replace(/\/v[12]\/?$/, "")
    .replace(/\/+$/, "")
  const [host = "", ...path] = bare.split("/")
  if (!/^[A-Za-z0-9.-]+(:\d{1,5})?$/.test(host) || path.some((segment) => !/^[a-z0-9._-]+$/.test(segment)))
    throw new CsscError(
      "CREDENTIALS_INVALID",
      `"${text.slice(0, 160)}" is not a registry address: expected host[:port] or host[:port]/path`,
    )
  return [canonicalRegistry(host), ...path].join("/")
}

/** A name and password as an entry; both must be there: an empty secret would be sent as a wrong login. */
export function passwordEntry(address: string, username: string, password: string): AuthEntry {
  if (username === "" || password.trim() === "")
    throw new CsscError(
      "CREDENTIALS_INVALID",
      `the ${username === "" ? "user name" : "secret"} for ${address} is empty: check the variable it comes from`,
    )
  return { auth: Buffer.from(`${username}:${password.trim()}`).toString("base64") }
}

/** The entries of a docker config.json; one that only names a credential store is of no use in a container. */
export function readDockerConfig(text: string): Credential[] {
  const config = parseConfig(text)
  const entries = Object.entries(config.auths ?? {}).filter(([, entry]) => Object.keys(entry).length > 0)
  if (entries.length === 0) {
    const store = config.credsStore ?? Object.values(config.credHelpers ?? {})[0]
    const why =
      store === undefined
        ? "it has no auths"
        : `it only names the credential store "${store}", which exists on your machine but not in a container`
    throw new CsscError(
      "CREDENTIALS_INVALID",
      `the docker config holds no credentials: ${why}; use withRegistryAuth, or a config.json written by "docker login" without a store`,
    )
  }
  return entries.map(([address, entry]) => ({ address: parseAddress(address), entry }))
}

/** The credential for a repository: the longest address that it lies under, the first of equals. */
export function selectCredential(credentials: readonly Credential[], repository: Repository): Credential | undefined {
  const name = repositoryName(repository)
  const fitting = credentials.filter(({ address }) => name === address || name.startsWith(`${address}/`))
  return fitting.toSorted((a, b) => b.address.length - a.address.length)[0]
}

/** The config.json for one command: one entry per registry host, so that nothing else is sent along. */
export function dockerConfigFor(entries: ReadonlyMap<string, AuthEntry>): string {
  const auths = [...entries].map(([registry, entry]) => [registry === "docker.io" ? dockerHubKey : registry, entry])
  return JSON.stringify({ auths: Object.fromEntries(auths) })
}

function parseConfig(text: string): z.infer<typeof configSchema> {
  try {
    return configSchema.parse(JSON.parse(text))
  } catch {
    // The parser's message may quote the text, which holds secrets.
    throw new CsscError("CREDENTIALS_INVALID", "the docker config is not a config.json: expected JSON with auths")
  }
}
