// CycloneDX JSON. https://cyclonedx.org/docs/1.6/json/
import { z } from "zod"
import { CsscError } from "../errors.js"
import { checkSchema } from "../oci/json.js"
import { checkCount, MAX_COMPONENT_DEPTH, type SbomComponent, type SbomContent, toComponent } from "./component.js"

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? "")
const list = z
  .array(z.unknown())
  .nullish()
  .transform((value) => value ?? [])

const documentSchema = z.object({
  bomFormat: z.literal("CycloneDX"),
  specVersion: z.string().regex(/^1\.\d{1,2}$/, "expected a version 1.x"),
  components: list,
  metadata: z.object({ component: z.unknown().optional() }).nullish(),
})

const componentSchema = z.object({
  type: text,
  group: text,
  name: z.string(),
  version: text,
  purl: text,
  components: list,
})

/** Reads the components of a document, nested ones included, and the document's own root. */
export function readCycloneDx(document: unknown, what: string): SbomContent {
  const { specVersion, components, metadata } = checkSchema(documentSchema, document, "SBOM_INVALID", what)
  const root = metadata?.component === undefined || metadata.component === null ? [] : [metadata.component]
  const found: SbomComponent[] = []
  let level = [...root, ...components]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth >= MAX_COMPONENT_DEPTH) {
      throw new CsscError("LIMIT_EXCEEDED", `${what} nests components deeper than ${MAX_COMPONENT_DEPTH} levels`)
    }
    checkCount(found.length + level.length, what)
    level = readLevel(level, found, `a component of ${what}`)
  }
  return { specVersion, components: found }
}

/** Appends one level of the tree and returns the next. */
function readLevel(level: readonly unknown[], found: SbomComponent[], what: string): unknown[] {
  const next: unknown[] = []
  for (const value of level) {
    const { type, group, name, version, purl, components } = checkSchema(componentSchema, value, "SBOM_INVALID", what)
    found.push(toComponent(group === "" ? name : `${group}/${name}`, version, type, purl))
    for (const child of components) next.push(child)
  }
  return next
}
