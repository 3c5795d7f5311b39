// What the references of a CycloneDX document point to: components of its own, a package URL, or another BOM.
// https://cyclonedx.org/docs/1.6/json/ and https://cyclonedx.org/capabilities/bomlink/
import { z } from "zod"
import { checkSchema, isRecord } from "../oci/json.js"
import { readItem, unreadableName, whyOf } from "./unread.js"
import { opaqueName } from "./vex-content.js"
import type { VexProduct } from "./vex-document.js"

const text = z
  .string()
  .max(4096)
  .nullish()
  .transform((value) => value ?? "")
const componentSchema = z.object({
  "bom-ref": text,
  type: text,
  group: text,
  name: text,
  version: text,
  purl: text,
  components: z
    .array(z.unknown())
    .nullish()
    .transform((list) => list ?? []),
})
type Component = z.infer<typeof componentSchema>

export type ComponentIndex = {
  readonly byRef: ReadonlyMap<string, string>
  /** The image that the whole document is about, if it is about one. */
  readonly image?: { readonly ref: string; readonly id: string }
  readonly serial: string
}

/**
 * Names every component by its reference. One that cannot be read, and one reference for two things, is a name that
 * nothing matches. What the whole document is about must be readable: else every component is meant in nobody knows what.
 */
export function indexComponents(
  root: unknown,
  components: readonly unknown[],
  serial: string,
  what: string,
): ComponentIndex {
  const byRef = new Map<string, string>()
  const top =
    root === undefined ? undefined : checkSchema(componentSchema, root, "VEX_INVALID", `a component of ${what}`)
  const waiting: unknown[] = [...(root === undefined ? [] : [root]), ...components]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const child of childrenOf(next)) waiting.push(child)
    const [ref, name] = namedComponent(next)
    if (ref !== "") byRef.set(ref, (byRef.get(ref) ?? name) === name ? name : unreadableName(twoThings(ref)))
  }
  const image = top !== undefined && isImage(top) ? { ref: top["bom-ref"], id: nameOf(top) } : undefined
  return { byRef, serial, ...(image === undefined ? {} : { image }) }
}

/** What a reference names. A component of a document about an image is meant in that image only. */
export function productOf(ref: string, { byRef, image, serial }: ComponentIndex): VexProduct {
  const local = byRef.get(ref) ?? byRef.get(linkedRef(ref, serial) ?? "")
  if (local === undefined)
    return { id: /^pkg:/i.test(fragmentOf(ref)) ? fragmentOf(ref) : opaqueName(ref), subcomponents: [] }
  if (image === undefined || image.id === local) return { id: local, subcomponents: [] }
  return { id: image.id, subcomponents: [local] }
}

function namedComponent(value: unknown): readonly [ref: string, name: string] {
  const found = readItem(componentSchema, value, "a component")
  if (found.success) return [found.data["bom-ref"], nameOf(found.data)]
  const ref = isRecord(value) ? value["bom-ref"] : undefined
  return [typeof ref === "string" ? ref : "", unreadableName(whyOf(found.error, "a component"))]
}

function childrenOf(value: unknown): readonly unknown[] {
  const children = isRecord(value) ? value["components"] : undefined
  return Array.isArray(children) ? children : []
}

function twoThings(ref: string): string {
  return `can be read in two ways: two components have the bom-ref "${ref.slice(0, 200)}"`
}

function isImage({ type, purl }: Component): boolean {
  return purl === "" ? type === "container" : /^pkg:(?:oci|docker)\//i.test(purl)
}

function nameOf(component: Component): string {
  const { purl, group, name, version } = component
  if (purl !== "") return purl
  if (isImage(component)) return imageName(group === "" ? name : `${group}/${name}`, version)
  return opaqueName(`${[group, name].filter((part) => part !== "").join("/")} ${version}`.trim())
}

// Scanners write the reference as name, and as version the digest, a tag, or nothing.
function imageName(name: string, version: string): string {
  if (version === "" || name.includes("@")) return name
  if (/^sha\d{3}:/.test(version)) return `${name}@${version}`
  return name.lastIndexOf(":") > name.lastIndexOf("/") ? name : `${name}:${version}`
}

/** `urn:cdx:<serial>/<version>#<bom-ref>` of this very document. */
function linkedRef(ref: string, serial: string): string | undefined {
  const own = /^urn:cdx:([^/#]+)(?:\/\d+)?#/.exec(ref)?.[1]
  return own !== undefined && serial.toLowerCase() === `urn:uuid:${own.toLowerCase()}` ? fragmentOf(ref) : undefined
}

/** The reference inside a link to another BOM, which may be percent-encoded; else the reference itself. */
function fragmentOf(ref: string): string {
  if (!ref.startsWith("urn:cdx:")) return ref
  const fragment = ref.slice(ref.indexOf("#") + 1)
  if (/^pkg:/i.test(fragment)) return fragment
  try {
    return decodeURIComponent(fragment)
  } catch {
    return fragment
  }
}
