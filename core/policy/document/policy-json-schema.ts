// The policy's form for editors, as a JSON Schema of draft 2020-12. It helps people to write; what counts is
// policy-schema.ts, which refuses everything that this refuses, and more.
import { z } from "zod"
import { policySchema } from "./policy-schema.js"

export const policySchemaId = "https://cssc.dev/policy/v1.schema.json"

type JsonSchema = z.core.JSONSchema.BaseSchema

/** The schema with a description of every key, and its default as operators write it. */
export function policyJsonSchema(): JsonSchema {
  const title = "cssc policy, version 1"
  return jsonSchemaOf(policySchema, {
    $id: policySchemaId,
    title,
    description: "What an image must prove before it may pass.",
  })
}

/** The JSON Schema of a file that people write. */
export function jsonSchemaOf(
  schema: z.ZodType,
  head: { readonly $id: string; readonly title: string; readonly description: string },
): JsonSchema {
  const { $schema, ...shape } = z.toJSONSchema(schema, {
    io: "input",
    target: "draft-2020-12",
    reused: "inline",
    override: ({ jsonSchema }) => tellDefault(jsonSchema),
  })
  // Through JSON, so that what is undefined is gone.
  return JSON.parse(JSON.stringify({ $schema, ...head, ...shape })) as JsonSchema
}

/** The bytes of docs/policy.schema.json. */
export function policySchemaFile(): string {
  return `${JSON.stringify(policyJsonSchema(), null, 2)}\n`
}

// Editors show the description, not always the default. An empty list or mapping is what being left out means, and may
// itself be refused.
function tellDefault(schema: JsonSchema): void {
  const value = schema.default
  if (value === undefined) return
  if (typeof value === "object") delete schema.default
  else if (schema.description !== undefined) schema.description += ` Default: ${String(value)}.`
}
