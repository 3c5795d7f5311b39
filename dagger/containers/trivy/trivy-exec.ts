// One exec of Trivy, one scan after the other: what it prints is a function of its arguments and inputs by digest, so that the engine
// keeps the result. An exec that fails is not kept.
import type { Container } from "@dagger.io/dagger"
import { CsscError, type ErrorCode } from "../../../core/errors.js"
import { diskFull } from "../disk-full.js"
import { type PreparedCommand, preparedWords, quote } from "../tool-script.js"

// Trivy reads TRIVY_* and, in the working folder, trivy.yaml and .trivyignore: none may reach a gate.
const clean = `for name in $(env | sed -n 's/^\\(TRIVY_[A-Za-z0-9_]*\\)=.*/\\1/p'); do unset "$name"; done; mkdir -p /cssc/empty; cd /cssc/empty`

export async function trivyExec(
  container: Container,
  commands: readonly PreparedCommand[],
  action: string,
  code: ErrorCode,
): Promise<Container> {
  const lines = commands.map((command) => preparedWords(command).map(quote).join(" "))
  const script = [clean, lines.join(" && ")].join("; ")
  try {
    return await container.withExec(["sh", "-c", script]).sync()
  } catch (error) {
    const said = (error as { stderr?: string }).stderr ?? String(error)
    throw diskFull(action, said) ?? new CsscError(code, `cannot ${action}: ${lastLines(said)}`, { cause: error })
  }
}

function lastLines(text: string): string {
  return text.trim().split("\n").slice(-4).join(" ").replace(/\s+/g, " ").slice(0, 500)
}
