// Platforms as a policy names them, compared as containerd does: linux/arm64 and linux/arm64/v8 are one platform.
import { matchPlatform, parsePlatform, type Platform } from "../../oci/platform.js"

/** Tells whether a text names a platform. */
export function isPlatformName(text: string): boolean {
  return platformNamed(text) !== undefined
}

/** Tells whether an assessed platform is the wanted one; `unknown` and unreadable names are none. */
export function matchesPlatform(wanted: string, platform: string): boolean {
  const [left, right] = [platformNamed(wanted), platformNamed(platform)]
  return left !== undefined && right !== undefined && matchPlatform(left, right)
}

function platformNamed(text: string): Platform | undefined {
  try {
    return parsePlatform(text)
  } catch {
    return undefined
  }
}
