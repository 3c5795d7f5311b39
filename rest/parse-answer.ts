// The border of every REST answer: what its schema does not know is refused, not guessed.
import { type z } from "zod"
import { CsscError } from "../core/errors.js"

/** Reads an answer by its schema; throws `REGISTRY_REFUSED` and says where it differs, never what stood there. */
export function parseAnswer<T>(schema: z.ZodType<T>, body: unknown, path: string): T {
  const parsed = schema.safeParse(body)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const where = issue === undefined ? "" : ` at "${issue.path.join(".")}": ${issue.message}`
  throw new CsscError("REGISTRY_REFUSED", `the answer to ${path} is not what the API promises${where}`)
}
