// One call's view of the world: settings read from the carried state, tools that share execs, the policy, the clock.
import type { VexFile } from "../../core/assess/find-vex.js"
import type { Signer } from "../../core/attestation/signer.js"
import type { TrustStore } from "../../core/attestation/trust-store.js"
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
import { TrivyScanner } from "../containers/trivy/trivy-scanner.js"
import { readAll } from "../state/problems.js"
import { readSettings, type Settings } from "../state/settings.js"
import type { State } from "../state/state.js"
import { keylessSigner } from "./keyless.js"
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
    private readonly caller: Caller,
    private readonly publishers: Pick<TrustStore, "keys" | "identities">,
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
    this.operation = newOperation(ports, withPublishers(policy, publishers), caller)
  }

  /** The same under another policy; the publishers whose keys are arguments are trusted under it too. */
  operationUnder(policy: Policy): Operation {
    return newOperation(this.operation, withPublishers(policy, this.publishers), this.caller)
  }

  /** Reads what the state carries, secrets and files too: what is wrong with them is told before anything is done. */
  static async open(state: State): Promise<Session> {
    const settings = readSettings(state, toolbox)
    const tools = new DaggerTools(settings)
    const { policy, signer, keys, trustRoot } = await readAll({
      policy: () => readPolicy(settings),
      signer: () => signerOf(settings),
      keys: () => readTrustedKeys(settings),
      trustRoot: () => readTrustRoot(settings),
      credentials: () => tools.readCredentials(),
    })
    const { trustedIdentities: identities = [] } = settings.config
    const caller = {
      now: () => new Date(),
      run: settings.config.run,
      keys: keys.filter(isOurs),
      identities: identities.filter(isOurs),
      ...(signer === undefined ? {} : { signer }),
      ...(trustRoot === undefined ? {} : { trustRoot }),
    }
    const others = { keys: keys.filter((one) => !isOurs(one)), identities: identities.filter((one) => !isOurs(one)) }
    return new Session(settings, tools, policy, caller, others)
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

  /** Whether a login was passed for a repository. */
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

function signerOf(settings: Settings): Promise<Signer | undefined> {
  const { keyless } = settings
  return keyless === undefined ? readSigner(settings) : keylessSigner({ ...settings, keyless })
}

function isOurs({ publisher }: { readonly publisher: string }): boolean {
  return publisher === ourselves
}

type Readers = Readonly<Record<string, () => unknown>>

/** Opens a session and reads a verb's arguments: what is wrong with any of them is told at once. */
export function begin<Arguments extends Readers>(state: State, readers: Arguments) {
  return readAll({ ...readers, session: () => Session.open(state) })
}
