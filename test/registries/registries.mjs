// The command `registries` as a part.
import { readdirSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { part } from "../../scripts/part.mjs"
import { run } from "../../scripts/process.mjs"

const source = fileURLToPath(new URL(".", import.meta.url))

/** Returns the path of the static program. */
export async function registriesProgram() {
  const inputs = readdirSync(source)
    .filter((name) => /\.(go|mod|sum|mjs)$/.test(name) && !name.endsWith("_test.go"))
    .map((name) => join(source, name))
  const folder = await part("registries", inputs, (draft) =>
    run("go", ["build", "-trimpath", "-ldflags=-s -w", "-o", `${draft}/`, "."], {
      cwd: source,
      // The same settings as those of test/toolbox, so that what both need is compiled once.
      env: {
        ...process.env,
        GOEXPERIMENT: "jsonv2",
        CGO_ENABLED: "0",
        GOFLAGS: "-mod=readonly -buildvcs=false",
        GOWORK: "off",
      },
    }),
  )
  return join(folder, "registries")
}
