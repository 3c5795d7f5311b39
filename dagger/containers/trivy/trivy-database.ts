// Trivy's vulnerability database: resolved to a digest once per call, then fetched by that digest, which the engine
// keeps. How old it is, is for the policy to judge; Trivy itself scans with any.
import type { Container, Directory } from "@dagger.io/dagger"
import { z } from "zod"
import { CsscError } from "../../../core/errors.js"
import type { DatabaseInfo } from "../../../core/findings/assessment.js"
import { parseReference, pinnedName, type PinnedReference, repositoryName } from "../../../core/oci/reference.js"
import type { Registry } from "../../../core/ports.js"
import type { Settings } from "../../state/settings.js"
import type { DaggerTools } from "../dagger-tools.js"
import { databaseRepositories } from "../pins.js"
import { trivyExec } from "./trivy-exec.js"

const cacheFolder = "/cssc/trivy"
const metadataSchema = z.object({
  Version: z.number().int(),
  UpdatedAt: z.iso.datetime({ offset: true }),
  NextUpdate: z.iso.datetime({ offset: true }).optional(),
})

export type Database = { readonly directory: Directory; readonly info: DatabaseInfo }

export async function openDatabase(settings: Settings, tools: DaggerTools, registry: Registry): Promise<Database> {
  if (settings.databaseDirectory !== undefined)
    return { directory: settings.databaseDirectory, info: await describe(settings.databaseDirectory, {}) }
  const { reference } = settings.config.database
  const pinned = await resolveFirst(registry, reference === undefined ? databaseRepositories : [reference], "2")
  const directory = (await download(settings.toolbox, tools, pinned, "db")).directory(`${cacheFolder}/db`)
  return { directory, info: await describe(directory, { reference: repositoryName(pinned), digest: pinned.digest }) }
}

// The next one is tried whatever is wrong with this one: the database is public, and its digest is recorded.
async function resolveFirst(
  registry: Registry,
  candidates: readonly string[],
  schema: string,
): Promise<PinnedReference> {
  const problems: string[] = []
  for (const candidate of candidates) {
    const parsed = parseReference(candidate)
    const tagged = parsed.tag === undefined && parsed.digest === undefined ? { ...parsed, tag: schema } : parsed
    try {
      const digest = await registry.resolve(tagged)
      if (digest !== undefined) return { ...tagged, digest }
      problems.push(`${candidate} is not there`)
    } catch (error) {
      problems.push(error instanceof CsscError ? error.reason : String(error))
    }
  }
  throw new CsscError(
    "DATABASE_UNAVAILABLE",
    `no vulnerability database: ${problems.join("; ")}; pass one by with-trivy-database`,
  )
}

/**
 * The Java database that was named, in an exec of its own: with credentials and transport of its own host, and none of
 * the image's. Without a name Trivy fetches the public one when it meets a jar file.
 */
export async function openJavaDatabase(
  settings: Settings,
  tools: DaggerTools,
  registry: Registry,
): Promise<Directory | undefined> {
  const { reference } = settings.config.javaDatabase
  if (settings.javaDatabaseDirectory !== undefined || reference === undefined) return settings.javaDatabaseDirectory
  const pinned = await resolveFirst(registry, [reference], "1")
  return (await download(settings.toolbox, tools, pinned, "java-db")).directory(`${cacheFolder}/java-db`)
}

async function download(
  toolbox: Container,
  tools: DaggerTools,
  pinned: PinnedReference,
  kind: "db" | "java-db",
): Promise<Container> {
  const from = [`--download-${kind}-only`, `--${kind}-repository`, pinnedName(pinned)]
  const command = ["trivy", "image", "--no-progress", "--cache-dir", cacheFolder, ...from]
  const { plan, prepared } = await tools.access({ command, access: [{ side: "", repository: pinned }] })
  return trivyExec(plan.mount(toolbox), [prepared], `fetch the database ${pinnedName(pinned)}`, "DATABASE_UNAVAILABLE")
}

async function describe(
  directory: Directory,
  origin: Pick<DatabaseInfo, "reference" | "digest">,
): Promise<DatabaseInfo> {
  try {
    const metadata = metadataSchema.parse(JSON.parse(await directory.file("metadata.json").contents()))
    return {
      ...origin,
      version: metadata.Version,
      updatedAt: new Date(metadata.UpdatedAt).toISOString(),
      ...(metadata.NextUpdate === undefined ? {} : { nextUpdate: new Date(metadata.NextUpdate).toISOString() }),
    }
  } catch (error) {
    throw new CsscError(
      "DATABASE_UNAVAILABLE",
      `the vulnerability database has no usable metadata.json (${String(error).replace(/\s+/g, " ").slice(0, 200)}): pass a folder with trivy.db and metadata.json`,
    )
  }
}
