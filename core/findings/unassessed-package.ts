// What a scan did not tell anything of.

/** A package that the scanner passed over in silence, or lists without ever matching it with an advisory. */
export type UnassessedPackage = {
  readonly purl: string
  readonly name: string
  readonly version: string
  /** Why it was not matched; left out when the scanner does not even list it. */
  readonly reason?: string
}
