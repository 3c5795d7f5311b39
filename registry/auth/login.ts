// What an entry of a config.json logs in with.
// https://github.com/docker/cli/blob/v28.2.2/man/docker-config-json.5.md
import { z } from "zod"
import { CsscError } from "../../core/errors.js"
import type { AuthEntry } from "../credentials.js"

export type Login = {
  /** For Basic, and for the realm of a Bearer challenge. */
  readonly basic?: { readonly username: string; readonly password: string }
  /** A refresh token for the realm. */
  readonly identityToken?: string
  /** A Bearer token as it is. */
  readonly registryToken?: string
}

const text = z.string().optional()
const entrySchema = z.looseObject({
  auth: text,
  username: text,
  password: text,
  identitytoken: text,
  registrytoken: text,
})

/** Reads an entry; throws `CREDENTIALS_INVALID` and quotes nothing of it. */
export function readLogin(entry: AuthEntry | undefined, registry: string): Login {
  if (entry === undefined) return {}
  const parsed = entrySchema.safeParse(entry)
  if (!parsed.success) throw invalid(registry)
  const { identitytoken, registrytoken } = parsed.data
  const basic = basicOf(parsed.data, registry)
  return {
    ...(basic === undefined ? {} : { basic }),
    ...(identitytoken ? { identityToken: identitytoken } : {}),
    ...(registrytoken ? { registryToken: registrytoken } : {}),
  }
}

/** Every form in which a login could be seen: none may be shown. */
export function secretsOf({ basic, identityToken, registryToken }: Login): readonly string[] {
  const pair = basic === undefined ? [] : [basic.password, `${basic.username}:${basic.password}`]
  return [...pair, ...(identityToken ? [identityToken] : []), ...(registryToken ? [registryToken] : [])]
}

export function basicHeader({ username, password }: NonNullable<Login["basic"]>): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`
}

function basicOf({ auth, username, password }: z.infer<typeof entrySchema>, registry: string): Login["basic"] {
  if (auth) {
    const decoded = Buffer.from(auth, "base64").toString("utf8").replace(/\0+$/, "")
    const colon = decoded.indexOf(":")
    if (colon < 0) throw invalid(registry)
    return { username: decoded.slice(0, colon), password: decoded.slice(colon + 1) }
  }
  return username !== undefined && password !== undefined ? { username, password } : undefined
}

function invalid(registry: string): CsscError {
  return new CsscError(
    "CREDENTIALS_INVALID",
    `the docker config's entry for ${registry} is not a login: expected auth, identitytoken or registrytoken`,
  )
}
