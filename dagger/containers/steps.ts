// What is under way, as the engine shows it: a named span for each step, and a line when it is done.
import { getTracer } from "@dagger.io/dagger/telemetry"
import { cleanLine } from "../../core/clean-line.js"
import type { Step } from "../../core/operation.js"

/** Runs a step in a span of its name. What it says at its end is a line of the log, which every progress mode shows. */
export const spanned: Step = async (name, work, told) => {
  const result = await getTracer().startActiveSpan(cleanLine(name), work)
  if (told !== undefined) console.error(`cssc: ${cleanLine(told(result))}`)
  return result
}
