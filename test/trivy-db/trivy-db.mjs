// A Trivy vulnerability database as a part: the recorded fixtures and what ./advisories/ adds to them. Its folder
// serves as Trivy's --cache-dir, and holds db.tar.gz, the layer of the OCI artifact by which databases are published.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { part } from "../../scripts/part.mjs"
import { run } from "../../scripts/process.mjs"

const here = (name) => fileURLToPath(new URL(name, import.meta.url))
const day = 24 * 60 * 60 * 1000

/** When the fixture `metadata-2022.json` says that it was updated. */
export const staleDate = new Date("2022-03-02T06:07:07Z")

/** The start of this day (UTC): fresh by any policy, and the same database all day long. */
export function freshDate(now = Date.now()) {
  return new Date(Math.floor(now / day) * day)
}

/** Returns the part's folder: db/trivy.db, db/metadata.json, db.tar.gz; `without` are names of advisories, as of an older day. */
export function trivyDatabaseFolder(updatedAt, without = []) {
  const inputs = [...fixtures(without), here("main.go"), here("go.sum"), here("trivy-db.mjs"), updatedAt.toISOString()]
  return part("trivy-db", inputs, (folder) => build(folder, updatedAt, without))
}

function fixtures(without) {
  const recorded = here("../fixtures/trivy-db")
  const tables = readdirSync(recorded).filter((name) => !/^(metadata|oci-manifest)/.test(name))
  const added = readdirSync(here("advisories")).filter((name) => !without.includes(name))
  return [...tables.map((name) => join(recorded, name)), ...added.map((name) => join(here("advisories"), name))].sort()
}

async function build(folder, updatedAt, without) {
  const program = join(folder, "program")
  const go = { CGO_ENABLED: "0", GOFLAGS: "-mod=readonly -buildvcs=false", GOWORK: "off" }
  await run("go", ["build", "-trimpath", "-o", program, "."], { cwd: here("."), env: { ...process.env, ...go } })
  mkdirSync(join(folder, "db"))
  await run(program, [join(folder, "db/trivy.db"), ...fixtures(without)])
  rmSync(program)
  const metadata = {
    Version: 2,
    NextUpdate: new Date(updatedAt.getTime() + day),
    UpdatedAt: updatedAt,
    DownloadedAt: updatedAt,
  }
  writeFileSync(join(folder, "db/metadata.json"), JSON.stringify(metadata))
  const same = ["--sort=name", `--mtime=@${updatedAt.getTime() / 1000}`, "--owner=0", "--group=0", "--numeric-owner"]
  const compress = ["--use-compress-program", "gzip -n"]
  await run("tar", [
    "-C",
    join(folder, "db"),
    ...same,
    ...compress,
    "-cf",
    join(folder, "db.tar.gz"),
    "metadata.json",
    "trivy.db",
  ])
}
