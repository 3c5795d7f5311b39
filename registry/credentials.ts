// Which credentials a repository gets. Two organisations on one host can differ, so the longest address that the
// repository lies under wins; what was passed by name comes before what a config.json brought along.
// https://github.com/docker/cli/blob/v28.2.2/man/docker-config-json.5.md, containers-auth.json(5) for keys with a path
import picomatch from "picomatch"
import { z } from "zod"
import { CsscError } from "../core/errors.js"
import { canonicalRegistry, type Repository, repositoryName } from "../core/oci/reference.js"

/** An entry of a config.json: what the tools read as it is. */
export type AuthEntry = Readonly<Record<string, unknown>>
/**
 * `pattern`: the host of the address is a glob by label, as in `*.azurecr.io`. `unusable`: the address is the key of a
 * config.json that is neither an address nor such a pattern.
 */
export type Credential = {
  readonly address: string
  readonly entry: AuthEntry
  readonly form?: "pattern" | "unusable"
}

const dockerHubKey = "https://index.docker.io/v1/"
const hostName = /^(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/
const hostGlob = /^[A-Za-z0-9.*?[\]-]{1,253}(?::\d{1,5})?$/
const pathSegment = /^[a-z0-9._-]+$/
const configSchema = z.object({
  auths: z.record(z.string(), z.looseObject({})).optional(),
  credsStore: z.string().optional(),
  credHelpers: z.record(z.string(), z.string()).optional(),
})

/** `host` or `host/path`, with one name for each registry; throws `CREDENTIALS_INVALID`. */
export function parseAddress(text: string): string {
  const bare = bareAddress(text)
  if (!isAddress(bare))
    throw new CsscError(
      "CREDENTIALS_INVALID",
      `"${text.slice(0, 160)}" is not a registry address: expected host[:port] or host[:port]/path`,
    )
  const [host = "", ...path] = bare.split("/")
  return [canonicalRegistry(host), ...path].join("/")
}

function bareAddress(text: string): string {
  return text
    .trim()
    .replace(/^https?:\/\//, "")
    .replace(/\/v[12]\/?$/, "")
    .replace(/\/+$/, "")
}

function isAddress(bare: string): boolean {
  const [host = "", ...path] = bare.split("/")
  return hostName.test(host) && path.every((segment) => pathSegment.test(segment))
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
      `the docker config holds no credentials: ${why}; use with-registry-auth, or a config.json written by "docker login" without a store`,
    )
  }
  return entries.map(([key, entry]) => ({ ...readKey(key), entry }))
}

/** The credential for a repository: the longest address that it lies under, the first of equals; patterns come last. */
export function selectCredential(credentials: readonly Credential[], repository: Repository): Credential | undefined {
  const longestFirst = credentials.toSorted((a, b) => b.address.length - a.address.length)
  const fits = (wanted: Credential["form"]) =>
    longestFirst.find((one) => one.form === wanted && liesUnder(repository, one))
  return fits(undefined) ?? fits("pattern")
}

/** Keys of a config.json that nothing could be read from: worth telling when no other credential fits. */
export function unusedKeys(credentials: readonly Credential[]): readonly string[] {
  return credentials.filter(({ form }) => form === "unusable").map(({ address }) => address)
}

/** The config.json for one command: one entry per registry host, so that nothing else is sent along. */
export function dockerConfigFor(entries: ReadonlyMap<string, AuthEntry>): string {
  const auths = [...entries].map(([registry, entry]) => [registry === "docker.io" ? dockerHubKey : registry, entry])
  return JSON.stringify({ auths: Object.fromEntries(auths) })
}

// One odd key must not keep the others from being used.
function readKey(key: string): Pick<Credential, "address" | "form"> {
  const bare = bareAddress(key)
  if (isAddress(bare)) return { address: parseAddress(key) }
  const [host = "", ...path] = bare.split("/")
  const isPattern = hostGlob.test(host) && path.every((segment) => pathSegment.test(segment))
  return isPattern
    ? { address: [host.toLowerCase(), ...path].join("/"), form: "pattern" }
    : { address: key, form: "unusable" }
}

// As Kubernetes matches them: a star stands for a label, not for several.
// https://kubernetes.io/docs/concepts/containers/images/#config-json
function liesUnder(repository: Repository, { address, form }: Credential): boolean {
  const name = repositoryName(repository)
  if (form === undefined) return name === address || name.startsWith(`${address}/`)
  const [host = "", ...path] = address.split("/")
  const matches = picomatch(labels(host), { nobrace: true, noextglob: true, nonegate: true, dot: true })
  return matches(labels(repository.registry)) && `${repository.repository}/`.startsWith([...path, ""].join("/"))
}

function labels(host: string): string {
  return host.replaceAll(".", "/")
}

function parseConfig(text: string): z.infer<typeof configSchema> {
  try {
    return configSchema.parse(JSON.parse(text))
  } catch {
    // The parser's message may quote the text, which holds secrets.
    throw new CsscError("CREDENTIALS_INVALID", "the docker config is not a config.json: expected JSON with auths")
  }
}
