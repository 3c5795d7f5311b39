// When an image was made, for selections by age: the annotation org.opencontainers.image.created of what the tag stands for,
// else `created` in the config of the image, of an index's first platform. 1970, as reproducible builds say, and a time that is
// still to come say nothing.
import { platformCreated } from "../../image/image-config.js"
import { readManifest } from "../../image/read-manifest.js"
import { createdOf } from "../../oci/created.js"
import type { PinnedReference } from "../../oci/reference.js"
import type { Registry } from "../../ports.js"
import type { AgeSelection } from "../config/fleet.js"

/** Clocks of builders may be ahead of ours by this many milliseconds. */
const maxAhead = 24 * 60 * 60 * 1000

/** Milliseconds since 1970; undefined when nothing tells it. */
export async function imageMade(
  registry: Pick<Registry, "manifest" | "blob">,
  image: PinnedReference,
  now: Date,
): Promise<number | undefined> {
  const manifest = await readManifest(registry, image)
  const first = manifest.kind === "index" ? manifest.platforms[0]?.descriptor.digest : manifest.digest
  const told =
    createdOf(manifest.annotations) ??
    (first === undefined ? undefined : await platformCreated(registry, { ...image, digest: first }))
  const time = told === undefined ? 0 : Date.parse(told)
  return time > 0 && time <= now.getTime() + maxAhead ? time : undefined
}

/** `unknown` is for the entry to decide. */
export function isOfAge({ max, min }: AgeSelection, made: number, now: Date): boolean {
  const age = now.getTime() - made
  return (max === undefined || age <= max) && (min === undefined || age >= min)
}
