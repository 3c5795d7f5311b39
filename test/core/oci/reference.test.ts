// What can go wrong: one repository under two names, so that what compares names takes it for two; or a name that is
// another one when it is read again.
import { describe, expect, it } from "vitest"
import { formatReference, parseReference, repositoryName } from "../../../core/oci/reference.js"

describe("one name for one repository", () => {
  it.each([
    ["ghcr.io/a/b", "ghcr.io/a/b"],
    ["GHCR.io:443/a/b:1", "ghcr.io/a/b"],
    ["docker.io:443/library/x", "docker.io/library/x"],
    ["registry-1.docker.io:443/x", "docker.io/library/x"],
    ["10.0.0.1:443/a", "10.0.0.1/a"],
    // Another port is another registry.
    ["ghcr.io:80/a/b", "ghcr.io:80/a/b"],
    ["ghcr.io:4430/a/b", "ghcr.io:4430/a/b"],
    ["ghcr.io:1443/a/b", "ghcr.io:1443/a/b"],
    // Without the port these would be repositories of Docker Hub, or dialled otherwise.
    ["registry:443/a/b", "registry:443/a/b"],
    ["localhost:443/a", "localhost:443/a"],
  ])("%s is %s", (text, name) => {
    const reference = parseReference(text)
    expect(repositoryName(reference)).toBe(name)
    expect(parseReference(formatReference(reference))).toEqual(reference)
  })
})
