// The registry port over oras, with crane as the second opinion. One method is one command, so that its requests are known: docs/performance.md counts
// them. Reading is in oras-reader.ts.
import type { Digest } from "../../core/oci/digest.js"
import { annotationKeys } from "../../core/oci/media-types.js"
import { type PinnedReference, pinnedName, type Repository, repositoryName } from "../../core/oci/reference.js"
import type { Copy, Registry } from "../../core/ports.js"
import type { Artifact } from "../../core/evidence/artifact.js"
import { at, between, digestIn, nameOf } from "./oras-client.js"
import { OrasReader } from "./oras-reader.js"

const MAX_BLOB_BYTES = 32 * 1024 * 1024 * 1024

export class OrasRegistry extends OrasReader implements Registry {
  async copy({ source, target, tag, referrers }: Copy): Promise<void> {
    const [from, to] = [pinnedName(source), nameOf({ ...target, ...(tag === undefined ? {} : { tag }) })]
    const command = ["oras", "cp", "--no-tty", ...(referrers ? ["--recursive"] : []), from, to]
    await this.run({ action: `copy ${from} to ${to}`, command, access: between(source, target), long: true })
  }

  async copyBlob(source: Repository, target: Repository, digest: Digest): Promise<void> {
    const [from, to] = [pinnedName({ ...source, digest }), pinnedName({ ...target, digest })]
    const read = { command: ["oras", "blob", "fetch", "--no-tty", "--output", "blob", from], access: at(source) }
    const write = { command: ["oras", "blob", "push", "--no-tty", to, "blob"], access: at(target) }
    await this.run({
      action: `copy the blob ${from} to ${to}`,
      ...read,
      then: [write],
      long: true,
      maxOutputBytes: MAX_BLOB_BYTES,
    })
  }

  // By crane: what one tool wrote, another one reads.
  async validate(reference: PinnedReference): Promise<void> {
    const name = pinnedName(reference)
    const command = ["crane", "validate", "--fast", "--remote", name]
    await this.run({ action: `validate ${name}`, command, access: at(reference) })
  }

  async putManifest(target: Repository, content: string, mediaType: string, tag?: string): Promise<Digest> {
    const name = repositoryName(target)
    const to = tag === undefined ? name : `${name}:${tag}`
    const command = ["oras", "manifest", "push", "--media-type", mediaType, "--descriptor", to, "manifest.json"]
    const { stdout } = await this.run({
      action: `push a manifest to ${to}`,
      command,
      access: at(target),
      files: { "manifest.json": content },
    })
    return digestIn(stdout, "digest", to)
  }

  async tag(reference: PinnedReference, tag: string): Promise<void> {
    const name = pinnedName(reference)
    await this.run({ action: `tag ${name} as ${tag}`, command: ["oras", "tag", name, tag], access: at(reference) })
  }

  async attach(subject: PinnedReference, artifact: Artifact): Promise<Digest> {
    const name = pinnedName(subject)
    const command = [
      "oras",
      "attach",
      "--no-tty",
      "--format",
      "json",
      ...artifactWords(artifact),
      name,
      `${artifact.fileName}:${artifact.mediaType}`,
    ]
    const { stdout } = await this.run({
      action: `attach ${artifact.fileName} to ${name}`,
      command,
      access: at(subject),
      // To the millisecond, so that each attempt is a manifest of its own: one that an attempt before had stored but not
      // listed would be found, and not be listed again.
      files: artifactFiles({
        ...artifact,
        annotations: { ...artifact.annotations, [annotationKeys.created]: new Date().toISOString() },
      }),
    })
    return digestIn(stdout, "digest", name)
  }

  async push(repository: Repository, tag: string, artifact: Artifact): Promise<Digest> {
    const name = `${repositoryName(repository)}:${tag}`
    const config = artifact.config === undefined ? [] : ["--config", `config.json:${artifact.config.mediaType}`]
    const command = [
      "oras",
      "push",
      "--no-tty",
      "--format",
      "json",
      ...artifactWords(artifact),
      ...config,
      name,
      `${artifact.fileName}:${artifact.mediaType}`,
    ]
    const { stdout } = await this.run({
      action: `push ${name}`,
      command,
      access: at(repository),
      files: artifactFiles(artifact),
    })
    return digestIn(stdout, "digest", name)
  }

  async remove(reference: PinnedReference): Promise<void> {
    const name = pinnedName(reference)
    await this.run({
      action: `delete ${name}`,
      command: ["oras", "manifest", "delete", "--force", name],
      access: at(reference),
    })
  }
}

function artifactWords({ artifactType }: Artifact): string[] {
  return ["--artifact-type", artifactType, "--annotation-file", "annotations.json", "--disable-path-validation"]
}

function artifactFiles({
  fileName,
  content,
  annotations,
  layerAnnotations = {},
  config,
}: Artifact): Record<string, string> {
  return {
    [fileName]: content,
    "annotations.json": JSON.stringify({ $manifest: annotations, [fileName]: layerAnnotations }),
    ...(config === undefined ? {} : { "config.json": config.content }),
  }
}
