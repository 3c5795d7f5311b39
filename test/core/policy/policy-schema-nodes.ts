// Every key of the policy's JSON Schema by its path: `exceptions[].id`; `[]` is an entry of a list.
import { isRecord } from "../../../core/oci/json.js"

export type SchemaNode = {
  readonly description?: string
  readonly default?: unknown
  readonly properties?: Readonly<Record<string, unknown>>
}

export function schemaNodes(schema: unknown, path = ""): Map<string, SchemaNode> {
  const found = new Map<string, SchemaNode>()
  if (!isRecord(schema)) return found
  const add = (one: unknown, at: string) => {
    found.set(at, one as SchemaNode)
    for (const [below, node] of schemaNodes(one, at)) found.set(below, node)
  }
  for (const [key, value] of Object.entries(isRecord(schema["properties"]) ? schema["properties"] : {}))
    add(value, path === "" ? key : `${path}.${key}`)
  if (isRecord(schema["items"])) add(schema["items"], `${path}[]`)
  for (const option of Array.isArray(schema["anyOf"]) ? schema["anyOf"] : [])
    for (const [below, node] of schemaNodes(option, path)) found.set(below, node)
  return found
}
