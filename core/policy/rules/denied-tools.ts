// Releases of tools that were malicious. The Trivy compromise of March 2026: GHSA-69fq-xp46-6x23 / CVE-2026-33634.
// A verdict that such a tool helped to make proves nothing, whatever the policy says.
import type { ToolInfo } from "../../findings/assessment.js"

const deniedVersions: ReadonlyMap<string, readonly string[]> = new Map([["trivy", ["0.69.4", "0.69.5", "0.69.6"]]])

const deniedDigests: ReadonlySet<string> = new Set([
  // 0.69.4: the index, then linux/amd64, linux/arm64, linux/ppc64le, linux/s390x, and its signature
  "sha256:27f446230c60bbf0b70e008db798bd4f33b7826f9f76f756606f5417100beef3",
  "sha256:12c702212dee1cbec9471e9261501a3335963321fe76e60e5a715b5acd3c40a2",
  "sha256:2d7cee41048988eec27615412e7c6e2e21046f2b5faa888c24e11ca6764058ed",
  "sha256:ae3494bd6ae860d7727116681bd09fc7b20dc994ec7a8105738f0a623ea93427",
  "sha256:43f46547efd488e56dcf862ed4d7cc342730a803f8d5bec5cac443028fefabef",
  "sha256:cc464a3961e1dbe145c75343b55c2f446e08b821782ec993728c4222b0d85589",
  // 0.69.5 and 0.69.6 on Docker Hub
  "sha256:5aaa1d7cfa9ca4649d6ffad165435c519dc836fa6e21b729a2174ad10b057d2b",
  "sha256:425cd3e1a2846ac73944e891250377d2b03653e6f028833e30fc00c1abbc6d33",
])

/** Tells whether a tool is a known malicious release, by its version or by the digest of its image. */
export function isDeniedTool({ name, version, digest }: ToolInfo): boolean {
  const release = version.trim().replace(/^v/i, "")
  const versions = deniedVersions.get(name.trim().toLowerCase()) ?? []
  return versions.includes(release) || isDeniedDigest(digest ?? "")
}

/** Tells whether an image digest, alone or at the end of a reference, is that of a malicious release. */
export function isDeniedDigest(text: string): boolean {
  return deniedDigests.has(text.trim().toLowerCase().replace(/^.*@/, ""))
}
