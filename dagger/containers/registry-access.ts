// How commands reach a registry: credentials as mounted secrets, services by name, certificates as files. Plain HTTP
// is for bound services alone.
import { createHmac, randomBytes } from "node:crypto"
import { type Container, dag, type File, type Secret, type Service } from "@dagger.io/dagger"
import { CsscError } from "../../core/errors.js"
import { canonicalRegistry, type Repository } from "../../core/oci/reference.js"
import {
  type AuthEntry,
  type Credential,
  dockerConfigFor,
  passwordEntry,
  readDockerConfig,
  selectCredential,
} from "../../registry/credentials.js"
import type { Settings } from "../state/settings.js"
import type { ToolCommand } from "./tool-job.js"
import type { PreparedCommand } from "./tool-script.js"

type Needs = {
  readonly configs: Map<string, string>
  readonly services: Map<string, Service>
  readonly certificates: Map<string, File>
}

const configRoot = "/run/cssc/registry"
const certificateRoot = "/run/cssc/ca"
// Secrets are known to the engine by name alone: a name that depends on the text keeps different texts apart, and the
// key, which no one else has, keeps the text from being guessed by its name.
const nameKey = randomBytes(32)

/** What one group of commands needs mounted. */
export class RegistryAccessPlan {
  private readonly needs: Needs = { configs: new Map(), services: new Map(), certificates: new Map() }

  constructor(
    private readonly settings: Settings,
    private readonly credentials: readonly Credential[],
  ) {}

  /** Turns the repositories of a command into folders and flags, and remembers what to mount. */
  prepare({ command, access }: ToolCommand): PreparedCommand {
    const separate = command[0] === "oras"
    const together = separate ? undefined : this.configFolder(access.map(({ repository }) => repository))
    const prepared = access.map(({ side, repository }) => {
      const configFolder = together ?? this.configFolder([repository])
      const caFile = this.certificate(repository)
      return {
        side,
        plainHttp: this.bindService(repository),
        ...(configFolder === undefined ? {} : { configFolder }),
        ...(caFile === undefined ? {} : { caFile }),
      }
    })
    return { command, access: prepared }
  }

  /** The container with all that the prepared commands need, and nothing else. */
  mount(container: Container): Container {
    let mounted = container
    for (const [folder, text] of this.needs.configs)
      mounted = mounted.withMountedSecret(`${folder}/config.json`, secretOf(text))
    for (const [path, file] of this.needs.certificates) mounted = mounted.withMountedFile(path, file)
    for (const [host, service] of this.needs.services) mounted = mounted.withServiceBinding(host, service)
    return mounted
  }

  // Only the entries of these repositories: a command never holds a credential it does not use.
  private configFolder(repositories: readonly Repository[]): string | undefined {
    const entries = new Map<string, AuthEntry>()
    for (const repository of repositories) {
      const entry = selectCredential(this.credentials, repository)?.entry
      if (entry === undefined) continue
      const other = entries.get(repository.registry)
      if (other !== undefined && JSON.stringify(other) !== JSON.stringify(entry))
        throw new CsscError(
          "CREDENTIALS_INVALID",
          `this step reads and writes ${repository.registry} with two logins, which crane cannot: use one that may do both`,
        )
      entries.set(repository.registry, entry)
    }
    if (entries.size === 0) return undefined
    const text = dockerConfigFor(entries)
    const folder = `${configRoot}/${createHmac("sha256", nameKey).update(text).digest("hex").slice(0, 24)}`
    this.needs.configs.set(folder, text)
    return folder
  }

  private bindService(repository: Repository): boolean {
    const bound = this.settings.services.find(({ address }) => canonicalRegistry(address) === repository.registry)
    if (bound === undefined) return false
    this.needs.services.set(hostName(bound.address), bound.service)
    return !bound.tls
  }

  private certificate(repository: Repository): string | undefined {
    const own = this.settings.certificates.findIndex(
      ({ address }) => address !== undefined && canonicalRegistry(address) === repository.registry,
    )
    const position = own >= 0 ? own : this.settings.certificates.findIndex(({ address }) => address === undefined)
    const certificate = this.settings.certificates[position]
    if (certificate === undefined) return undefined
    const path = `${certificateRoot}/${position}/ca.crt`
    this.needs.certificates.set(path, certificate.file)
    return path
  }
}

/** All credentials in the order in which they win; reads the secrets, so once per call. */
export async function readCredentials(settings: Settings): Promise<Credential[]> {
  const named = settings.auths.map(async ({ address, username, secret }) => ({
    address,
    entry: passwordEntry(address, username, await secret.plaintext()),
  }))
  const configs = settings.dockerConfigs.map(async (secret) => readDockerConfig(await secret.plaintext()))
  return [...(await Promise.all(named)), ...(await Promise.all(configs)).flat()]
}

function secretOf(text: string): Secret {
  return dag.setSecret(`cssc-registry-${createHmac("sha256", nameKey).update(text).digest("hex")}`, text)
}

function hostName(address: string): string {
  return address.replace(/:\d+$/, "")
}
