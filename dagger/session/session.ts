// One call's view of the world: settings read from the carried state, tools that share execs, the policy, the clock.
import type { VexFile } from "../../core/assess/find-vex.js"
import { cleanLine } from "../../core/clean-line.js"
import { pin } from "../../core/image/image-graph.js"
import type { PinnedReference, Reference, Repository } from "../../core/oci/reference.js"
import { newOperation, type Operation } from "../../core/operation.js"
import type { Policy } from "../../core/policy/document/policy.js"
import type { Caller, Prober, Registry } from "../../core/ports.js"
import { ourselves } from "../../core/trust.js"
import { selectCredential } from "../../registry/credentials.js"
import { defaultDelays, MAX_RETRY_AFTER_SECONDS, type RetryPolicy } from "../../registry/retry.js"
import { CopyingRegistry } from "../containers/copying-registry.js"
import { DaggerTools } from "../containers/dagger-tools.js"
import { ModuleAccess } from "../containers/module-access.js"
import { spanned } from "../containers/steps.js"
import { toolbox } from "../containers/toolbox.js"
import { TrivyScanner } from "../containers/trivy-scanner.js"
import { readAll } from "../state/problems.js"
import { readSettings, type Settings } from "../state/settings.js"
import type { State } from "../state/state.js"
import { readSigner, readTrustedKeys, readTrustRoot } from "./keys.js"
import { readPolicy, withPublishers } from "./policy-of-call.js"
import { riskFeeds } from "./risk-feeds.js"
import { type Look, lookOf } from "./tell.js"

export class Session {
  /** Everything that an operation works with. */
  readonly operation: Operation
  readonly registry: Registry & Prober

  private constructor(
    readonly settings: Settings,
    readonly tools: DaggerTools,
    policy: Policy,
    caller: Caller,
  ) {
    // One for all: what has a digest is fetched once in a call, whoever asks for it.
    const access = new ModuleAccess(settings, () => tools.readCredentials())
    const { limits = [] } = settings.config
    this.registry = new CopyingRegistry(tools, access, this.retryPolicy(), { limits })
    const ports = {
      registry: this.registry,
      scanner: new TrivyScanner(settings, tools, this.registry),
      feeds: riskFeeds(settings),
      progress: (line: string) => console.error(`cssc: ${cleanLine(line)}`),
      step: spanned,
    }
    this.operation = newOperation(ports, policy, caller)
  }

  /** Reads what the state carries, secrets and files too: what is wrong with them is told before anything is done. */
  static async open(state: State): Promise<Session> {
    const settings = readSettings(state, toolbox)
    const tools = new DaggerTools(settings)
    const { policy, signer, keys, trustRoot } = await readAll({
      policy: () => readPolicy(settings),
      signer: () => readSigner(settings),
      keys: () => readTrustedKeys(settings),
      trustRoot: () => readTrustRoot(settings),
      credentials: () => tools.readCredentials(),
    })
    const caller = {
      now: () => new Date(),
      run: settings.config.run,
      keys: keys.filter(({ publisher }) => publisher === ourselves),
      ...(signer === undefined ? {} : { signer }),
      ...(trustRoot === undefined ? {} : { trustRoot }),
    }
    const publishers = keys.filter(({ publisher }) => publisher !== ourselves)
    return new Session(settings, tools, withPublishers(policy, publishers), caller)
  }

  /** How the caller wants summaries. */
  get look(): Look {
    return lookOf(this.settings.config)
  }

  /** Resolves an image once. */
  pin(image: Reference): Promise<PinnedReference> {
    return pin(this.registry, image)
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
      jitter: Math.random,
      sleep: (seconds) => new Promise((done) => setTimeout(done, seconds * 1000)),
    }
  }
}

type Readers = Readonly<Record<string, () => unknown>>

/** Opens a session and reads a verb's arguments: what is wrong with any of them is told at once. */
export function begin<Arguments extends Readers>(state: State, readers: Arguments) {
  return readAll({ ...readers, session: () => Session.open(state) })
}
