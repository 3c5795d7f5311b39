// Where issues are.

/** A forge that approvals go through. */
export enum ForgeKind {
  /** GitHub, or GitHub Enterprise. */
  github = "github",
  /** GitLab, there or on a server of one's own. */
  gitlab = "gitlab",
}
