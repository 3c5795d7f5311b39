// Platforms: what an index promises an entry runs on.
// https://github.com/opencontainers/image-spec/blob/v1.1.1/image-index.md, normalised as containerd does
// (containerd/platforms: arm64/v8 and amd64/v1 are the plain architectures, arm without a variant is v7).
import { z } from "zod"
import { CsscError } from "../errors.js"

export const platformSchema = z.object({
  os: z.string().max(64),
  architecture: z.string().max(64),
  variant: z.string().max(64).optional(),
  "os.version": z.string().max(128).optional(),
  "os.features": z.array(z.string()).nullish(),
})

export type Platform = {
  readonly os: string
  readonly architecture: string
  readonly variant?: string
  /** Tells Windows builds apart, which do not run on each other. */
  readonly osVersion?: string
}

const partPattern = /^[a-z0-9][a-z0-9_.-]*$/
// What containerd takes for one: https://github.com/containerd/platforms/blob/v1.0.0-rc.4/database.go
const osNames: Readonly<Record<string, string>> = { macos: "darwin" }
const architectureNames: Readonly<Record<string, string>> = {
  ...{ x86_64: "amd64", "x86-64": "amd64", i386: "386", aarch64: "arm64", armhf: "arm", armel: "arm" },
}
/** Names that are of one variant, whatever is beside them. */
const impliedVariants: Readonly<Record<string, string>> = { i386: "", armhf: "v7", armel: "v6" }
const plainVariants: Readonly<Record<string, readonly string[]>> = { amd64: ["v1"], arm64: ["v8", "v8.0"] }

/** Reads `os/architecture[/variant][:os.version]` as crane writes it: `linux/arm/v7` or `windows/amd64:10.0.20348.2340`. */
export function parsePlatform(text: string): Platform {
  const [path = "", ...versions] = text.trim().toLowerCase().split(":")
  const [os = "", architecture = "", variant, ...rest] = path.split("/")
  const parts = [os, architecture, ...(variant === undefined ? [] : [variant]), ...versions]
  if (rest.length > 0 || versions.length > 1 || !parts.every((part) => partPattern.test(part))) {
    throw new CsscError(
      "ARGUMENT_INVALID",
      `"${text.slice(0, 160)}" is not a platform: expected os/architecture[/variant], for example linux/arm64`,
    )
  }
  return normalizePlatform({
    os,
    architecture,
    ...(variant === undefined ? {} : { variant }),
    ...(versions[0] === undefined ? {} : { osVersion: versions[0] }),
  })
}

/** One spelling for one platform. */
export function normalizePlatform(platform: Platform): Platform {
  const [os, lower] = [platform.os.toLowerCase(), platform.architecture.toLowerCase()]
  const architecture = ofOwn(architectureNames, lower) ?? lower
  const variant = normalizeVariant(architecture, ofOwn(impliedVariants, lower) ?? platform.variant?.toLowerCase())
  return {
    os: ofOwn(osNames, os) ?? os,
    architecture,
    ...(variant === undefined ? {} : { variant }),
    ...(platform.osVersion ? { osVersion: platform.osVersion } : {}),
  }
}

/** `os/architecture[/variant][:os.version]` of the normalised platform. */
export function formatPlatform(platform: Platform): string {
  const { os, architecture, variant, osVersion } = normalizePlatform(platform)
  return [os, architecture, variant].filter((part) => part !== undefined).join("/") + (osVersion ? `:${osVersion}` : "")
}

/** Tells whether an entry is what was asked for; an os.version is compared only when it was asked for. */
export function matchPlatform(wanted: Platform, actual: Platform): boolean {
  const left = normalizePlatform(wanted)
  const right = normalizePlatform(actual)
  const version = left.osVersion === undefined || left.osVersion === right.osVersion
  return left.os === right.os && left.architecture === right.architecture && left.variant === right.variant && version
}

/**
 * Reads the platform of a descriptor; nothing when there is none, or it is blank, `unknown/unknown`, or not a name
 * that could be handed to a tool.
 */
export function platformOf(entry: z.infer<typeof platformSchema> | undefined): Platform | undefined {
  if (entry === undefined || isUnknown(entry)) return undefined
  const optional = [entry.variant, entry["os.version"]].filter((part) => part)
  const parts = [entry.os, entry.architecture, ...optional].map((part) => part?.toLowerCase() ?? "")
  if (!parts.every((part) => partPattern.test(part))) return undefined
  return normalizePlatform({
    os: entry.os,
    architecture: entry.architecture,
    ...(entry.variant ? { variant: entry.variant } : {}),
    ...(entry["os.version"] ? { osVersion: entry["os.version"] } : {}),
  })
}

/** BuildKit gives its attestations this platform, so that no runtime ever picks them. */
export function isUnknown(entry: { readonly os: string; readonly architecture: string }): boolean {
  return entry.os === "unknown" && entry.architecture === "unknown"
}

function normalizeVariant(architecture: string, variant: string | undefined): string | undefined {
  if (architecture === "arm" && !variant) return "v7"
  const named = variant && /^\d+(?:\.\d+)?$/.test(variant) ? `v${variant}` : variant
  if (!named || ofOwn(plainVariants, architecture)?.includes(named)) return undefined
  return architecture === "arm64" && named === "v9.0" ? "v9" : named
}

function ofOwn<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined
}
