// The builders about evidence: who signs, who is trusted, and what is known beside the scan.
import type { File, Secret } from "@dagger.io/dagger"
import { CsscError } from "../../core/errors.js"
import { parsePublisher } from "../../core/policy/document/visible-text.js"
import { configure, extend, readConfig, type State } from "./state.js"

/** The last key given signs, instead of keyless. */
export function setSigningKey(state: State, key: Secret, password: Secret | undefined): State {
  const withKey = extend(state, "secrets", key, ({ keyless: _replaced, ...config }, secret) => ({
    ...config,
    signingKey: { secret },
  }))
  if (password === undefined) return withKey
  const secret = readConfig(withKey).signingKey?.secret ?? 0
  return extend(withKey, "secrets", password, (config, position) => ({
    ...config,
    signingKey: { secret, password: position },
  }))
}

/** Refuses a blank publisher: it would become the gate itself. */
export function addTrustedKey(state: State, file: File, text: string): State {
  const publisher = parsePublisher(text)
  return extend(state, "files", file, (config, position) => ({
    ...config,
    trustedKeys: [...config.trustedKeys, { file: position, publisher }],
  }))
}

export function setTrustRoot(state: State, file: File): State {
  return extend(state, "files", file, (config, position) => ({ ...config, trustRoot: position }))
}

export function addVex(state: State, file: File): State {
  return extend(state, "files", file, (config, position) => ({ ...config, vex: [...config.vex, position] }))
}

/** Of a file and a URL, one is meant. */
export function setFeed(state: State, kind: "knownExploited" | "epss", url: string, file: File | undefined): State {
  if ((url === "") === (file === undefined))
    throw new CsscError("ARGUMENT_INVALID", "a feed comes from a file or from a URL: give one of the two")
  if (file === undefined) return configure(state, (config) => ({ ...config, [kind]: { url } }))
  return extend(state, "files", file, (config, position) => ({ ...config, [kind]: { file: position } }))
}
