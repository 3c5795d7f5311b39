/**
 * A module that promotes images with cssc: the decision, the reports and the credentials never leave the engine.
 *
 * In a module of your own: `dagger install github.com/acme/cssc@v0.1.0`.
 */
import { type Container, dag, type Directory, func, object, type Service } from "@dagger.io/dagger"

@object()
export class Consumer {
  /** Gates an image and promotes it when it passes; returns the result as JSON. */
  @func({ cache: "never" })
  async promote(
    /** registry/repository:tag of the quarantine. */
    image: string,
    /** registry/repository[:tag] of the trusted images. */
    target: string,
    /** host:port under which `registry` is named. */
    address: string,
    /** The registry of both. */
    registry: Service,
    /** A folder with Trivy's vulnerability database. */
    database: Directory,
    /** Another container with crane, oras and trivy. */
    toolbox?: Container,
  ): Promise<string> {
    return dag
      .cssc({ toolbox, databaseDirectory: database })
      .withRegistryService(address, registry)
      .promote(target, { image })
      .json()
  }
}
