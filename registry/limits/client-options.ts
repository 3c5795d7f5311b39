// What a client is told beside how registries are reached: how much it may ask, and how long it waits.
import type { RegistryLimits } from "../../core/ports.js"
import type { Patience } from "./patience.js"

export type ClientOptions = {
  readonly limits?: readonly RegistryLimits[]
  readonly patience?: Patience
}
