// The ledger of a verdict as a file for other tools.
import type { File } from "@dagger.io/dagger"
import { toOpenVex } from "../../core/evidence/ledger-openvex.js"
import { toTrivyIgnore } from "../../core/evidence/ledger-trivyignore.js"
import type { Verdict } from "../../core/policy/verdict/verdict.js"
import { toJson } from "./report-files.js"
import { textFile } from "../state/settings.js"

export function ledgerFile(verdict: Verdict, format: string): File {
  if (format === "trivyignore") return textFile(".trivyignore.yaml", toTrivyIgnore(verdict))
  const id = `https://cssc.dev/ledger/${verdict.image.digest.replace(":", "-")}`
  return textFile("ledger.openvex.json", toJson(toOpenVex(verdict, { author: "cssc", id })))
}
