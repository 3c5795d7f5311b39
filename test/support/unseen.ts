// Steps that nobody watches.
import type { Step } from "../../core/operation.js"

export const unseen: Step = (_name, work) => work()
