// Where issues are.

/** A forge that approvals go through. */
export enum ForgeKind {
  github = "github",
  gitlab = "gitlab",
}
