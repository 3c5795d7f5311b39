// By what else than its name an RPM is looked up: some systems keep their advisories by architecture and by module stream. A
// package without them, or with others, is listed with exit code 0 and matched with none.
// https://github.com/aquasecurity/trivy/blob/v0.73.0/pkg/detector/ospkg/{alma,redhat,rocky,oracle}
import { normalizePlatform } from "../oci/platform.js"

export type Rpm = {
  readonly resultType: string
  readonly installed: string
  /** "" when it names none. */
  readonly arch: string
  /** The module stream, `name:stream:version:context`; "" without one. */
  readonly modularity: string
}

const byArchitecture: ReadonlySet<string> = new Set(["centos", "oracle", "redhat", "rocky"])
const byModule: ReadonlySet<string> = new Set(["alma", "centos", "redhat", "rocky"])

/** How RPM calls what images call otherwise. */
const architectures: ReadonlyMap<string, readonly string[]> = new Map([
  ["386", ["i386", "i486", "i586", "i686", "athlon"]],
  ["amd64", ["x86_64", "x86_64_v2", "i386", "i486", "i586", "i686", "athlon"]],
  ["arm", ["armv5tel", "armv6hl", "armv7hl", "armv7hnl"]],
  ["arm64", ["aarch64"]],
  ["ppc64le", ["ppc64le"]],
  ["riscv64", ["riscv64"]],
  ["s390x", ["s390", "s390x"]],
])

/**
 * Why an RPM of a platform was matched with no advisory; nothing when it was, and for other packages. `stream` is the module
 * stream that its purl says, "" when none; undefined without a purl.
 */
export function rpmProblem(rpm: Rpm, platform: string, stream: string | undefined): string | undefined {
  return architectureProblem(rpm, platform) ?? moduleProblem(rpm, stream)
}

function architectureProblem({ resultType, arch }: Rpm, platform: string): string | undefined {
  if (!byArchitecture.has(resultType) || arch === "noarch") return undefined
  if (arch === "") return "it names no architecture, by which its advisories are kept"
  const own = architectures.get(architectureOf(platform)) ?? [...architectures.values()].flat()
  return own.includes(arch) ? undefined : `it was looked up for the architecture ${quoted(arch)}, not for ${platform}`
}

// The scanner takes the name and stream before the second colon, and looks up without them when there is none.
function moduleProblem({ resultType, installed, modularity }: Rpm, said: string | undefined): string | undefined {
  if (!byModule.has(resultType)) return undefined
  const isNamed = /^[^:]+:[^:]+:/.test(modularity)
  if (/\.module[+_]/.test(installed) && !isNamed) return "it is of a module stream that is not named"
  return said === undefined || said === modularity
    ? undefined
    : `it was looked up in the module stream ${quoted(modularity)}, not in ${quoted(said)}`
}

function architectureOf(platform: string): string {
  const [, os = "", architecture = ""] = /^([a-z0-9]+)\/([^/:]+)/.exec(platform) ?? []
  return normalizePlatform({ os, architecture }).architecture
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text)
}
