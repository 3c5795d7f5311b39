// Where a vulnerability is described: the address that came with the finding, else the page of who gave the id.
import { safeUrl } from "../page/safe-url.js"
import type { Finding } from "./finding.js"

const id = (text: string) => encodeURIComponent(text)

const pages: readonly (readonly [RegExp, (id: string) => string])[] = [
  [/^CVE-\d{4}-\d+$/, (name) => `https://nvd.nist.gov/vuln/detail/${id(name)}`],
  [/^GHSA-[0-9a-z-]+$/i, (name) => `https://github.com/advisories/${id(name)}`],
  [/^(DSA|DLA)-[\d-]+$/, (name) => `https://security-tracker.debian.org/tracker/${id(name)}`],
  [/^USN-[\d-]+$/, (name) => `https://ubuntu.com/security/notices/${id(name)}`],
  [/^RH[SBE]A-\d{4}:\d+$/, (name) => `https://access.redhat.com/errata/${id(name)}`],
  [/^ELSA-\d{4}-\d+$/, (name) => `https://linux.oracle.com/errata/${id(name)}.html`],
  [/^(GO|PYSEC|RUSTSEC|MAL|OSV)-[0-9a-z-]+$/i, (name) => `https://osv.dev/vulnerability/${id(name)}`],
]

/** A page that can be opened over HTTP; undefined when nobody knows one. */
export function advisoryUrl({ id: name, url }: Pick<Finding, "id" | "url">): string | undefined {
  return safeUrl(url) ?? pages.find(([pattern]) => pattern.test(name))?.[1](name)
}
