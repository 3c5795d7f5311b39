// What a fleet file would do.
import { type Directory, func, object } from "@dagger.io/dagger"
import { runEnforce, runGitlabPipeline, runMatrix } from "#cssc"

/** A plan: what would be copied, judged and deleted, and why. Nothing was written. */
@object()
export class Plan {
  /** What would be done and why, as text for a terminal. */
  @func()
  summary: string = ""

  /** The same as Markdown, for a job's summary or a comment. */
  @func()
  markdown: string = ""

  /** The plan as canonical JSON: the same facts always give the same bytes, requests aside. */
  @func()
  json: string = ""

  /** The plan as files: result.json, summary.md and summary.txt. */
  @func()
  results!: Directory

  /** Of the configuration and of what was found: the same plan has the same digest. */
  @func()
  digest: string = ""

  /** Whether everything that was asked for is there and could be read. */
  @func()
  passed: boolean = false

  /** Fails unless it passed, after it told why: a pipeline's step. */
  @func()
  enforce(): string {
    return runEnforce(this)
  }

  /**
   * The matrix of a GitHub job, one entry for each shard.
   *
   * {"include":[{"shard":"1/4","name":"1-of-4"},…]}
   */
  @func()
  matrix(
    /** How many. */
    shards: number,
  ): string {
    return runMatrix(shards)
  }

  /**
   * A GitLab child pipeline, one job for each shard.
   *
   * The jobs extend .cssc-apply of a file of the project.
   */
  @func()
  gitlab(
    /** How many. */
    shards: number,
    /** The file with .cssc-apply, from the project's root; CSSC_SHARD and CSSC_SHARD_NAME are set for it. */
    include: string = "/.gitlab/cssc-apply.yml",
  ): string {
    return runGitlabPipeline(shards, include)
  }
}
