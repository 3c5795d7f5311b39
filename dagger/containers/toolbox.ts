// The container that all tools run in: the caller's own, or one put together from pinned images.
import { randomUUID } from "node:crypto"
import { type Container, dag } from "@dagger.io/dagger"
import { CsscError } from "../../core/errors.js"
import type { ToolInfo } from "../../core/findings/assessment.js"
import { pinnedImages } from "./pins.js"

/** The default toolbox: Trivy's image has a shell, the other two bring one static binary each. */
export function defaultToolbox(): Container {
  return dag
    .container()
    .from(pinnedImages.trivy)
    .withFile("/usr/local/bin/oras", dag.container().from(pinnedImages.oras).file("/bin/oras"))
    .withFile("/usr/local/bin/crane", dag.container().from(pinnedImages.crane).file("/ko-app/crane"))
}

/** The container that the tools run in: the one that was given, or the default. */
export function toolbox(given: Container | undefined): Container {
  return prepareToolbox(given ?? defaultToolbox())
}

/** Root, whatever the image says: the tools' folders are ours. */
export function prepareToolbox(container: Container): Container {
  return container.withUser("0:0").withEnvVariable("HOME", "/root").withoutEnvVariable("DOCKER_CONFIG")
}

/**
 * The one rule of caching: an exec that reads what can change (a tag, a listing, the clock) or that writes runs anew in
 * every call. Nothing else may set this variable, and no such exec may go without it.
 */
export function uncached(container: Container): Container {
  return container.withEnvVariable("CSSC_CALL", randomUUID())
}

const inventory = `for tool in crane oras trivy; do
  path=$(command -v $tool) || { echo "$tool is missing" >&2; exit 1; }
  case $tool in
    trivy) version=$(trivy --version | sed -n 's/^Version: //p') ;;
    oras) version=$(oras version | sed -n 's/^Version: *//p') ;;
    *) version=$(crane version) ;;
  esac
  echo "$tool $version sha256:$(sha256sum "$path" | cut -d ' ' -f 1)"
done`

/** Versions and binary digests of the tools; the same container always gives the same answer, so this is cached. */
export async function toolInventory(toolbox: Container): Promise<ToolInfo[]> {
  const text = await toolbox
    .withExec(["sh", "-c", inventory])
    .stdout()
    .catch((error: unknown) => {
      const said = (error as { stderr?: string }).stderr ?? String(error)
      throw new CsscError(
        "TOOL_FAILED",
        `the toolbox does not work: ${said.trim().slice(0, 300)}; it needs sh, crane, oras and trivy on its PATH`,
      )
    })
  return text
    .trim()
    .split("\n")
    .map((line) => {
      const [name = "", version = "", digest = ""] = line.split(" ")
      return { name, version, digest }
    })
}
