// actionlint, the judge of GitHub's workflows: built from the Go module proxy at the version that go.mod pins.
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { part } from "../../scripts/part.mjs"
import { run } from "../../scripts/process.mjs"

const here = (name) => fileURLToPath(new URL(name, import.meta.url))

/** Returns the path of the program `actionlint`. */
export async function actionlintProgram() {
  // The same build whatever the caller's settings are.
  const go = { CGO_ENABLED: "0", GOFLAGS: "-mod=readonly -buildvcs=false", GOWORK: "off" }
  const inputs = ["go.mod", "go.sum", "actionlint.mjs"].map(here)
  const folder = await part("actionlint", inputs, (draft) =>
    run("go", ["build", "-trimpath", "-o", `${draft}/`, "tool"], { cwd: here("."), env: { ...process.env, ...go } }),
  )
  return join(folder, "actionlint")
}
