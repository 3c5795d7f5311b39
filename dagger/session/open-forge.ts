// The forge of a call.
import type { Service } from "@dagger.io/dagger"
import type { Forge } from "../../core/approval/forge.js"
import { CsscError } from "../../core/errors.js"
import type { ForgeOptions } from "../../forge/forge-client.js"
import { github } from "../../forge/github.js"
import { gitlab } from "../../forge/gitlab.js"
import type { Settings } from "../state/settings.js"

/** Throws `ARGUMENT_INVALID` without one, and for a project or an address that cannot be. */
export async function openForge({ forge }: Settings): Promise<Forge> {
  if (forge === undefined)
    throw new CsscError("ARGUMENT_INVALID", "no forge is known: pass with-forge with its project and a token")
  const { kind, project, token, apiUrl, service } = forge
  const text = (await token.plaintext()).trim()
  if (text === "") throw new CsscError("CREDENTIALS_INVALID", `the token for ${kind} is empty`)
  const options = { project, token: text, ...(await address(apiUrl, service)) }
  return kind === "github" ? github(options) : gitlab(options)
}

// A service is reached by the name that the engine gave it, and nobody but the session is on the way.
async function address(apiUrl: string | undefined, service: Service | undefined): Promise<Partial<ForgeOptions>> {
  if (apiUrl === undefined || service === undefined) return apiUrl === undefined ? {} : { apiUrl }
  if (!URL.canParse(apiUrl)) throw new CsscError("ARGUMENT_INVALID", "api-url is no URL")
  const url = new URL(apiUrl)
  url.hostname = await (await service.start()).hostname()
  return { apiUrl: url.href, plainHttp: url.protocol === "http:" }
}
