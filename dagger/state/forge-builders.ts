// The builder about the forge, where people approve.
import type { Secret, Service } from "@dagger.io/dagger"
import { CsscError } from "../../core/errors.js"
import { extend, type ForgeConfig, type State } from "./state.js"

export type ForgeArguments = Pick<ForgeConfig, "kind" | "project"> & {
  readonly token: Secret
  readonly apiUrl: string
  readonly service: Service | undefined
}

export function setForge(state: State, { kind, project, token, apiUrl, service }: ForgeArguments): State {
  if (service !== undefined && apiUrl === "")
    throw new CsscError("ARGUMENT_INVALID", "service answers for the host of api-url: give that too")
  const named = extend(state, "secrets", token, (config, secret) => ({
    ...config,
    forge: { kind, project: project.trim(), secret, ...(apiUrl === "" ? {} : { apiUrl }) },
  }))
  if (service === undefined) return named
  return extend(named, "services", service, (config, position) => ({
    ...config,
    ...(config.forge === undefined ? {} : { forge: { ...config.forge, service: position } }),
  }))
}
