// What the constructor takes: the common builders as arguments, each by the builder's own rules.
import type { Container, Directory, File, Secret, Service } from "@dagger.io/dagger"
import { CsscError } from "../../core/errors.js"
import { defaultPolicy } from "../../core/policy/document/policy.js"
import { withShorthands } from "../../core/policy/document/shorthands.js"
import {
  addDockerConfig,
  addRegistryAuth,
  addRegistryService,
  emptyState,
  setDatabase,
  setPolicy,
  setToolbox,
} from "./builders.js"
import { publicKeyless, setKeyless } from "./keyless-builders.js"
import { checkAll } from "./problems.js"
import { configure, type State } from "./state.js"
import { addTrustedKey, setSigningKey } from "./trust-builders.js"

/** Texts that were not given are empty. */
export type ConstructorArguments = {
  readonly dockerConfig: Secret | undefined
  readonly registry: string
  readonly username: string
  readonly password: Secret | undefined
  readonly registryService: Service | undefined
  readonly policy: File | undefined
  readonly severity: string
  readonly exceptions: string
  readonly signingKey: Secret | undefined
  readonly signingKeyPassword: Secret | undefined
  readonly identityToken: Secret | undefined
  readonly trustedKey: File | undefined
  readonly trivyDatabase: string
  readonly databaseDirectory: Directory | undefined
  readonly toolbox: Container | undefined
  readonly plain: boolean
}

/** The state of a new object; throws with everything that is wrong with the arguments. */
export function newState(args: ConstructorArguments): State {
  const { dockerConfig, policy, trustedKey, toolbox, severity, exceptions } = args
  let state = emptyState
  const add = (change: (state: State) => State) => () => {
    state = change(state)
  }
  checkAll([
    add((before) => setShorthands(before, severity, "")),
    add((before) => setShorthands(before, "", exceptions)),
    add((before) => addService(before, args)),
    add((before) => addLogin(before, args)),
    add((before) => (dockerConfig === undefined ? before : addDockerConfig(before, dockerConfig))),
    add((before) => (policy === undefined ? before : setPolicy(before, policy))),
    add((before) => addSigningKey(before, args)),
    add((before) => (trustedKey === undefined ? before : addTrustedKey(before, trustedKey, ""))),
    add((before) => addDatabase(before, args)),
    add((before) => (toolbox === undefined ? before : setToolbox(before, toolbox))),
    add((before) => (args.plain ? configure(before, (config) => ({ ...config, plain: true })) : before)),
  ])
  return state
}

// Of an address with a path the host is the service's, and the login stays the path's.
function addService(state: State, { registry, registryService }: ConstructorArguments): State {
  if (registryService === undefined) return state
  if (registry.trim() === "")
    throw new CsscError("ARGUMENT_INVALID", "registryService answers as registry: say which host[:port] that is")
  return addRegistryService(state, registry.split("/", 1)[0] ?? "", registryService, false)
}

function addLogin(state: State, { registry, username, password, registryService }: ConstructorArguments): State {
  const noLogin = username.trim() === "" && password === undefined
  if (registryService !== undefined && noLogin) return state
  const missing = [
    ...(registry.trim() === "" ? ["registry"] : []),
    ...(username.trim() === "" ? ["username"] : []),
    ...(password === undefined ? ["password"] : []),
  ]
  if (missing.length === 3) return state
  if (missing.length > 0 || password === undefined)
    throw new CsscError(
      "CREDENTIALS_INVALID",
      `registry, username and password belong together: ${missing.join(" and ")} ${missing.length === 1 ? "is" : "are"} missing or empty`,
    )
  return addRegistryAuth(state, registry, username, password)
}

function addSigningKey(state: State, args: ConstructorArguments): State {
  const { signingKey, signingKeyPassword, identityToken } = args
  if (identityToken !== undefined && signingKey !== undefined)
    throw new CsscError(
      "ARGUMENT_INVALID",
      "signing is by signingKey, or keyless by identityToken: give one of the two",
    )
  if (identityToken !== undefined && signingKeyPassword === undefined)
    return setKeyless(state, identityToken, publicKeyless)
  if (signingKey !== undefined) return setSigningKey(state, signingKey, signingKeyPassword)
  if (signingKeyPassword === undefined) return state
  throw new CsscError("ARGUMENT_INVALID", "signingKeyPassword is the password of signingKey: give the key too")
}

function addDatabase(state: State, { trivyDatabase, databaseDirectory }: ConstructorArguments): State {
  if (trivyDatabase === "" && databaseDirectory === undefined) return state
  return setDatabase(state, "database", trivyDatabase, databaseDirectory)
}

// Empty ones change nothing; what the policy would not take is refused here.
function setShorthands(state: State, severity: string, exceptions: string): State {
  withShorthands(defaultPolicy(), { severity, exceptions })
  return configure(state, (config) => ({
    ...config,
    ...(severity === "" ? {} : { severity }),
    ...(exceptions === "" ? {} : { exceptions }),
  }))
}
