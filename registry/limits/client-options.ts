// What a client is told beside how registries are reached: how much it may ask, and how long it waits.
import type { Patience } from "./patience.js"
import type { RegistryLimits } from "./registry-limits.js"

export type ClientOptions = {
  readonly limits?: readonly RegistryLimits[]
  readonly patience?: Patience
}
