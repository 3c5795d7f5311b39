// What a CycloneDX vulnerability affects: references, their versions, and what each version is said to be.
// https://cyclonedx.org/docs/1.6/json/#vulnerabilities_items_affects
import { z } from "zod"
import { type ComponentIndex, productOf } from "./cyclonedx-components.js"
import { readItem, unreadableProduct, whyOf } from "./unread.js"
import { idText, opaqueName, optional } from "./vex-content.js"
import { isSuppressing, type VexProduct, type VexStatus } from "./vex-document.js"

const versionSchema = z.object({
  version: optional(idText),
  range: optional(idText),
  status: optional(z.enum(["affected", "unaffected", "unknown"])),
})
const affectsSchema = z.object({
  ref: idText,
  versions: z
    .array(versionSchema)
    .nullish()
    .transform((list) => list ?? []),
})
type Affects = z.infer<typeof affectsSchema>
type Version = Affects["versions"][number]

/**
 * The products by status. The analysis decides, but it clears no version that is stated as affected, or as unknown:
 * `resolved` is said of the fixed version and of the one before it alike. Nor does a version's status clear what the
 * analysis does not. One without a status is what the analysis says.
 */
export function statedProducts(
  affects: readonly unknown[],
  status: VexStatus,
  index: ComponentIndex,
  at: string,
): readonly (readonly [VexStatus, readonly VexProduct[]])[] {
  if (affects.length === 0) return [[status, []]]
  const order: readonly VexStatus[] = [status, "affected", "under_investigation"]
  const products = new Map<VexStatus, VexProduct[]>(order.map((one) => [one, []]))
  for (const [number, value] of affects.entries()) {
    const place = `${at}.affects[${number}]`
    const one = readItem(affectsSchema, value, place)
    const stated = one.success ? productsOf(one.data, status, index, place) : [unread(status, whyOf(one.error, place))]
    for (const [how, product] of stated) products.get(how)?.push(product)
  }
  return [...products].filter(([, named]) => named.length > 0)
}

/** What cannot be read may be a version that is stated as affected. */
function unread(status: VexStatus, why: string): readonly [VexStatus, VexProduct] {
  return [isSuppressing(status) ? "under_investigation" : status, unreadableProduct(why)]
}

function statusOf(version: Version, analysed: VexStatus): VexStatus {
  if (!isSuppressing(analysed)) return analysed
  if (version.status === "affected") return "affected"
  return version.status === "unknown" ? "under_investigation" : analysed
}

/** Versions narrow down a reference without one. */
function productsOf(
  { ref, versions }: Affects,
  status: VexStatus,
  index: ComponentIndex,
  at: string,
): (readonly [VexStatus, VexProduct])[] {
  const product = productOf(ref, index)
  const purl = product.subcomponents[0] ?? product.id
  if (versions.length === 0) return [[status, product]]
  // Without a purl nothing tells its versions apart: the worst that is said of one is said of it.
  if (!/^pkg:/i.test(purl)) return [[worstOf(versions.map((one) => statusOf(one, status))) ?? status, product]]
  const [bare = "", own] = splitVersion(purl)
  return versions.map((one): readonly [VexStatus, VexProduct] => {
    const { version, range } = one
    const stated = range === undefined ? (version ?? own) : undefined
    if (own !== undefined && stated !== undefined && decoded(own) !== decoded(stated)) {
      return unread(
        statusOf(one, status),
        `${at}: can be read in two ways: ${purl.slice(0, 200)} is said to have version ${stated.slice(0, 100)}`,
      )
    }
    const narrowed =
      stated === undefined ? opaqueName(`${purl} ${range ?? ""}`) : withVersion(purl, bare, own ?? stated)
    const named =
      product.subcomponents.length > 0 ? { ...product, subcomponents: [narrowed] } : { ...product, id: narrowed }
    return [statusOf(one, status), named]
  })
}

function worstOf(statuses: readonly VexStatus[]): VexStatus | undefined {
  const order: readonly VexStatus[] = ["affected", "under_investigation"]
  return order.find((one) => statuses.includes(one))
}

/** A purl without version, qualifiers and subpath; and its version, as written. */
function splitVersion(purl: string): [string, string | undefined] {
  const [path = ""] = purl.split(/[?#]/)
  const at = path.lastIndexOf("@")
  return at > path.lastIndexOf("/") ? [path.slice(0, at), path.slice(at + 1)] : [path, undefined]
}

function withVersion(purl: string, bare: string, version: string): string {
  const rest = /[?#].*$/s.exec(purl)?.[0] ?? ""
  return `${bare}@${encodeURIComponent(decoded(version))}${rest}`
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
