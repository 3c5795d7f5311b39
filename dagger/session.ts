// One call's view of the world: settings read from the carried state, tools that share execs, the policy, the clock.
import pLimit from "p-limit"
import { CsscError } from "../src/errors.js"
import { type PinnedReference, parseReference, type Reference, type Repository } from "../src/oci/reference.js"
import { parsePolicy } from "../src/policy/parse-policy.js"
import { defaultPolicy, type Policy } from "../src/policy/policy.js"
import { withShorthands } from "../src/policy/shorthands.js"
import { pin } from "../src/pipeline/image-graph.js"
import type { Context, Registry } from "../src/pipeline/ports.js"
import { defaultDelays, MAX_RETRY_AFTER_SECONDS, type RetryPolicy } from "../src/pipeline/retry.js"
import { selectCredential } from "./credentials.js"
import { DaggerTools } from "./dagger-tools.js"
import { OrasRegistry } from "./oras-registry.js"
import { readSettings, type Settings } from "./settings.js"
import type { State } from "./state.js"
import { TrivyScanner } from "./trivy-scanner.js"

export class Session {
  readonly settings: Settings
  readonly tools: DaggerTools
  readonly registry: Registry
  readonly scanner: TrivyScanner
  readonly context: Context

  constructor(state: State) {
    this.settings = readSettings(state)
    this.tools = new DaggerTools(this.settings)
    this.registry = this.newRegistry()
    this.scanner = new TrivyScanner(this.settings, this.tools, this.newRegistry())
    this.context = { now: () => new Date(), run: this.settings.config.run }
  }

  /** A registry whose requests are counted apart from those of others. */
  newRegistry(): Registry {
    return new OrasRegistry(this.tools, this.retryPolicy())
  }

  /** The policy, with the shorthands on top; every problem of it at once. */
  async policy(): Promise<Policy> {
    const { policy, config } = this.settings
    const parsed = policy === undefined ? defaultPolicy() : parsePolicy(await policy.contents(), "policy")
    return withShorthands(parsed, { severity: config.severity ?? "", exceptions: config.exceptions ?? "" })
  }

  /** Resolves an image once. */
  pin(image: string): Promise<PinnedReference> {
    return pin(this.registry, requireName(parseReference(image)))
  }

  async authenticated(repository: Repository): Promise<boolean> {
    return selectCredential(await this.tools.readCredentials(), repository) !== undefined
  }

  private retryPolicy(): RetryPolicy {
    const delays = this.settings.config.retryDelays ?? defaultDelays
    return {
      delays,
      maxDelay: MAX_RETRY_AFTER_SECONDS,
      sleep: (seconds) => new Promise((done) => setTimeout(done, seconds * 1000)),
    }
  }
}

/** Runs work over many items, some at a time. */
export function sideBySide<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const limit = pLimit(atOnce)
  return Promise.all(items.map((item) => limit(() => work(item))))
}

/** Images are named by tag or digest: "latest" is never meant by silence. */
export function requireName(reference: Reference): Reference {
  if (reference.tag !== undefined || reference.digest !== undefined) return reference
  throw new CsscError(
    "REFERENCE_INVALID",
    `"${reference.registry}/${reference.repository}" has neither a tag nor a digest: say which image is meant`,
  )
}
