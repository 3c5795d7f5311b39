// The builder about the forge, where people approve.
import type { Secret } from "@dagger.io/dagger"
import { extend, type ForgeConfig, type State } from "./state.js"

export function setForge(
  state: State,
  kind: ForgeConfig["kind"],
  project: string,
  token: Secret,
  apiUrl: string,
): State {
  return extend(state, "secrets", token, (config, secret) => ({
    ...config,
    forge: { kind, project: project.trim(), secret, ...(apiUrl === "" ? {} : { apiUrl }) },
  }))
}
