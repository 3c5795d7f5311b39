// The base layer: a Debian file system whose packages are unpacked but not configured, so that one machine makes it
// for any architecture without emulation. What dpkg would note about its packages is noted from the packages.
import { mkdirSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { run } from "../../scripts/process.mjs"

const packages = {
  bookworm: ["base-files", "libc6", "libssl3", "zlib1g"],
  trixie: ["base-files", "libc6", "libssl3t64", "zlib1g"],
}

// Runs in mmdebstrap, between unpacking and cleaning up.
const notePackages = `for deb in "$1"/var/cache/apt/archives/*.deb; do
  dpkg-deb -f "$deb" | sed "/^Package:/a Status: install ok installed"
  echo
done > "$1/var/lib/dpkg/status"`

// What differs from one build to the next, or only takes space.
const dropped = [
  ...["dev", "run", "tmp", "var/cache", "var/lib/apt", "var/lib/dpkg/arch", "var/lib/dpkg/lock", "var/log"],
  ...["usr/share/doc", "usr/share/info", "usr/share/lintian", "usr/share/locale", "usr/share/man"],
  ...["etc/dpkg/dpkg.cfg.d/99mmdebstrap", "etc/apt", "etc/resolv.conf", "etc/hostname"],
]

/** Unpacks a Debian release for an architecture (amd64, arm64) into the folder `root`. */
export async function unpackBase(suite, architecture, root) {
  const hook = `--extract-hook=${notePackages}`
  const options = ["--quiet", "--mode=root", "--variant=extract", `--architectures=${architecture}`, hook]
  await run("mmdebstrap", [...options, `--include=${packages[suite].join(",")}`, suite, root])
  for (const path of dropped) rmSync(join(root, path), { recursive: true, force: true })
  // GNU's charset converters are for other languages' legacy encodings: a third of the layer.
  for (const triplet of ["x86_64-linux-gnu", "aarch64-linux-gnu"]) {
    rmSync(join(root, "usr/lib", triplet, "gconv"), { recursive: true, force: true })
  }
  mkdirSync(join(root, "tmp"), { recursive: true })
  writeFileSync(join(root, "etc/passwd"), "root:x:0:0:root:/root:/bin/sh\n")
}
