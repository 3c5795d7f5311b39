// The parts that tests use, built when they are missing: tools, vulnerability databases, images.
import { execFile } from "node:child_process"
import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { promisify } from "node:util"
import { cosignProgram } from "../cosign/cosign.mjs"
import { imagesFolder } from "../images/images.mjs"
import { tools } from "../toolbox/tools.mjs"
import { freshDate, staleDate, trivyDatabaseFolder } from "../trivy-db/trivy-db.mjs"

const run = promisify(execFile)

export type HostTools = { readonly crane: string; readonly oras: string; readonly trivy: string }

/** Absolute paths of the programs for this machine. */
export async function hostTools(): Promise<HostTools> {
  const folder = await tools()
  return { crane: join(folder, "crane"), oras: join(folder, "oras"), trivy: join(folder, "trivy") }
}

/** Absolute path of cosign for this machine. */
export function hostCosign(): Promise<string> {
  return cosignProgram()
}

export type DatabaseOptions = {
  readonly age?: "fresh" | "stale"
  /** Files of advisories that it does not have yet. */
  readonly without?: readonly string[]
}

/** Folder for Trivy's --cache-dir (`db/` inside) with `db.tar.gz` beside; fresh is of today, stale of 2022. */
export function trivyDatabase({ age = "fresh", without = [] }: DatabaseOptions = {}): Promise<string> {
  return trivyDatabaseFolder(age === "fresh" ? freshDate() : staleDate, [...without])
}

/** OCI layout with the tags of ../images/variants.mjs: clean, vulnerable, no-sbom, dsse, spdx. */
export function imagesLayout(): Promise<string> {
  return imagesFolder()
}

export type PushTarget = {
  /** `127.0.0.1:5000`, or a test registry, whose certificate is then trusted. */
  readonly registry: string | { readonly address: string; readonly certificate?: string | undefined }
  readonly repository: string
  /** By default the tag in the layout. */
  readonly tag?: string
  readonly username?: string
  readonly password?: string
}

/** Copies an image of a layout with all its referrers; returns the digest of its index. */
export async function pushLayout(layout: string, tag: string, target: PushTarget): Promise<string> {
  const { oras } = await hostTools()
  const reference = `${addressOf(target)}/${target.repository}:${target.tag ?? tag}`
  await run(oras, [
    "cp",
    "-r",
    "--no-tty",
    "--from-oci-layout",
    `${layout}:${tag}`,
    ...flags(target, "--to-"),
    reference,
  ])
  return digestInLayout(layout, tag)
}

/** Publishes a database as Trivy's own are, at tag 2; the reference is for --db-repository. */
export async function pushTrivyDatabase(
  folder: string,
  target: PushTarget,
): Promise<{ reference: string; digest: string }> {
  const { oras } = await hostTools()
  const { UpdatedAt: created } = JSON.parse(await readFile(join(folder, "db/metadata.json"), "utf8"))
  const repository = `${addressOf(target)}/${target.repository}`
  const type = ["--artifact-type", "application/vnd.aquasec.trivy.config.v1+json"]
  const sameEachTime = ["--annotation", `org.opencontainers.image.created=${created}`]
  const file = "db.tar.gz:application/vnd.aquasec.trivy.db.layer.v1.tar+gzip"
  const options = ["--no-tty", "--format", "json", ...type, ...sameEachTime, ...flags(target, "--")]
  const { stdout } = await run(oras, ["push", ...options, `${repository}:${target.tag ?? "2"}`, file], { cwd: folder })
  const { digest } = JSON.parse(stdout)
  return { reference: `${repository}@${digest}`, digest }
}

async function digestInLayout(layout: string, tag: string): Promise<string> {
  const index: LayoutIndex = JSON.parse(await readFile(join(layout, "index.json"), "utf8"))
  const found = index.manifests.find((entry) => entry.annotations?.["org.opencontainers.image.ref.name"] === tag)
  if (!found) throw new Error(`${layout} has no tag ${tag}`)
  return found.digest
}

type LayoutIndex = { manifests: { digest: string; annotations?: Record<string, string> }[] }

function addressOf({ registry }: PushTarget): string {
  return typeof registry === "string" ? registry : registry.address
}

function flags({ registry, username, password }: PushTarget, prefix: string): string[] {
  const certificate = typeof registry === "string" ? undefined : registry.certificate
  const login = username && password ? [`${prefix}username`, username, `${prefix}password`, password] : []
  return [...(certificate ? [`${prefix}ca-file`, certificate] : [`${prefix}plain-http`]), ...login]
}
