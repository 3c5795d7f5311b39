// From a fleet file to a Fleet with all defaults filled in, or to one error that lists every problem.
import { plainWords } from "../../plain-words.js"
import { type FileProblem, problemAt, problemsError, problemsOf } from "../../policy/document/policy-problems.js"
import { readPolicyYaml } from "../../policy/document/policy-yaml.js"
import { crossCheck } from "./cross-check.js"
import type { Fleet } from "./fleet.js"
import { fleetSchema } from "./fleet-schema.js"
import { resolveFleet } from "./resolve-fleet.js"
import { unknownKey } from "./unknown-keys.js"

/** Reads a fleet file, version 1; throws `FLEET_INVALID` with all problems, their lines and paths, and `LIMIT_EXCEEDED`. */
export function parseFleet(text: string, source = "cssc.yaml"): Fleet {
  const read = readFleet(text, source)
  if ("fleet" in read) return read.fleet
  throw problemsError("FLEET_INVALID", source, read.problems)
}

function readFleet(
  text: string,
  source: string,
): { readonly fleet: Fleet } | { readonly problems: readonly FileProblem[] } {
  const { problems, value, lineOf } = readPolicyYaml(text, source)
  if (problems.length > 0) return { problems }
  const parsed = fleetSchema.safeParse(value, { error: plainWords })
  if (!parsed.success) return { problems: problemsOf(parsed.error, lineOf, unknownKey) }
  const crossed = crossCheck(parsed.data).map(({ path, message }) => problemAt(path, message, lineOf))
  if (crossed.length > 0) return { problems: crossed.sort((a, b) => (a.line ?? 0) - (b.line ?? 0)) }
  return { fleet: resolveFleet(parsed.data, source) }
}
