// How the module's own process reaches registries: bound services by the name that the engine gave them, under the
// address that the caller gave them; private CAs for the address that they were passed for, or for all.
import type { Service } from "@dagger.io/dagger"
import { canonicalRegistry, type Repository } from "../../core/oci/reference.js"
import { type AuthEntry, type Credential, selectCredential, unusedKeys } from "../../registry/credentials.js"
import type { Access, Reach } from "../../registry/http/access.js"
import type { Settings } from "../state/settings.js"

export class ModuleAccess implements Access {
  constructor(
    private readonly settings: Pick<Settings, "services" | "certificates">,
    private readonly credentials: () => Promise<readonly Credential[]>,
  ) {}

  async reach(host: string): Promise<Reach> {
    const { services, certificates } = this.settings
    const bound = services.find(({ address }) => isSameHost(address, host))
    const passed =
      certificates.find(({ address }) => address !== undefined && isSameHost(address, host)) ??
      certificates.find(({ address }) => address === undefined)
    const certificate = await passed?.file.contents()
    return {
      ...(certificate === undefined ? {} : { certificate }),
      ...(bound === undefined ? {} : { plainHttp: !bound.tls, dial: await started(bound.service) }),
    }
  }

  async credential(repository: Repository): Promise<AuthEntry | undefined> {
    return selectCredential(await this.credentials(), repository)?.entry
  }

  async unusedKeys(): Promise<readonly string[]> {
    return unusedKeys(await this.credentials())
  }
}

async function started(service: Service): Promise<string> {
  return (await service.start()).hostname()
}

// URLs leave out the port that goes without saying.
function isSameHost(address: string, host: string): boolean {
  return nameOf(address) === nameOf(host)
}

function nameOf(host: string): string {
  return canonicalRegistry(host).replace(/:(?:80|443)$/, "")
}
