// What is in the images. The findings named here are those of the database in ../trivy-db/.
const manylinux = { python: "3.13", platform: "manylinux2014_x86_64" }
const windows = { python: "3.8", platform: "win_amd64" } // the one wheel of this old release for a newer Python

/** The layers, by name. */
export const layerContents = {
  "bookworm-amd64": { debian: { suite: "bookworm", architecture: "amd64" } }, // zlib: CVE-2023-45853 CRITICAL, unfixed
  "bookworm-arm64": { debian: { suite: "bookworm", architecture: "arm64" } },
  "trixie-amd64": { debian: { suite: "trixie", architecture: "amd64" } }, // glibc: 7 × LOW, unfixed
  "trixie-arm64": { debian: { suite: "trixie", architecture: "arm64" } },
  "npm-new": { npm: { lodash: "4.17.21", minimist: "1.2.8" } },
  "npm-old": { npm: { lodash: "4.17.20", minimist: "1.2.5" } }, // HIGH, MEDIUM; CRITICAL
  "npm-patched": { npm: { lodash: "4.17.20", minimist: "1.2.8" } },
  "python-new": {
    python: [
      { name: "PyYAML", version: "6.0.2", ...manylinux },
      { name: "requests", version: "2.32.4", ...manylinux },
    ],
  },
  "python-old": {
    python: [
      { name: "PyYAML", version: "5.3", ...windows }, // 2 × CRITICAL
      { name: "requests", version: "2.25.1", ...windows }, // 2 × MEDIUM
    ],
  },
}

const cyclonedx = { format: "cyclonedx", version: "1.6" } // as Docker Hardened Images have it
const dsse = { format: "cyclonedx", dsse: true }
const spdx = { format: "spdx" }
const clean = (architecture, sbom) => ({
  architecture,
  layers: [`trixie-${architecture}`, "npm-new", "python-new"],
  sbom,
})

/** The images, by tag: per platform its layers and how its SBOM is attached. */
export const variants = {
  clean: { platforms: [clean("amd64", cyclonedx), clean("arm64", cyclonedx)] },
  // minimist is vulnerable on amd64 only: findings have a platform.
  vulnerable: {
    platforms: [
      { architecture: "amd64", layers: ["bookworm-amd64", "npm-old", "python-old"], sbom: cyclonedx },
      { architecture: "arm64", layers: ["bookworm-arm64", "npm-patched", "python-old"], sbom: cyclonedx },
    ],
  },
  "no-sbom": { platforms: [clean("amd64", cyclonedx), clean("arm64", undefined)] },
  dsse: { platforms: [clean("amd64", dsse), clean("arm64", dsse)] },
  spdx: { platforms: [clean("amd64", spdx), clean("arm64", spdx)] },
}
