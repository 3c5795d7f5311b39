// One call's view of the world: settings read from the carried state, tools that share execs, the policy, the clock.
import pLimit from "p-limit"
import type { TrustedKey } from "../../core/attestation/trust-store.js"
import { CsscError } from "../../core/errors.js"
import { type PinnedReference, parseReference, type Reference, type Repository } from "../../core/oci/reference.js"
import { parsePolicy } from "../../core/policy/document/parse-policy.js"
import { defaultPolicy, type Policy } from "../../core/policy/document/policy.js"
import { withShorthands } from "../../core/policy/document/shorthands.js"
import { pin } from "../../core/image/image-graph.js"
import type { VexFile } from "../../core/assess/find-vex.js"
import type { Context, Registry, RiskFeeds } from "../../core/ports.js"
import { defaultDelays, MAX_RETRY_AFTER_SECONDS, type RetryPolicy } from "../../registry/retry.js"
import { ourselves } from "../../core/trust.js"
import { selectCredential } from "../../registry/credentials.js"
import { DaggerTools } from "../containers/dagger-tools.js"
import { readSigner, readTrustedKeys, readTrustRoot } from "./keys.js"
import { CopyingRegistry } from "../containers/copying-registry.js"
import { ModuleAccess } from "../containers/module-access.js"
import { riskFeeds } from "./risk-feeds.js"
import { readSettings, type Settings } from "../state/settings.js"
import type { State } from "../state/state.js"
import { toolbox } from "../containers/toolbox.js"
import { TrivyScanner } from "../containers/trivy-scanner.js"

export class Session {
  readonly tools: DaggerTools
  readonly registry: Registry
  readonly scanner: TrivyScanner
  readonly feeds: RiskFeeds

  private constructor(
    readonly settings: Settings,
    readonly context: Context,
    private readonly keys: readonly TrustedKey[],
  ) {
    this.tools = new DaggerTools(settings)
    const access = new ModuleAccess(settings, () => this.tools.readCredentials())
    this.registry = new CopyingRegistry(this.tools, access, this.retryPolicy())
    this.scanner = new TrivyScanner(settings, this.tools, this.registry)
    this.feeds = riskFeeds(settings)
  }

  /** Reads the carried state; keys are read and checked at once, before anything is done with them. */
  static async open(state: State): Promise<Session> {
    const settings = readSettings(state, toolbox)
    const [signer, keys, trustRoot] = await Promise.all([
      readSigner(settings),
      readTrustedKeys(settings),
      readTrustRoot(settings),
    ])
    const own = keys.filter(({ publisher }) => publisher === ourselves)
    const identity = {
      run: settings.config.run,
      keys: own,
      ...(signer === undefined ? {} : { signer }),
      ...(trustRoot === undefined ? {} : { trustRoot }),
    }
    return new Session(settings, { now: () => new Date(), ...identity }, keys)
  }

  /** The policy, with shorthands and publishers' keys on top; every problem of it at once. */
  async policy(): Promise<Policy> {
    const { policy, config } = this.settings
    const parsed = policy === undefined ? defaultPolicy() : parsePolicy(await policy.contents(), "policy")
    const short = withShorthands(parsed, { severity: config.severity ?? "", exceptions: config.exceptions ?? "" })
    return withPublishers(
      short,
      this.keys.filter(({ publisher }) => publisher !== ourselves),
    )
  }

  /** Resolves an image once. */
  pin(image: string): Promise<PinnedReference> {
    return pin(this.registry, requireName(parseReference(image)))
  }

  /** The VEX documents that the caller passed. */
  vexFiles(): Promise<VexFile[]> {
    const files = this.settings.vex.map(async (file) => ({ name: await file.name(), text: await file.contents() }))
    return Promise.all(files)
  }

  async authenticated(repository: Repository): Promise<boolean> {
    return selectCredential(await this.tools.readCredentials(), repository) !== undefined
  }

  retryPolicy(): RetryPolicy {
    const delays = this.settings.config.retryDelays ?? defaultDelays
    return {
      delays,
      maxDelay: MAX_RETRY_AFTER_SECONDS,
      sleep: (seconds) => new Promise((done) => setTimeout(done, seconds * 1000)),
    }
  }
}

// A publisher whose key is an argument is trusted for every image, like one of the policy without globs.
function withPublishers(policy: Policy, keys: readonly TrustedKey[]): Policy {
  const added = keys.map(({ publisher, ...key }) => ({ publisher, keys: [key], identities: [], images: [] }))
  return { ...policy, trusted: [...policy.trusted, ...added] }
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
