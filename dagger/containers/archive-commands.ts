// The words that archive an image: the same in the toolbox container and, in tests, on the host.
import { type Digest, parseDigest } from "../../core/oci/digest.js"
import { pinnedName, type Repository } from "../../core/oci/reference.js"
import type { ArchiveRoot } from "../../core/retire/archive-root.js"
import type { ToolCommand } from "./tool-job.js"

/** One after the other, into the OCI layout at `folder`: each writes its index.json. */
export function archiveCommands(
  repository: Repository,
  roots: readonly ArchiveRoot[],
  folder: string,
): readonly ToolCommand[] {
  return roots.map(({ digest, tags }) => {
    const target = tags.length === 0 ? folder : `${folder}:${tags.join(",")}`
    return {
      command: [
        "oras",
        "cp",
        "--no-tty",
        "--recursive",
        "--to-oci-layout",
        pinnedName({ ...repository, digest }),
        target,
      ],
      access: [{ side: "from", repository }],
    }
  })
}

/** POSIX sh: run in the layout's folder with `digestLines` as input, it prints what is missing or damaged. */
export const damagedScript = `while read -r algorithm hex; do
  sum=$("\${algorithm}sum" "blobs/$algorithm/$hex" 2>/dev/null) || sum=
  [ "\${sum%% *}" = "$hex" ] || echo "$algorithm:$hex"
done
echo checked`

export function digestLines(digests: readonly Digest[]): string {
  return digests.map((digest) => `${digest.replace(":", " ")}\n`).join("")
}

/** What the script printed; every digest is damaged when it did not come to its end. */
export function readDamaged(output: string, digests: readonly Digest[]): readonly Digest[] {
  const lines = output.split("\n").filter((line) => line !== "")
  return lines.pop() === "checked" ? lines.map(parseDigest) : digests
}
