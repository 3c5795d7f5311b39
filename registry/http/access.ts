// What the client is told about registries: how each is reached, and with which credentials.
import type { Repository } from "../../core/oci/reference.js"
import type { AuthEntry } from "../credentials.js"

/** How one host is reached; by default over TLS, under its own name, trusting public CAs. */
export type Reach = {
  /** For services inside the engine's network only. */
  readonly plainHttp?: boolean
  /** PEM of a private CA, trusted beside the public ones. */
  readonly certificate?: string
  /** The name to connect to, while URL, Host and SNI keep the address: that of a bound service. Never by a proxy. */
  readonly dial?: string
}

export interface Access {
  /** `host[:port]` as it stands in a URL. */
  reach(host: string): Promise<Reach>
  credential(repository: Repository): Promise<AuthEntry | undefined>
  /** Credentials that were passed and fit nothing: told to whoever is not let in. */
  unusedKeys?(): Promise<readonly string[]>
}

/** Docker Hub is one registry under many names, and answers at this one. */
const dockerHubHost = "registry-1.docker.io"

/** The host that a registry is dialled at. */
export function hostOf(registry: string): string {
  return registry === "docker.io" ? dockerHubHost : registry
}
