// The two images of the tests: `toolbox`, in which the module runs crane, oras and Trivy, and `registry`, CNCF's
// distribution, which the demo starts as a service. Both are OCI layouts that local-registry.mjs serves to the engine.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { basename, dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { part } from "../../scripts/part.mjs"
import { baseLayer } from "./base.mjs"
import { packLayer, writeLayout } from "./oci-layout.mjs"

const path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

const registryConfig = `version: 0.1
log:
  level: warn
storage:
  filesystem:
    rootdirectory: /var/lib/registry
  delete:
    enabled: true
http:
  addr: :5000
`

/**
 * @param tools the folder of crane, oras and Trivy
 * @returns the image's OCI layout and the digest of its manifest
 */
export function toolboxImage(tools) {
  const files = Object.fromEntries(
    ["crane", "oras", "trivy"].map((name) => [`usr/local/bin/${name}`, join(tools, name)]),
  )
  return image("toolbox", tools, files, { Env: [path, "HOME=/root"], WorkingDir: "/" })
}

/** @param binary the path of the program `registry` of github.com/distribution/distribution */
export function registryImage(binary) {
  return image(
    "registry",
    dirname(binary),
    { "usr/local/bin/registry": binary },
    {
      Env: [path, "OTEL_TRACES_EXPORTER=none"],
      Entrypoint: ["/usr/local/bin/registry", "serve", "/etc/distribution/config.yml"],
      ExposedPorts: { "5000/tcp": {} },
    },
  )
}

// A part's folder is named by what it was made of, so its name stands for the programs inside.
async function image(name, programs, files, config) {
  const base = await baseLayer()
  const inputs = [fileURLToPath(import.meta.url), basename(programs), basename(dirname(base))]
  const folder = await part(`image-${name}`, inputs, async (draft) => {
    const root = join(draft, "root")
    mkdirSync(join(root, "etc/distribution"), { recursive: true })
    for (const [target, source] of Object.entries(files)) cpSync(source, join(root, target))
    if (name === "registry") writeFileSync(join(root, "etc/distribution/config.yml"), registryConfig)
    await packLayer(root, join(draft, "layer.tar"))
    writeFileSync(
      join(draft, "digest"),
      await writeLayout(join(draft, "layout"), [base, join(draft, "layer.tar")], config),
    )
    for (const leftover of ["root", "layer.tar"]) rmSync(join(draft, leftover), { recursive: true })
  })
  return { layout: join(folder, "layout"), digest: readFileSync(join(folder, "digest"), "utf8") }
}
