// The forge of a call.
import type { Forge } from "../../core/approval/forge.js"
import { CsscError } from "../../core/errors.js"
import { github } from "../../forge/github.js"
import { gitlab } from "../../forge/gitlab.js"
import type { Settings } from "../state/settings.js"

/** Throws `ARGUMENT_INVALID` without one, and for a project or an address that cannot be. */
export async function openForge({ forge }: Settings): Promise<Forge> {
  if (forge === undefined)
    throw new CsscError("ARGUMENT_INVALID", "no forge is known: pass with-forge with its project and a token")
  const { kind, project, token, apiUrl } = forge
  const text = (await token.plaintext()).trim()
  if (text === "") throw new CsscError("CREDENTIALS_INVALID", `the token for ${kind} is empty`)
  const options = { project, token: text, ...(apiUrl === undefined ? {} : { apiUrl }) }
  return kind === "github" ? github(options) : gitlab(options)
}
