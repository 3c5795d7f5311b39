// The ledger of a verdict as a file for other tools.
import type { Directory, File } from "@dagger.io/dagger"
import { toOpenVex } from "../../core/evidence/ledger-openvex.js"
import { toTrivyIgnore } from "../../core/evidence/ledger-trivyignore.js"
import { readVerdict } from "../session/gate-results.js"
import { toJson } from "../session/result-files.js"
import { textFile } from "../state/settings.js"

export async function runLedger(results: Directory, format: string): Promise<File> {
  const verdict = await readVerdict(results)
  if (format === "trivyignore") return textFile(".trivyignore.yaml", toTrivyIgnore(verdict))
  const id = `https://cssc.dev/ledger/${verdict.image.digest.replace(":", "-")}`
  return textFile("ledger.openvex.json", toJson(toOpenVex(verdict, { author: "cssc", id })))
}
