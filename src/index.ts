/**
 * The portable secure supply chain of container images.
 */
import { func, object } from "@dagger.io/dagger"

@object()
export class Cssc {
  /** Says that the module loads. */
  @func()
  hello(): string {
    return "cssc"
  }
}
