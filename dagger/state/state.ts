// What every object of the module carries from call to call. Dagger rebuilds an object from its fields only, and only
// core types in flat lists survive (an object inside an object comes back as bare ids), so the configuration travels
// as one JSON text that points into five flat lists.
import type { Container, Directory, File, Secret, Service } from "@dagger.io/dagger"
import type { TrustedIdentity } from "../../core/attestation/trust-store.js"
import type { RegistryLimits } from "../../core/ports.js"

/** The fields that an object needs so that its next method still has credentials, services and policy. */
export type State = {
  config: string
  secrets: Secret[]
  services: Service[]
  files: File[]
  containers: Container[]
  directories: Directory[]
}

/** Positions in the lists of a State; never a secret's text. */
export type Config = {
  readonly auths: readonly { readonly address: string; readonly username: string; readonly secret: number }[]
  readonly dockerConfigs: readonly number[]
  readonly services: readonly { readonly address: string; readonly service: number; readonly tls: boolean }[]
  readonly certificates: readonly { readonly address?: string; readonly file: number }[]
  readonly deleteTokens: readonly { readonly address: string; readonly secret: number; readonly apiUrl?: string }[]
  readonly forge?: ForgeConfig
  readonly policy?: number
  readonly signingKey?: { readonly secret: number; readonly password?: number }
  readonly keyless?: KeylessConfig
  /** Left out by states from before there were any. */
  readonly trustedIdentities?: readonly TrustedIdentity[]
  readonly trustedKeys: readonly { readonly file: number; readonly publisher: string }[]
  readonly trustRoot?: number
  readonly vex: readonly number[]
  readonly knownExploited: FeedConfig
  readonly epss: FeedConfig
  readonly severity?: string
  readonly exceptions?: string
  readonly toolbox?: number
  readonly database: DatabaseConfig
  readonly javaDatabase: DatabaseConfig
  readonly run: {
    readonly url: string
    readonly id: string
    readonly attempt: string
    readonly actor: string
    readonly workflow: string
  }
  readonly retryDelays?: readonly number[]
  /** What registries are asked at most. */
  readonly limits?: readonly RegistryLimits[]
  /** Summaries without colour. */
  readonly plain?: boolean
}

export type ForgeConfig = {
  readonly kind: "github" | "gitlab"
  readonly project: string
  readonly secret: number
  readonly apiUrl?: string
  /** Where the API is answered, of the services. */
  readonly service?: number
}
/** Where keyless signatures come from; without a log or a timestamp authority where there is none. */
export type KeylessConfig = {
  readonly token: number
  readonly isPublic: boolean
  readonly fulcioUrl: string
  readonly rekorUrl?: string
  readonly rekorVersion: 1 | 2
  readonly timestampUrl?: string
}
export type DatabaseConfig = { readonly reference?: string; readonly directory?: number }
/** A feed from a file or a URL; by default from its publisher. */
export type FeedConfig = { readonly url?: string; readonly file?: number }

const empty: Config = {
  auths: [],
  dockerConfigs: [],
  services: [],
  certificates: [],
  deleteTokens: [],
  trustedKeys: [],
  vex: [],
  knownExploited: {},
  epss: {},
  database: {},
  javaDatabase: {},
  run: { url: "", id: "", attempt: "", actor: "", workflow: "" },
}

export function readConfig(state: Pick<State, "config">): Config {
  return state.config === "" ? empty : (JSON.parse(state.config) as Config)
}

/** The state's own fields, to be put on another object. */
export function carry({ config, secrets, services, files, containers, directories }: State): State {
  return { config, secrets, services, files, containers, directories }
}

type Lists = Omit<State, "config">

/** A copy of the state with one more thing in one of its lists, and the configuration that refers to it. */
export function extend<Name extends keyof Lists>(
  state: State,
  list: Name,
  item: Lists[Name][number],
  refer: (config: Config, position: number) => Config,
): State {
  const carried = carry(state)
  const items = [...carried[list], item] as State[Name]
  return { ...carried, [list]: items, config: JSON.stringify(refer(readConfig(state), items.length - 1)) }
}

/** A copy of the state with another configuration. */
export function configure(state: State, change: (config: Config) => Config): State {
  return { ...carry(state), config: JSON.stringify(change(readConfig(state))) }
}
