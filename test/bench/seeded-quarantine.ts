// A quarantine of tags with two platforms each and an SBOM on each, which nobody has scanned before.
import { anImage } from "../support/build-image.js"
import { pushImage } from "../support/push-image.js"
import { startRegistry, type TestRegistry } from "../support/registry.js"
import { unheard } from "./side-by-side.js"

const packages = ["pkg:npm/left-pad@1.3.0", "pkg:npm/lodash@4.17.21", "pkg:pypi/requests@2.32.4"]

export function tagNames(length: number): string[] {
  return Array.from({ length }, (_, index) => `v${index}`)
}

/** A registry with them in `quarantine/app`; a package that no SBOM had before is in each, so that no scan is known. */
export async function seededQuarantine(tags: readonly string[], latencyMilliseconds = 0): Promise<TestRegistry> {
  const registry = await startRegistry("api", { latencyMilliseconds })
  const once = unheard()
  for (const tag of tags) {
    const image = anImage({
      platforms: ["linux/amd64", "linux/arm64"],
      layers: [tag, "b", "c"],
      sbom: "cyclonedx",
      packages: [...packages, `pkg:npm/${once}-${tag}@1.0.0`],
    })
    await pushImage(registry.url, "quarantine/app", tag, image)
  }
  return registry
}
