// The file system under the test images: a shell and the small programs that an exec's script calls, from Debian's
// archive, as one layer. Packages are unpacked and not configured, which is all that these need.
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { part } from "../../scripts/part.mjs"
import { run } from "../../scripts/process.mjs"
import { packLayer } from "./oci-layout.mjs"

const packages = ["base-files", "ca-certificates", "coreutils", "dash", "findutils", "grep", "gzip", "sed", "tar"]

/** Returns the path of the layer, an uncompressed tar file. */
export async function baseLayer() {
  return join(await part("base", [fileURLToPath(import.meta.url)], build), "layer.tar")
}

async function build(folder) {
  const root = join(folder, "root")
  const options = ["--quiet", "--mode=root", "--variant=extract", `--include=${packages.join(",")}`]
  await run("mmdebstrap", [...options, "bookworm", root])
  for (const name of ["doc", "info", "locale", "man"])
    rmSync(join(root, "usr/share", name), { recursive: true, force: true })
  writeFileSync(join(root, "etc/passwd"), "root:x:0:0:root:/root:/bin/sh\n")
  trustMozilla(root)
  // An engine with certificates of its own would run this before and after every exec: 0.9 s each time. Without it the
  // engine adds its certificates to the bundle itself.
  rmSync(join(root, "usr/sbin/update-ca-certificates"))
  await packLayer(root, join(folder, "layer.tar"))
  rmSync(root, { recursive: true })
}

// What the package's configuration step would write: the list, from which an engine with certificates of its own makes
// the bundle anew, and the bundle.
function trustMozilla(root) {
  const folder = join(root, "usr/share/ca-certificates")
  const names = readdirSync(join(folder, "mozilla"))
    .sort()
    .map((name) => `mozilla/${name}`)
  writeFileSync(join(root, "etc/ca-certificates.conf"), names.join("\n") + "\n")
  const bundle = names.map((name) => readFileSync(join(folder, name), "utf8")).join("")
  writeFileSync(join(root, "etc/ssl/certs/ca-certificates.crt"), bundle)
}
