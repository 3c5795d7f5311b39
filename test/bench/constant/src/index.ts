/**
 * The least that a module can be: what a call of it costs, a call of any module costs.
 */
import { func, object } from "@dagger.io/dagger"

@object()
export class Constant {
  /**
   * A builder that builds nothing.
   */
  @func()
  next(
    /** Any new value is a new call. */
    token: string,
  ): Constant {
    return token === "" ? this : new Constant()
  }

  /**
   * A constant.
   */
  @func({ cache: "never" })
  value(): string {
    return "constant"
  }
}
