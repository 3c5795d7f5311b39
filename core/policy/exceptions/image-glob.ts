// Globs over `registry/repository`: `*` within one path element, `**` across them.
import { compileGlob } from "../../oci/glob.js"
import { parseReference, repositoryName } from "../../oci/reference.js"

const maxGlobLength = 512
/** More stars than this nobody means. */
const maxStars = 8
const globPattern = /^[A-Za-z0-9*?._:/[\]-]+$/

/** Says what is wrong with a glob, or undefined when it is one. */
export function imageGlobProblem(glob: string): string | undefined {
  if (glob.length > maxGlobLength) return `is longer than ${maxGlobLength}`
  if (!globPattern.test(glob))
    return "is not a glob over registry/repository: letters, digits, . _ - : / * ? and no tag"
  if ((glob.match(/\*+/g)?.length ?? 0) > maxStars) return `has more than ${maxStars} stars`
  return undefined
}

/** Tells whether an image's repository matches one of the globs; a reference that cannot be read matches none. */
export function matchesImage(globs: readonly string[], reference: string): boolean {
  const name = nameOf(reference)
  return name !== undefined && globs.some((glob) => compileGlob(glob)?.(name) === true)
}

/** Tells whether a text is a reference that globs can match. */
export function isReference(text: string): boolean {
  return nameOf(text) !== undefined
}

function nameOf(reference: string): string | undefined {
  try {
    return repositoryName(parseReference(reference))
  } catch {
    return undefined
  }
}
