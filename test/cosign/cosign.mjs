// cosign itself, the judge of our signatures: built from the Go module proxy at the version that go.mod pins. A module of
// its own, so that neither Trivy's nor cosign's dependencies move the other's.
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { part } from "../../scripts/part.mjs"
import { run } from "../../scripts/process.mjs"

const here = (name) => fileURLToPath(new URL(name, import.meta.url))

/** Returns the path of the program `cosign`: static, and without the tags that bring in hardware tokens. */
export async function cosignProgram() {
  const flags = ["-trimpath", "-ldflags", "-s -w -X sigs.k8s.io/release-utils/version.gitVersion=v3.1.3"]
  // The same build whatever the caller's settings are.
  const go = { CGO_ENABLED: "0", GOFLAGS: "-mod=readonly -buildvcs=false", GOWORK: "off" }
  const inputs = ["go.mod", "go.sum", "cosign.mjs"].map(here)
  const folder = await part("cosign", inputs, (draft) =>
    run("go", ["build", ...flags, "-o", `${draft}/`, "tool"], { cwd: here("."), env: { ...process.env, ...go } }),
  )
  return join(folder, "cosign")
}
