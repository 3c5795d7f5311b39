// The jobs of a fleet's shards, as forges want them.
import { stringify } from "yaml"
import { CsscError } from "../../errors.js"
import { checkShards, formatShard } from "./shard.js"

/** The matrix of a GitHub job: `fromJSON` makes one job of each entry. */
export function githubMatrix(shards: number): string {
  return JSON.stringify({ include: shardNames(shards).map((shard) => ({ shard, name: fileName(shard) })) })
}

const maxPath = 300

/**
 * A GitLab child pipeline: one job for each shard, which extends `.cssc-apply` of a file of the project. There CSSC_SHARD is
 * 2/4, and CSSC_SHARD_NAME is 2-of-4, for the names of files. Without a file of the project ("") another part of the child
 * pipeline has it.
 */
export function gitlabPipeline(shards: number, include: string): string {
  if (include !== "" && (include.length > maxPath || !/^[\w./-]+\.ya?ml$/.test(include)))
    throw new CsscError("ARGUMENT_INVALID", `"${include.slice(0, 80)}" is not the path of a YAML file in the project`)
  const jobs = shardNames(shards).map((shard) => [
    `cssc-apply ${shard}`,
    { extends: ".cssc-apply", variables: { CSSC_SHARD: shard, CSSC_SHARD_NAME: fileName(shard) } },
  ])
  const included = include === "" ? {} : { include: [{ local: include }] }
  return stringify({ ...included, ...Object.fromEntries(jobs) })
}

function shardNames(shards: number): readonly string[] {
  const count = checkShards(shards)
  return Array.from({ length: count }, (_, at) => formatShard({ index: at + 1, count }))
}

// Artifacts may not have a slash in their names.
function fileName(shard: string): string {
  return shard.replace("/", "-of-")
}
