// The values of a fleet file: repositories, registries, patterns. Each carries what a JSON Schema can say of it.
import { z } from "zod"
import { CsscError } from "../../errors.js"
import { parsePlatform } from "../../oci/platform.js"
import { canonicalRegistry, parseRepository } from "../../oci/reference.js"
import { MAX_PATTERN_LENGTH, MAX_PATTERNS, selectTags, type TagSelection } from "../../oci/tags.js"

const maxRepositoryText = 400
const maxPlatforms = 64

/** registry/repository, without a tag: which tags are meant is said by `tags`. */
export const repository = z
  .string()
  .transform((text, context) => {
    const read = attempt(() => parseRepository(text.trim()))
    if (read.value !== undefined) return read.value
    context.addIssue({ code: "custom", message: read.problem })
    return z.NEVER
  })
  .meta({ pattern: "^\\s*[A-Za-z0-9][^\\s@]*\\s*$", maxLength: maxRepositoryText })

const registryHost = /^(?:[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?$/

/** host[:port], under the one name that a registry has. */
export const registryName = z
  .string()
  .transform((text, context) => {
    if (registryHost.test(text.trim())) return canonicalRegistry(text.trim())
    context.addIssue({ code: "custom", message: "is not a registry: expected host[:port] alone" })
    return z.NEVER
  })
  .meta({ pattern: "^\\s*[A-Za-z0-9\\[][^\\s/@]*\\s*$", maxLength: maxRepositoryText })

/** Checked by the selection that will use it. */
export function pattern(selectionOf: (text: string) => TagSelection) {
  return z
    .string()
    .superRefine((text, context) => {
      const { problem } = attempt(() => selectTags([], selectionOf(text)))
      if (problem !== undefined) context.addIssue({ code: "custom", message: problem })
    })
    .meta({ minLength: 1, maxLength: MAX_PATTERN_LENGTH })
}

export const globs = z.array(pattern((text) => ({ glob: [text] }))).max(MAX_PATTERNS)

export const platforms = z
  .array(
    z.string().superRefine((text, context) => {
      const { problem } = attempt(() => parsePlatform(text))
      if (problem !== undefined) context.addIssue({ code: "custom", message: problem })
    }),
  )
  .min(1, "must name a platform")
  .max(maxPlatforms)

type Attempt<T> =
  { readonly value: T; readonly problem?: undefined } | { readonly value?: undefined; readonly problem: string }

function attempt<T>(work: () => T): Attempt<T> {
  try {
    return { value: work() }
  } catch (error) {
    if (error instanceof CsscError) return { problem: error.reason }
    throw error
  }
}
