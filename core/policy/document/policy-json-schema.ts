// The policy's form for editors, as a JSON Schema of draft 2020-12. It helps people to write; what counts is
// parse-policy.ts, which refuses everything that this refuses, and more.
import { z } from "zod"
import { isRecord } from "../../oci/json.js"
import { policyHelp } from "./policy-help.js"
import { policySchema } from "./policy-schema.js"

export const policySchemaId = "https://cssc.dev/policy/v1.schema.json"

type JsonSchema = Record<string, unknown>

/** The schema with a description of every key. */
export function policyJsonSchema(): JsonSchema {
  const { $schema, ...shape } = z.toJSONSchema(policySchema, { io: "input", target: "draft-2020-12", reused: "inline" })
  const described = describe(shape, "")
  const title = "cssc policy, version 1"
  const description = "What an image must prove before it may pass."
  // Through JSON, so that what is undefined is gone.
  return JSON.parse(JSON.stringify({ $schema, $id: policySchemaId, title, description, ...described })) as JsonSchema
}

/** The bytes of docs/policy.schema.json. */
export function policySchemaFile(): string {
  return `${JSON.stringify(policyJsonSchema(), null, 2)}\n`
}

function describe(schema: JsonSchema, path: string): JsonSchema {
  const help = Object.hasOwn(policyHelp, path) ? policyHelp[path] : undefined
  return {
    ...(help === undefined ? {} : { description: help }),
    ...schema,
    ...(isRecord(schema["properties"]) ? { properties: describeKeys(schema["properties"], path) } : {}),
    ...(isRecord(schema["items"]) ? { items: describe(schema["items"], `${path}[]`) } : {}),
    ...(Array.isArray(schema["anyOf"]) ? { anyOf: schema["anyOf"].map((option) => describeOption(option, path)) } : {}),
  }
}

function describeKeys(properties: JsonSchema, path: string): JsonSchema {
  const entries = Object.entries(properties).map(([key, value]) => {
    return [key, isRecord(value) ? describe(value, path === "" ? key : `${path}.${key}`) : value]
  })
  return Object.fromEntries(entries) as JsonSchema
}

// The key is described already; only what an option has below it is not.
function describeOption(option: unknown, path: string): unknown {
  if (!isRecord(option)) return option
  const { description: _description, ...rest } = describe(option, path)
  return rest
}
