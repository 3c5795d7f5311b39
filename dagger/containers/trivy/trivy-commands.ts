// The words of every Trivy scan, in one place: what a test runs on the host is what the module runs in its toolbox.

/** Flags of every scan: the database that is there, no network but the registry's, everything reported. */
const scanFlags = [
  "--quiet",
  "--skip-db-update",
  "--skip-version-check",
  "--disable-telemetry",
  "--scanners",
  "vuln",
  "--format",
  "json",
  "--list-all-pkgs",
  "--show-suppressed",
] as const

export type ScanPlaces = {
  /** Holds `db/`, and `java-db/` if there is one. */
  readonly cacheFolder: string
  /** File that the report is written to. */
  readonly report: string
}

/** Scans an SBOM file; asks nobody. */
export function sbomScanWords({ cacheFolder, report }: ScanPlaces, document: string): string[] {
  const offline = ["--skip-java-db-update", "--offline-scan"]
  return ["trivy", "sbom", ...scanFlags, ...offline, "--cache-dir", cacheFolder, "--output", report, document]
}

export type ImageScan = {
  /** By digest. */
  readonly name: string
  readonly platform: string
  /** Where Trivy fetches its Java database when it meets a jar; left out, the one in the cache folder is all. */
  readonly javaDatabase?: string
}

/** Scans one platform's file system in its registry; no container runtime is asked. */
export function imageScanWords(
  { cacheFolder, report }: ScanPlaces,
  { name, platform, javaDatabase }: ImageScan,
): string[] {
  const java = javaDatabase === undefined ? ["--skip-java-db-update"] : ["--java-db-repository", javaDatabase]
  const place = ["--cache-backend", "memory", "--cache-dir", cacheFolder, "--output", report]
  return ["trivy", "image", ...scanFlags, ...java, "--image-src", "remote", "--platform", platform, ...place, name]
}
