/** Formats of the ledger. */
export enum LedgerFormat {
  /** An OpenVEX document: affected, with what was decided. */
  openvex = "openvex",
  /** .trivyignore.yaml */
  trivyignore = "trivyignore",
}
