// The values of a policy file: texts of a certain form, effects, and lists of them. Each carries what a JSON Schema can
// say of it, so that editors help; that schema may be more lenient than the check, never stricter.
import { z } from "zod"
import { publicKeyProblem } from "../../attestation/public-key.js"
import { severities } from "../../findings/finding.js"
import { imageGlobProblem } from "../exceptions/image-glob.js"
import { isPlatformName } from "../exceptions/platform-match.js"
import { purlPatternProblem } from "../exceptions/purl-pattern.js"
import { isVulnerabilityId } from "../exceptions/vulnerability-id.js"
import { durationOf } from "./duration.js"
import { expiryOf } from "./expiry.js"
import { camelKeys } from "./kebab-keys.js"
import { isBlank, nameProblem } from "./visible-text.js"

export const maxListLength = 1000
const maxTextLength = 1000

/** What a JSON Schema says of a text. */
type TextForm = {
  readonly pattern: string
  readonly maxLength?: number | undefined
  readonly not?: { pattern: string }
}

function checked(problem: (text: string) => string | undefined, form: TextForm) {
  const check = (value: string, context: z.RefinementCtx<string>) => {
    const message = problem(value)
    if (message !== undefined) context.addIssue({ code: "custom", message })
  }
  return z.string().superRefine(check).meta(form)
}

// Spaces around it do not count, so a JSON Schema cannot limit its length.
export const shortText = z
  .string()
  .trim()
  .refine((value) => !isBlank(value), "must not be empty")
  .max(maxTextLength)
  .meta({ pattern: "\\S", maxLength: undefined })

/** A name that is compared: of two that look the same, one would be mistaken for the other. */
export const visibleName = shortText.superRefine((value, context) => {
  const message = nameProblem(value)
  if (message !== undefined && !isBlank(value)) context.addIssue({ code: "custom", message })
})

/** What a shortcoming does: stop the image, or only be told. */
export const effect = z.enum(["block", "report"])
export type Effect = z.infer<typeof effect>
export const effects = "block: it stops the image. report: it is only told."

/** One effect for all of several kinds, or a mapping of each kind to its own. */
export function effectOfEach<Shape extends Readonly<Record<string, z.ZodType<Effect, Effect | undefined>>>>(
  shape: Shape,
) {
  const kinds = z.strictObject(shape)
  const message = `expected block or report, or a mapping of ${Object.keys(shape).join(", ")} to one of them`
  const all = (one: Effect) => kinds.parse(Object.fromEntries(Object.keys(shape).map((kind) => [kind, one])))
  return z
    .union([effect, kinds], message)
    .transform((value) => camelKeys(typeof value === "string" ? all(value) : value))
}

const anyCase = severities.map((name) => name.replace(/[A-Z]/g, (letter) => `[${letter}${letter.toLowerCase()}]`))
export const severity = z
  .string()
  .toUpperCase()
  .pipe(z.enum(severities))
  .meta({
    anyOf: [
      { type: "string", enum: [...severities] },
      { type: "string", pattern: `^(?:${anyCase.join("|")})$` },
    ],
  })

export const duration = z
  .string()
  .transform((value, context) => {
    const milliseconds = durationOf(value)
    if (milliseconds !== undefined) return milliseconds
    context.addIssue({ code: "custom", message: "is not a duration: expected a number and m, h, d or w, such as 48h" })
    return z.NEVER
  })
  .meta({ pattern: "^\\s*[1-9][0-9]{0,5}[mhdw]\\s*$", examples: ["90m", "48h", "5d"] })

const platform = checked(
  (text) => (isPlatformName(text) ? undefined : "is not a platform: expected os/architecture, such as linux/amd64"),
  { pattern: "^[^/]+/[^/]+(?:/[^/]+)?$" },
).describe("os/architecture[/variant], such as linux/amd64.")
export const platformList = z.array(platform).min(1, "must name a platform").max(maxListLength)

const uriPattern = "^[A-Za-z][A-Za-z0-9+.\\-]*:\\S+$"
function uri(what: string) {
  const isUri = (text: string) => new RegExp(uriPattern, "u").test(text) && URL.canParse(text)
  return checked(
    (text) => {
      if (text.length > maxTextLength) return `is longer than ${maxTextLength}`
      return isUri(text) ? undefined : `is not ${what}: expected a URI`
    },
    { pattern: uriPattern, maxLength: maxTextLength },
  )
}
const predicateType = uri("a predicate type").describe("A predicate type, such as https://slsa.dev/provenance/v1.")
export const predicateTypes = z.array(predicateType).max(maxListLength)
export const issuer = uri("an issuer")

export const vulnerabilityId = checked(
  (text) => (isVulnerabilityId(text) ? undefined : "is not the id of a vulnerability, such as CVE-2024-1234"),
  { pattern: "^[A-Za-z][A-Za-z0-9]*(?:[-:][A-Za-z0-9._]+)+$", maxLength: 128 },
)

export const purlPattern = checked(purlPatternProblem, {
  pattern: "^[Pp][Kk][Gg]:[A-Za-z][A-Za-z0-9+.\\-]*/[^?#]+$",
  maxLength: 512,
})

const imageGlob = checked(imageGlobProblem, {
  pattern: "^[A-Za-z0-9*?._:\\/\\[\\]\\-]+$",
  maxLength: 512,
}).describe("A glob: * within one path element, ** across.")
export const imageGlobs = z.array(imageGlob).min(1, "must name an image").max(maxListLength)

const date = "\\d{4}-\\d{2}-\\d{2}"
export const moment = checked(
  (text) => (expiryOf(text) === undefined ? "is not a date: expected YYYY-MM-DD or RFC 3339" : undefined),
  { pattern: `^${date}(?:T\\d{2}:\\d{2}:\\d{2}(?:\\.\\d{1,9})?(?:Z|[+\\-]\\d{2}:\\d{2}))?$` },
)

export const publicKey = checked(publicKeyProblem, {
  pattern: "-----BEGIN PUBLIC KEY-----",
  not: { pattern: "PRIVATE KEY" },
  maxLength: 16_384,
})
