// Does a product of a VEX statement name the image that is judged? Under the name that it has here, or the one that it
// was acquired from; a mirror keeps digests, so a digest is the surest name of all.
import type { PlatformAssessment } from "../../findings/assessment.js"
import type { Digest } from "../../oci/digest.js"
import { normalizePlatform, parsePlatform, type Platform } from "../../oci/platform.js"
import type { ProductName } from "../../vex/vex-document.js"
import { matchesPlatform } from "../exceptions/platform-match.js"
import { agreesOnDistro } from "./distro.js"
import { type ImageName, oneRepositoryName } from "./product.js"

/** One platform of the image that is judged. */
export type JudgedImage = {
  /** Digest of what was named: usually an index. */
  readonly digest: Digest
  readonly names: readonly ProductName[]
  /** Digests of all its platforms. */
  readonly platforms: ReadonlySet<Digest>
  readonly platform: PlatformAssessment
}

export function namesImage(product: ImageName, image: JudgedImage): boolean {
  const named = image.names.some((name) => isRepository(product, name) && isVersion(product, name, image))
  return named && [...product.qualifiers].every(([key, value]) => agrees(key, value, image.platform))
}

function isRepository({ repository, open }: ImageName, name: ProductName): boolean {
  const known = oneRepositoryName(name.repository)
  return open ? known.endsWith(`/${repository}`) : known === repository
}

function isVersion({ digest, tag }: ImageName, name: ProductName, image: JudgedImage): boolean {
  if (digest === undefined) return tag === undefined || tag === name.tag
  // A platform's digest speaks of that platform only.
  if (image.platforms.has(digest)) return digest === image.platform.digest && isKnown(digest, name, image)
  return isKnown(digest, name, image)
}

function isKnown(digest: Digest, { digests, by }: ProductName, image: JudgedImage): boolean {
  return digests.includes(digest) || (by === "image" && (digest === image.digest || image.platforms.has(digest)))
}

/** What cannot be compared does not agree. */
function agrees(key: string, wanted: string, { platform, scan }: PlatformAssessment): boolean {
  if (key === "repository_url" || key === "tag") return true
  if (key === "platform") return matchesPlatform(wanted, platform)
  const actual = platformNamed(platform)
  if (key === "os") return wanted.toLowerCase() === actual?.os
  if (key === "arch") return isArchitecture(wanted, platform)
  const os = { family: (scan?.os?.family ?? "").toLowerCase(), release: scan?.os?.name ?? "" }
  return agreesOnDistro(key, wanted, "", os) ?? false
}

/** How distributions call what Go calls otherwise. */
const distributionNames: ReadonlyMap<string, string> = new Map([
  ["armhf", "arm"],
  ["armv7", "arm"],
  ["armv7l", "arm"],
  ["i386", "386"],
  ["i686", "386"],
  ["x86", "386"],
  ["ppc64el", "ppc64le"],
])

export function sameArchitecture(left: string, right: string): boolean {
  return plainArchitecture(left) === plainArchitecture(right)
}

/** Tells whether a platform has an architecture, by whichever of its names. */
export function isArchitecture(wanted: string, platform: string): boolean {
  const actual = platformNamed(platform)
  return actual !== undefined && sameArchitecture(wanted, actual.architecture)
}

function plainArchitecture(text: string): string {
  const { architecture } = normalizePlatform({ os: "linux", architecture: text })
  return distributionNames.get(architecture) ?? architecture
}

function platformNamed(text: string): Platform | undefined {
  try {
    return parsePlatform(text)
  } catch {
    return undefined
  }
}
