// One vulnerable package of each kind that the test database has advisories for.
export type Seed = {
  readonly type: string
  readonly namespace: string
  readonly name: string
  readonly version: string
  /** What the scanner finds in it. */
  readonly finding: string
  /** What its purl has behind the version. */
  readonly tail?: string
  readonly source?: { readonly name: string; readonly version: string }
}

type World = { readonly system?: object; readonly packages: readonly [Seed, ...Seed[]] }

const system = (name: string, version: string) => ({ type: "operating-system", name, version, "bom-ref": "os" })

const languages: readonly [Seed, ...Seed[]] = [
  { type: "npm", namespace: "", name: "lodash", version: "4.17.20", finding: "CVE-2021-23337" },
  { type: "pypi", namespace: "", name: "PyYAML", version: "5.3", finding: "CVE-2020-14343" },
  { type: "golang", namespace: "golang.org/x", name: "text", version: "v0.3.6", finding: "CVE-2021-38561" },
  {
    ...{ type: "maven", namespace: "com.fasterxml.jackson.core", name: "jackson-databind" },
    ...{ version: "2.9.8", finding: "CVE-2020-9548" },
  },
  { type: "gem", namespace: "", name: "activesupport", version: "6.0.3", finding: "CVE-2020-8165" },
  { type: "cargo", namespace: "", name: "ammonia", version: "2.1.2", finding: "CVE-2021-38193" },
  { type: "composer", namespace: "guzzlehttp", name: "psr7", version: "2.1.0", finding: "CVE-2022-24775" },
  { type: "nuget", namespace: "", name: "Newtonsoft.Json", version: "12.0.3", finding: "CVE-2024-21907" },
]

export const seeds: Readonly<Record<"languages" | "debian" | "alpine" | "rocky", World>> = {
  languages: { packages: languages },
  debian: {
    system: system("debian", "12.5"),
    packages: [
      {
        ...{ type: "deb", namespace: "debian", name: "libssl3", version: "3.0.15-1~deb12u1" },
        finding: "CVE-2025-9230",
        source: { name: "openssl", version: "3.0.15-1~deb12u1" },
      },
      {
        ...{ type: "deb", namespace: "debian", name: "openssl", version: "3.0.15-1+deb12u1" },
        finding: "CVE-2025-9230",
      },
    ],
  },
  alpine: {
    system: system("alpine", "3.10.2"),
    packages: [
      { type: "apk", namespace: "alpine", name: "openssl", version: "1.1.1c-r0", finding: "CVE-2019-1549" },
      {
        ...{ type: "apk", namespace: "alpine", name: "libssl1.1", version: "1.1.1c-r0", finding: "CVE-2019-1549" },
        source: { name: "openssl", version: "1.1.1c-r0" },
      },
    ],
  },
  rocky: {
    system: system("rocky", "9.4"),
    packages: [
      {
        ...{ type: "rpm", namespace: "rocky", name: "openssl-libs", version: "3.0.7-27.el9" },
        ...{ tail: "?arch=x86_64&epoch=1", finding: "CVE-2024-5535" },
      },
      {
        ...{ type: "rpm", namespace: "rocky", name: "nodejs", version: "20.9.0-1.module+el9.3.0+16544+4c4f27b0" },
        tail: "?arch=x86_64&epoch=1&modularitylabel=nodejs:20:9030020231102161145:rhel9",
        finding: "CVE-2024-21891",
      },
    ],
  },
}
