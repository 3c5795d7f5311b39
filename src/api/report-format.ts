/** Formats of a report. */
export enum ReportFormat {
  /** Trivy's own report, all platforms merged, the platform named in each result. */
  json = "json",
  /** For GitHub code scanning and editors. */
  sarif = "sarif",
  /** For people. */
  table = "table",
  /** CycloneDX with vulnerabilities. */
  cyclonedx = "cyclonedx",
  /** GitHub's dependency snapshot. */
  github = "github",
}
