// The verdict of a gate as an object of its own.
import type { Verdict } from "../../core/policy/verdict/verdict.js"
import { type GateState, givenToolbox, type VerdictFields, verdictLists } from "../session/gate-results.js"

export function runVerdict(gate: GateState & VerdictFields) {
  const { summary, markdown, json, results, outcome, passed } = gate
  const lists = verdictLists(JSON.parse(json) as Verdict)
  return { summary, markdown, json, results, outcome, passed, ...lists, containers: givenToolbox(gate) }
}
