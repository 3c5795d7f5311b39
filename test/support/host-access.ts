// Logins and certificates of the test registries, as the client and the tools of this machine are told.
import { readFile } from "node:fs/promises"
import { type Credential, passwordEntry, selectCredential } from "../../registry/credentials.js"
import type { Access } from "../../registry/http/access.js"

export type HostAccess = {
  readonly credentials?: readonly { readonly address: string; readonly username: string; readonly password: string }[]
  /** Registries that speak TLS, with the CA file that they are trusted by; all others speak plain HTTP. */
  readonly certificates?: Readonly<Record<string, string>>
}

export function credentialsOf({ credentials = [] }: HostAccess): Credential[] {
  return credentials.map(({ address, username, password }) => ({
    address,
    entry: passwordEntry(address, username, password),
  }))
}

export function clientAccess(access: HostAccess = {}): Access {
  return {
    credential: (repository) => Promise.resolve(selectCredential(credentialsOf(access), repository)?.entry),
    reach: async (host) => {
      const caFile = access.certificates?.[host]
      return caFile === undefined ? { plainHttp: true } : { certificate: await readFile(caFile, "utf8") }
    },
  }
}
