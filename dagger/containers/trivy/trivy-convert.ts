// A report in another format: Trivy converts its own, so that no SARIF or SBOM writer is needed here.
import type { Container, File } from "@dagger.io/dagger"
import { scratchDirectory } from "../scratch.js"
import { trivyExec } from "./trivy-exec.js"

const extensions: Readonly<Record<string, string>> = {
  sarif: "sarif",
  table: "txt",
  cyclonedx: "cdx.json",
  github: "github.json",
}

export async function convertReport(toolbox: Container, report: string, format: string): Promise<File> {
  const path = `/cssc/report.${extensions[format] ?? "json"}`
  const container = toolbox.withMountedFile(
    "/cssc/merged.json",
    scratchDirectory({ "merged.json": report }).file("merged.json"),
  )
  const command = ["trivy", "convert", "--quiet", "--format", format, "--output", path, "/cssc/merged.json"]
  return (
    await trivyExec(container, [{ command, access: [] }], `convert the report to ${format}`, "SCANNER_FAILED")
  ).file(path)
}
