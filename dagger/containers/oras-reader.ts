// Reads from registries with oras. One method is one command, so that its requests are known.
import { type Digest, parseDigest } from "../../core/oci/digest.js"
import { MAX_MANIFEST_BYTES } from "../../core/oci/manifest.js"
import { pinnedName, type Reference, type Repository, repositoryName } from "../../core/oci/reference.js"
import { parseDiscovery, type ReferrerTree } from "../../core/oci/referrers.js"
import { at, checked, digestIn, nameOf, OrasClient } from "./oras-client.js"

const MAX_LISTING_BYTES = 64 * 1024 * 1024

export class OrasReader extends OrasClient {
  async resolve(reference: Reference): Promise<Digest | undefined> {
    const name = nameOf(reference)
    const found = await this.ifFound({
      action: `resolve ${name}`,
      command: ["oras", "resolve", name],
      access: at(reference),
    })
    return found === undefined ? undefined : parseDigest(found.stdout.toString("utf8").trim())
  }

  async manifest(reference: Reference): Promise<string | undefined> {
    const name = nameOf(reference)
    const command = ["oras", "manifest", "fetch", "--output", "-", name]
    const found = await this.ifFound({
      action: `read the manifest of ${name}`,
      command,
      access: at(reference),
      maxOutputBytes: MAX_MANIFEST_BYTES,
    })
    if (found === undefined) return undefined
    return (reference.digest === undefined ? found.stdout : checked(found.stdout, reference.digest, name)).toString(
      "utf8",
    )
  }

  async referrers(reference: Reference): Promise<ReferrerTree | undefined> {
    const name = nameOf(reference)
    const command = ["oras", "discover", "--format", "json", name]
    const found = await this.ifFound({
      action: `list the referrers of ${name}`,
      command,
      access: at(reference),
      maxOutputBytes: MAX_LISTING_BYTES,
    })
    if (found === undefined) return undefined
    return parseDiscovery(found.stdout, reference.digest ?? digestIn(found.stdout, "digest", name))
  }

  async blob(repository: Repository, blob: { digest: Digest; size: number }): Promise<Buffer> {
    const name = pinnedName({ ...repository, digest: blob.digest })
    const command = ["oras", "blob", "fetch", "--output", "-", name]
    const { stdout } = await this.run({
      action: `read the blob ${name}`,
      command,
      access: at(repository),
      maxOutputBytes: blob.size,
    })
    return checked(stdout, blob.digest, name)
  }

  async hasBlob(repository: Repository, digest: Digest): Promise<boolean> {
    const name = pinnedName({ ...repository, digest })
    const command = ["oras", "blob", "fetch", "--descriptor", name]
    return (await this.ifFound({ action: `look for the blob ${name}`, command, access: at(repository) })) !== undefined
  }

  async tags(repository: Repository): Promise<readonly string[] | undefined> {
    const name = repositoryName(repository)
    const command = ["oras", "repo", "tags", name]
    const found = await this.ifFound({
      action: `list the tags of ${name}`,
      command,
      access: at(repository),
      maxOutputBytes: MAX_LISTING_BYTES,
    })
    return found?.stdout
      .toString("utf8")
      .split("\n")
      .filter((tag) => tag !== "")
  }
}
