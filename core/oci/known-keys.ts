// A key that is no key of a schema, but is to readers that ignore case: one reader takes it, the other does not.
import type { z } from "zod"
import { foldKey } from "./folded-keys.js"
import type { SecondReading } from "./one-reading.js"

type Schema = z.core.$ZodType
type Known = { readonly folds: ReadonlyMap<string, string>; readonly harmless: Set<string> }

/** Real documents have some hundred keys that a schema does not know; each is folded once. */
const maxHarmless = 1000
const known = new WeakMap<Schema, Known>()

/** The first key below a value that is spelled otherwise than the schema's, with the path of its object. */
export function findOtherSpelling(schema: Schema, value: unknown): SecondReading | undefined {
  if (typeof value !== "object" || value === null) return undefined
  const { def } = (schema as z.core.$ZodTypes)._zod
  switch (def.type) {
    case "object":
      return Array.isArray(value) ? undefined : inObject(schema, def.shape, value as Record<string, unknown>)
    case "array":
      return Array.isArray(value) ? inItems(value.entries(), () => def.element) : undefined
    case "record":
      return inItems(Object.entries(value), () => def.valueType)
    case "union":
      return firstOf(def.options, value)
    case "pipe":
      return firstOf([def.in, def.out], value)
    case "lazy":
      return findOtherSpelling(def.getter(), value)
    case "optional":
    case "nullable":
    case "default":
    case "readonly":
      return findOtherSpelling(def.innerType, value)
    default:
      return undefined
  }
}

function inObject(
  schema: Schema,
  shape: Readonly<Record<string, Schema>>,
  value: Readonly<Record<string, unknown>>,
): SecondReading | undefined {
  const { folds, harmless } = knownOf(schema, shape)
  for (const key of Object.keys(value)) {
    if (Object.hasOwn(shape, key) || harmless.has(key)) continue
    const meant = folds.get(foldKey(key))
    const found = key.length > 80 ? `${key.slice(0, 80)}…` : key
    if (meant !== undefined)
      return { path: [], why: `${JSON.stringify(found)} is ${JSON.stringify(meant)} to readers that ignore case` }
    if (harmless.size < maxHarmless) harmless.add(key)
  }
  return inItems(
    Object.entries(value).filter(([key]) => Object.hasOwn(shape, key)),
    (key) => shape[key],
  )
}

function inItems<K extends PropertyKey>(
  items: Iterable<readonly [K, unknown]>,
  schemaOf: (key: K) => Schema | undefined,
): SecondReading | undefined {
  for (const [key, item] of items) {
    const schema = schemaOf(key)
    const found = schema === undefined ? undefined : findOtherSpelling(schema, item)
    if (found !== undefined) return { path: [key, ...found.path], why: found.why }
  }
  return undefined
}

function firstOf(schemas: readonly Schema[], value: unknown): SecondReading | undefined {
  for (const schema of schemas) {
    const found = findOtherSpelling(schema, value)
    if (found !== undefined) return found
  }
  return undefined
}

function knownOf(schema: Schema, shape: Readonly<Record<string, Schema>>): Known {
  const found = known.get(schema)
  if (found !== undefined) return found
  const folds = new Map(Object.keys(shape).map((key) => [foldKey(key), key]))
  const made = { folds, harmless: new Set<string>() }
  known.set(schema, made)
  return made
}
