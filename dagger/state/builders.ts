// The configuration that the constructor and the chainable builders take, checked where it comes in.
import type { Container, Directory, File, Secret, Service } from "@dagger.io/dagger"
import { CsscError } from "../../core/errors.js"
import { parseReference } from "../../core/oci/reference.js"
import { parseAddress } from "../../registry/credentials.js"
import { checkRegistryLimits } from "../../registry/limits/registry-limits.js"
import { configure, type DatabaseConfig, extend, type State } from "./state.js"

export const emptyState: State = { config: "", secrets: [], services: [], files: [], containers: [], directories: [] }

export function addRegistryAuth(state: State, address: string, username: string, secret: Secret): State {
  const parsed = parseAddress(address)
  if (username.trim() === "")
    throw new CsscError("CREDENTIALS_INVALID", `the user name for ${parsed} is empty: check the variable it comes from`)
  return extend(state, "secrets", secret, (config, position) => ({
    ...config,
    // The last one given for an address wins.
    auths: [...config.auths.filter((auth) => auth.address !== parsed), { address: parsed, username, secret: position }],
  }))
}

export function addDockerConfig(state: State, secret: Secret): State {
  return extend(state, "secrets", secret, (config, position) => ({
    ...config,
    dockerConfigs: [...config.dockerConfigs, position],
  }))
}

export function addRegistryService(state: State, address: string, service: Service, tls: boolean): State {
  const parsed = parseAddress(address)
  if (parsed.includes("/"))
    throw new CsscError(
      "ARGUMENT_INVALID",
      `"${address}" has a path: a service stands for a whole registry, host[:port]`,
    )
  if (!tls && /:443\/?$/.test(address.trim()) && !parsed.endsWith(":443"))
    throw new CsscError(
      "ARGUMENT_INVALID",
      `"${address}" is HTTPS's port, and the service speaks plain HTTP: choose another port, or pass --tls`,
    )
  if (parsed.startsWith("localhost") || parsed.startsWith("127."))
    throw new CsscError(
      "ARGUMENT_INVALID",
      `"${address}" means the container itself: choose another host name for the service, such as registry.local:5000`,
    )
  return extend(state, "services", service, (config, position) => ({
    ...config,
    services: [...config.services.filter((one) => one.address !== parsed), { address: parsed, service: position, tls }],
  }))
}

export function addCertificate(state: State, file: File, address: string): State {
  const parsed = address === "" ? {} : { address: parseAddress(address) }
  return extend(state, "files", file, (config, position) => ({
    ...config,
    certificates: [...config.certificates, { ...parsed, file: position }],
  }))
}

export function setPolicy(state: State, file: File): State {
  return extend(state, "files", file, (config, position) => ({ ...config, policy: position }))
}

export function setToolbox(state: State, container: Container): State {
  return extend(state, "containers", container, (config, position) => ({ ...config, toolbox: position }))
}

/** Of a reference and a directory, one is meant. */
export function setDatabase(
  state: State,
  kind: "database" | "javaDatabase",
  reference: string,
  directory?: Directory,
): State {
  if ((reference === "") === (directory === undefined))
    throw new CsscError(
      "ARGUMENT_INVALID",
      "a database comes from a reference or from a directory: give one of the two",
    )
  if (directory !== undefined)
    return extend(state, "directories", directory, (config, position) => ({
      ...config,
      [kind]: { directory: position },
    }))
  parseReference(reference)
  const database: DatabaseConfig = { reference }
  return configure(state, (config) => ({ ...config, [kind]: database }))
}

export function addDeleteToken(state: State, address: string, secret: Secret, apiUrl: string): State {
  const parsed = parseAddress(address)
  return extend(state, "secrets", secret, (config, position) => ({
    ...config,
    deleteTokens: [...config.deleteTokens, { address: parsed, secret: position, ...(apiUrl === "" ? {} : { apiUrl }) }],
  }))
}

export function setRun(
  state: State,
  run: { url: string; id: string; attempt: string; actor: string; workflow: string },
): State {
  return configure(state, (config) => ({ ...config, run }))
}

/** The last ones given for a registry win; 0 of either is no limit. */
export function addRegistryLimits(
  state: State,
  address: string,
  requestsPerSecond: number,
  concurrency: number,
): State {
  const name = parseAddress(address)
  if (name.includes("/"))
    throw new CsscError("ARGUMENT_INVALID", `"${address}" has a path: limits are for a whole registry, host[:port]`)
  const limits = checkRegistryLimits({
    name,
    ...(requestsPerSecond === 0 ? {} : { requestsPerSecond }),
    ...(concurrency === 0 ? {} : { concurrency }),
  })
  return configure(state, (config) => ({
    ...config,
    limits: [...(config.limits ?? []).filter((one) => one.name !== name), limits],
  }))
}

/** Delays in seconds; an empty list means one attempt. */
export function setRetryDelays(state: State, delays: readonly number[]): State {
  if (delays.length > 10 || delays.some((delay) => !Number.isInteger(delay) || delay < 0 || delay > 600))
    throw new CsscError("ARGUMENT_INVALID", "retry delays are at most ten whole numbers of seconds, each from 0 to 600")
  return configure(state, (config) => ({ ...config, retryDelays: delays }))
}
