/** Formats of a report. */
export enum ReportFormat {
  /** Trivy's own report, all platforms merged, the platform named in each result. */
  json = "json",
  /** For code scanning and editors: one result per vulnerability and package, what was accepted as suppressed. */
  sarif = "sarif",
  /** For the test view of a CI. */
  junit = "junit",
  /** GitLab's container-scanning report. */
  gitlab = "gitlab",
  /** CycloneDX VEX: what each vulnerability means for the image. */
  vex = "vex",
  /** One page for people, with nothing to load. */
  html = "html",
  /** For a comment or a job's summary. */
  markdown = "markdown",
  /** Trivy's table. */
  table = "table",
  /** CycloneDX with vulnerabilities, by Trivy. */
  cyclonedx = "cyclonedx",
  /** GitHub's dependency snapshot, by Trivy. */
  github = "github",
}
