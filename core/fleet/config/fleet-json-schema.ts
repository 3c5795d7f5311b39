// The fleet file's form for editors, as a JSON Schema of draft 2020-12. It helps people to write; what counts is
// fleet-schema.ts, which refuses everything that this refuses, and more.
import { type z } from "zod"
import { jsonSchemaOf } from "../../policy/document/policy-json-schema.js"
import { fleetSchema } from "./fleet-schema.js"

export const fleetSchemaId = "https://cssc.dev/fleet/v1.schema.json"

type JsonSchema = z.core.JSONSchema.BaseSchema

export function fleetJsonSchema(): JsonSchema {
  const title = "cssc fleet, version 1"
  return jsonSchemaOf(fleetSchema, {
    $id: fleetSchemaId,
    title,
    description: "All mirrors and promotions of a company.",
  })
}

/** The bytes of docs/fleet.schema.json. */
export function fleetSchemaFile(): string {
  return `${JSON.stringify(fleetJsonSchema(), null, 2)}\n`
}
