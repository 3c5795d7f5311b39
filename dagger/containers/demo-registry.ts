// The registry of the demo: a service of its own for each call, and what a publisher would have put there.
import { randomUUID } from "node:crypto"
import { type Container, dag, type Directory, type Service } from "@dagger.io/dagger"
import { pinnedImages } from "./pins.js"
import { quote } from "./tool-script.js"
import { uncached } from "./toolbox.js"

/** An empty registry on port 5000: of the container that was given, or of the pinned image. */
export function demoRegistry(registry: Container | undefined): Service {
  return (
    (registry ?? dag.container().from(pinnedImages.registry))
      .withEnvVariable("REGISTRY_STORAGE_DELETE_ENABLED", "true")
      // What it refuses on the way is part of the protocol, and would drown the story.
      .withEnvVariable("REGISTRY_LOG_LEVEL", "error")
      .withEnvVariable("REGISTRY_LOG_ACCESSLOG_DISABLED", "true")
      .withEnvVariable("CSSC_DEMO", randomUUID())
      .withExposedPort(5000)
      .asService({ useEntrypoint: true })
  )
}

/** Copies tags of a layout, with what is attached to them, into a repository of the service `host:5000`. */
export async function seedLayout(
  toolbox: Container,
  service: Service,
  { layout, tags, repository }: { layout: Directory; tags: readonly string[]; repository: string },
): Promise<void> {
  const copies = tags.map(
    (tag) =>
      `oras cp --recursive --no-tty --from-oci-layout --to-plain-http ${quote(`/layout:${tag}`)} ${quote(`${repository}:${tag}`)}`,
  )
  const host = repository.replace(/:.*$/, "")
  await uncached(toolbox.withServiceBinding(host, service).withMountedDirectory("/layout", layout))
    .withExec(["sh", "-c", copies.join(" && ")])
    .sync()
}
