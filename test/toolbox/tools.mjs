// The programs of the tests, built from the Go module proxy at the versions that go.mod and registry/go.mod pin, as
// static ones: the same files serve on this machine and in the images.
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { part } from "../../scripts/part.mjs"
import { run } from "../../scripts/process.mjs"

const here = (name) => fileURLToPath(new URL(name, import.meta.url))

/** Returns the folder that holds the programs `crane`, `oras` and `trivy`. */
export function tools() {
  return goTools("tools", here("."), {
    "github.com/google/go-containerregistry/cmd/crane/cmd.Version": "0.22.1",
    "github.com/google/go-containerregistry/pkg/v1/remote/transport.Version": "0.22.1",
    "oras.land/oras/internal/version.Version": "1.3.3",
    "oras.land/oras/internal/version.BuildMetadata": "",
    "github.com/aquasecurity/trivy/pkg/version/app.ver": "0.73.0",
  })
}

/** Returns the path of the program `registry`, CNCF's distribution. */
export async function registryProgram() {
  const variables = { "github.com/distribution/distribution/v3/version.version": "v3.0.0" }
  return join(await goTools("registry", here("registry"), variables), "registry")
}

// Builds what the module's `tool` lines name, with the versions that the programs are to print.
function goTools(name, module, variables) {
  const inputs = [join(module, "go.mod"), join(module, "go.sum"), here("tools.mjs")]
  const settings = Object.entries(variables).map(([variable, value]) => `-X ${variable}=${value}`)
  const flags = ["-trimpath", "-ldflags", ["-s -w", ...settings].join(" ")]
  // Trivy needs the experiment; the rest keeps the build the same whatever the caller's settings are.
  const go = { GOEXPERIMENT: "jsonv2", CGO_ENABLED: "0", GOFLAGS: "-mod=readonly -buildvcs=false", GOWORK: "off" }
  return part(name, inputs, (folder) =>
    run("go", ["build", ...flags, "-o", `${folder}/`, "tool"], { cwd: module, env: { ...process.env, ...go } }),
  )
}
