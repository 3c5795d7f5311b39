// The carried state, read: real objects instead of positions, and the defaults where nothing was given.
import { type Container, dag, type Directory, type File, type Secret, type Service } from "@dagger.io/dagger"
import { CsscError } from "../../core/errors.js"
import { type Config, type FeedConfig, type ForgeConfig, type KeylessConfig, readConfig, type State } from "./state.js"

export type Settings = {
  readonly config: Config
  readonly toolbox: Container
  /** The one that was given, if any, as it was. */
  readonly givenToolbox?: Container
  readonly auths: readonly { readonly address: string; readonly username: string; readonly secret: Secret }[]
  readonly dockerConfigs: readonly Secret[]
  readonly services: readonly { readonly address: string; readonly service: Service; readonly tls: boolean }[]
  readonly certificates: readonly { readonly address?: string; readonly file: File }[]
  readonly deleteTokens: readonly { readonly address: string; readonly secret: Secret; readonly apiUrl?: string }[]
  readonly forge?: Omit<ForgeConfig, "secret" | "service"> & { readonly token: Secret; readonly service?: Service }
  readonly policy?: File
  readonly signingKey?: { readonly key: Secret; readonly password?: Secret }
  readonly keyless?: Omit<KeylessConfig, "token"> & { readonly token: Secret }
  readonly trustedKeys: readonly { readonly file: File; readonly publisher: string }[]
  readonly trustRoot?: File
  readonly vex: readonly File[]
  readonly knownExploited: FeedSource
  readonly epss: FeedSource
  readonly databaseDirectory?: Directory
  readonly javaDatabaseDirectory?: Directory
}

export type FeedSource = { readonly url?: string; readonly file?: File }

/** `toolbox` makes the container that the tools run in, of the one that was given if any. */
export function readSettings(state: State, toolbox: (given: Container | undefined) => Container): Settings {
  const config = readConfig(state)
  const optional = <Name extends string, T>(name: Name, list: readonly T[], position: number | undefined) =>
    (position === undefined ? {} : { [name]: item(list, position) }) as Partial<Record<Name, T>>
  return {
    config,
    toolbox: toolbox(config.toolbox === undefined ? undefined : item(state.containers, config.toolbox)),
    auths: config.auths.map(({ address, username, secret }) => ({
      address,
      username,
      secret: item(state.secrets, secret),
    })),
    dockerConfigs: config.dockerConfigs.map((position) => item(state.secrets, position)),
    services: config.services.map(({ address, service, tls }) => ({
      address,
      tls,
      service: item(state.services, service),
    })),
    certificates: config.certificates.map(({ file, ...rest }) => ({ ...rest, file: item(state.files, file) })),
    deleteTokens: config.deleteTokens.map(({ secret, ...rest }) => ({ ...rest, secret: item(state.secrets, secret) })),
    ...signingKey(state, config),
    ...keyless(state, config),
    ...forge(state, config),
    trustedKeys: config.trustedKeys.map(({ file, publisher }) => ({ publisher, file: item(state.files, file) })),
    vex: config.vex.map((position) => item(state.files, position)),
    knownExploited: feed(state, config.knownExploited),
    epss: feed(state, config.epss),
    ...optional("givenToolbox", state.containers, config.toolbox),
    ...optional("policy", state.files, config.policy),
    ...optional("trustRoot", state.files, config.trustRoot),
    ...optional("databaseDirectory", state.directories, config.database.directory),
    ...optional("javaDatabaseDirectory", state.directories, config.javaDatabase.directory),
  }
}

function signingKey({ secrets }: State, { signingKey: given }: Config): Pick<Settings, "signingKey"> {
  if (given === undefined) return {}
  const password = given.password === undefined ? {} : { password: item(secrets, given.password) }
  return { signingKey: { key: item(secrets, given.secret), ...password } }
}

function keyless({ secrets }: State, { keyless: given }: Config): Pick<Settings, "keyless"> {
  return given === undefined ? {} : { keyless: { ...given, token: item(secrets, given.token) } }
}

function forge({ secrets, services }: State, { forge: given }: Config): Pick<Settings, "forge"> {
  if (given === undefined) return {}
  const { secret, service, ...rest } = given
  const bound = service === undefined ? {} : { service: item(services, service) }
  return { forge: { ...rest, token: item(secrets, secret), ...bound } }
}

function feed({ files }: State, { url, file }: FeedConfig): FeedSource {
  return { ...(url === undefined ? {} : { url }), ...(file === undefined ? {} : { file: item(files, file) }) }
}

/** A file with some text, known by its content alone. */
export function textFile(name: string, content: string): File {
  return dag.directory().withNewFile(name, content).file(name)
}

function item<T>(list: readonly T[], position: number): T {
  const found = list[position]
  if (found !== undefined) return found
  throw new CsscError("ARGUMENT_INVALID", `the object's state lacks item ${position}: make a new object`)
}
