import { describe, expect, it } from "vitest"
import { repositoryOf } from "../../../core/oci/registry-path.js"

const at = (repository: string, rest = "manifests/1") => `https://registry.example/v2/${repository}/${rest}`

describe("repositoryOf", () => {
  it("reads host and repository of requests to registries, and of no others", () => {
    expect(repositoryOf(at("team/app", "blobs/uploads/7"))).toBe("registry.example/team/app")
    expect(repositoryOf(at("team/manifests/app", "tags/list"))).toBe("registry.example/team/manifests/app")
    expect(repositoryOf("https://registry.example/v2/")).toBeUndefined()
    expect(repositoryOf("https://auth.example/token")).toBeUndefined()
  })
})
