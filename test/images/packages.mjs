// The application's layers: packages as the npm registry and the Python index publish them. Nothing is executed:
// tarballs and wheels are only unpacked.
import { cpSync, mkdirSync, readdirSync, rmSync } from "node:fs"
import { join } from "node:path"
import { run } from "../../scripts/process.mjs"

/**
 * Unpacks npm packages under `root`.
 *
 * @param versions version by name
 */
export async function unpackNpm(versions, root) {
  for (const [name, version] of Object.entries(versions)) {
    const download = join(root, "download")
    const target = join(root, "usr/src/app/node_modules", name)
    mkdirSync(download, { recursive: true })
    await run("npm", ["pack", "--silent", "--ignore-scripts", "--pack-destination", download, `${name}@${version}`])
    const [tarball] = readdirSync(download)
    await run("tar", ["-C", download, "--no-same-owner", "-xzf", join(download, tarball)])
    mkdirSync(target, { recursive: true })
    for (const file of ["package.json", "LICENSE"]) cpSync(join(download, "package", file), join(target, file))
    rmSync(download, { recursive: true })
  }
}

/**
 * Unpacks Python wheels under `root`. The wheels of one platform do for all: only metadata is looked at.
 *
 * @param wheels `{ name, version, python, platform }`
 */
export async function unpackPython(wheels, root) {
  const packages = join(root, "usr/local/lib/python3.13/site-packages")
  const download = join(root, "download")
  mkdirSync(packages, { recursive: true })
  for (const { name, version, python, platform } of wheels) {
    const where = ["--python-version", python, "--platform", platform, "--dest", download]
    const options = ["--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary=:all:", ...where]
    await run("python3", ["-m", "pip", "download", ...options, `${name}==${version}`])
  }
  for (const wheel of readdirSync(download))
    await run("python3", ["-m", "zipfile", "-e", join(download, wheel), packages])
  for (const name of readdirSync(packages)) {
    if (!name.endsWith(".dist-info")) rmSync(join(packages, name), { recursive: true })
  }
  rmSync(download, { recursive: true })
}
