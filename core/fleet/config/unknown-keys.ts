// Keys that a fleet file has and its schema does not: which one was meant, and that no credential belongs there.
import { distance } from "fastest-levenshtein"
import type { z } from "zod"
import { fleetJsonSchema } from "./fleet-json-schema.js"

const maxTypos = 3
// Whoever looks for a place for a login shall find the one that is safe, and read why there is none here.
const credential = /pass(?:word|wd|phrase)?|token|secret|credential|creds|auth|user|private.?key|api.?key|login/i

type Shape = z.core.JSONSchema.BaseSchema

/** What to say of an unknown key in the mapping at a path. */
export function unknownKey(path: readonly PropertyKey[], key: string): string {
  const near = nearest(key, keysAt(path))
  if (near !== undefined) return `unknown key; did you mean ${near}?`
  if (credential.test(key))
    return "is no key here: a login never stands in this file; pass it by with-registry-auth or --docker-config"
  return "unknown key"
}

function nearest(key: string, known: readonly string[]): string | undefined {
  const plain = (text: string) => text.replace(/[-_]/g, "").toLowerCase()
  const far = known.map((name) => ({ name, far: distance(plain(key.slice(0, 100)), plain(name)) }))
  const [best] = far.filter((one) => one.far <= Math.min(maxTypos, one.name.length / 3)).sort((a, b) => a.far - b.far)
  return best?.name
}

function keysAt(path: readonly PropertyKey[]): readonly string[] {
  let shape: Shape | undefined = fleetJsonSchema()
  for (const key of path) shape = below(shape, key)
  return Object.keys(shape?.properties ?? {})
}

function below(shape: Shape | undefined, key: PropertyKey): Shape | undefined {
  const { items, properties = {}, additionalProperties } = shape ?? {}
  const next =
    typeof key === "number" ? items : Object.hasOwn(properties, key) ? properties[String(key)] : additionalProperties
  return typeof next === "object" && !Array.isArray(next) ? next : undefined
}
