// Which listed packages a scanner can match with advisories. Trivy lists packages that it has no detector for (Conda) with
// exit code 0, and an SBOM may put a package where it is looked up in another ecosystem: listed, and never matched.
// https://github.com/aquasecurity/trivy/blob/v0.73.0/pkg/detector/library/driver.go, and pkg/purl/purl.go for the types

/** Types of results that have a detector, by the purl type of their packages. */
const detected: Readonly<Record<string, readonly string[]>> = {
  apk: ["alpine", "chainguard", "minimos", "wolfi"],
  deb: ["debian", "echo", "ubuntu"],
  rpm: [
    ...["alma", "amazon", "azurelinux", "cbl-mariner", "centos", "opensuse-leap", "opensuse-tumbleweed"],
    ...["oracle", "photon", "redhat", "rocky", "slem", "sles"],
  ],
  bottlerocket: ["bottlerocket"],
  bitnami: ["bitnami"],
  cargo: ["cargo", "rustbinary"],
  cocoapods: ["cocoapods"],
  composer: ["composer", "composer-vendor"],
  conan: ["conan"],
  gem: ["bundler", "gemspec"],
  golang: ["gobinary", "gomod"],
  hex: ["hex"],
  julia: ["julia"],
  k8s: ["kubernetes"],
  maven: ["gradle", "jar", "pom", "sbt"],
  npm: ["bun", "javascript", "node-pkg", "npm", "pnpm", "yarn"],
  nuget: ["dotnet-core", "nuget", "packages-props"],
  pub: ["pub"],
  pypi: ["pip", "pipenv", "poetry", "pylock", "python-pkg", "uv"],
  swift: ["swift"],
}
const osTypes: ReadonlySet<string> = new Set(["apk", "deb", "rpm", "bottlerocket"])
const purlTypeOf: ReadonlyMap<string, string> = new Map(
  Object.entries(detected).flatMap(([purl, types]) => types.map((type) => [type, purl])),
)

/** What a report says of a package, beside its name. */
export type Listed = {
  /** The result's class and type; a package of neither is known by its purl alone. */
  readonly resultClass: string
  readonly resultType: string
  readonly purl: string
  /** `third-party` where the distribution did not build it: its advisories say nothing of the package. */
  readonly repository: string
}

/** Tells whether the scanner compares a listed package with advisories of its kind. */
export function isMatched({ resultClass, resultType, purl, repository }: Listed): boolean {
  if (repository === "third-party") return false
  const named = purlType(purl)
  const expected = purlTypeOf.get(resultType)
  if (expected !== undefined) return named === undefined || named === expected || named === resultType
  // An operating system's result is only there when there is a detector for the system.
  if (resultClass === "os-pkgs") return named === undefined || osTypes.has(named)
  return resultType === "" && named !== undefined && Object.hasOwn(detected, named)
}

/** The purl type of a listed package, by its purl or by what it was looked up as; "" when neither tells. */
export function purlTypeOfListed({ resultType, purl }: Pick<Listed, "resultType" | "purl">): string {
  return purlType(purl) ?? purlTypeOf.get(resultType) ?? ""
}

/** Tells whether a package belongs to an operating system. */
export function isOsPackage({ resultClass, purl }: Pick<Listed, "resultClass" | "purl">): boolean {
  return resultClass === "os-pkgs" || osTypes.has(purlType(purl) ?? "")
}

// Enough for the purls of reports, which Trivy writes itself.
function purlType(purl: string): string | undefined {
  return /^pkg:\/*([a-z][a-z0-9.+-]*)\//i.exec(purl)?.[1]?.toLowerCase()
}
