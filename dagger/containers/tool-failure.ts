// Why a tool failed at a registry. What it says in a structured way decides; where it says nothing of that kind, the
// registries are asked by our own client for what the tool was to do, and their answers decide.
import { CsscError } from "../../core/errors.js"
import { refusalError } from "../../registry/failure/classify-answer.js"
import { byErrorCode, expired, tooLarge, unauthorized, unreachable } from "../../registry/failure/failure-kinds.js"
import { RegistryError } from "../../registry/failure/registry-error.js"
import { cleanMessage } from "../../rest/redact.js"
import { diskFull } from "./disk-full.js"
import { readToolError, type ToolError } from "./tool-error.js"
import type { ToolResult } from "./tool-job.js"

export type FailedTool = {
  readonly tool: string
  /** What was to be done, on which references. */
  readonly action: string
  readonly result: ToolResult
  /** Asks the registries for it; throws what they refuse. */
  readonly ask: (told: ToolError) => Promise<unknown>
}

const timedOut = 124
const outputTooLarge = 153

export async function toolFailure({ tool, action, result, ask }: FailedTool): Promise<CsscError> {
  if (result.exitCode === timedOut) return new RegistryError(action, { ...unreachable, what: "it took too long" })
  if (result.exitCode === outputTooLarge) return new RegistryError(action, tooLarge)
  const full = diskFull(action, result.stderr)
  if (full !== undefined) return full
  const told = readToolError(result.stderr)
  const meant = toldFailure(action, told)
  // Another attempt comes anyway.
  if (meant?.retry === true && told.unanswered === undefined) return meant
  if (meant !== undefined && told.answer !== undefined && meant.failure !== unauthorized) return meant
  const asked = await refusalOf(action, () => ask(told))
  if (meant === undefined) return asked ?? unexplained(tool, action, told)
  // Whoever is let in for the same thing now was refused for a token that had expired.
  const isExpired = meant.status === 401 || told.error?.code === "UNAUTHORIZED"
  if (asked === undefined && isExpired) return new RegistryError(action, expired, meant.answer)
  return meant.answer === undefined || told.answer === undefined ? (asked ?? meant) : meant
}

function toldFailure(action: string, told: ToolError): RegistryError | undefined {
  const { answer, error, unanswered, side } = told
  if (answer !== undefined) return refusalError(action, { ...answer, error })
  const { code = "", message = "" } = error ?? {}
  const kind = byErrorCode[code]
  const where = side === undefined ? "the registry" : `the ${side} registry`
  if (kind !== undefined)
    return new RegistryError(action, kind, { text: `${where} answered ${code} "${cleanMessage(message, [])}"` })
  if (unanswered === undefined) return undefined
  const { method, url } = unanswered
  const path = url.replace(/^https?:\/\//, "").replace(/[?#].*$/, "")
  return new RegistryError(action, unreachable, { text: `${method} ${cleanMessage(path, [])} got no answer` })
}

/** The failure of what the registries were asked for themselves. */
async function refusalOf(action: string, ask: () => Promise<unknown>): Promise<CsscError | undefined> {
  try {
    await ask()
    return undefined
  } catch (error) {
    if (error instanceof RegistryError) return error.within(action)
    if (error instanceof CsscError) return error
    throw error
  }
}

// An answer that broke off, a length that was wrong: what happened to the tool may not happen again.
function unexplained(tool: string, action: string, { line }: ToolError): RegistryError {
  const said = line === "" ? "nothing" : `"${cleanMessage(line, [])}"`
  return new RegistryError(action, {
    code: "TOOL_FAILED",
    retry: true,
    what: `${tool} said ${said}, and the registries answer as they should`,
    hint: "run it again, and check the toolbox if it stays so",
  })
}
