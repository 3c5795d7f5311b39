// The images that the module runs when no toolbox is given: by digest of their index, never by tag alone.
// Versions and digests are checked against the deny list of core/policy/rules/denied-tools.ts in every verdict.

export const pinnedImages = {
  /** Alpine with a shell and /usr/local/bin/trivy; crane and oras are added to it. */
  trivy: "ghcr.io/aquasecurity/trivy:0.73.0@sha256:7cced7cae583819fc7806d4cbc0dbbc7cad18b99f7d3e235192e6da8c091045c",
  oras: "ghcr.io/oras-project/oras:v1.3.3@sha256:a4c54befd87d0366e0ba3ac3a9536a5288c8a3735acd3b635cdace59a2c559c8",
  crane:
    "gcr.io/go-containerregistry/crane:v0.22.1@sha256:1f968817b95790bed063f71175aa6b8ff879fa17064020415f3e18bb6e6a36e1",
  /** The embedded registry of the demo. */
  registry: "docker.io/library/registry:3.0.0@sha256:6c5666b861f3505b116bb9aa9b25175e71210414bd010d92035ff64018f9457e",
} as const

/** Where Trivy's vulnerability database comes from, in this order. */
export const databaseRepositories = ["mirror.gcr.io/aquasec/trivy-db:2", "ghcr.io/aquasecurity/trivy-db:2"] as const
export const javaDatabaseRepository = "mirror.gcr.io/aquasec/trivy-java-db:1"

/** Small public images: what the demo acquires when it is given no layout. By tag, as a person names them. */
export const demoImages = ["docker.io/library/alpine:3.24.1", "docker.io/library/python:3.12-slim-bookworm"] as const
