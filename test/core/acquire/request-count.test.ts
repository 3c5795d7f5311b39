import { expect, it } from "vitest"
import { countRequests } from "../../../core/acquire/request-count.js"
import { parseRepository } from "../../../core/oci/reference.js"

it("tells the sides of one host apart, also when one repository lies under the other", () => {
  const urls = ["team/manifests/1", "team/app/manifests/1", "team/app/blobs/uploads/7"].map((path) => ({
    method: "GET",
    url: `http://registry.example/v2/${path}`,
  }))
  const token = { method: "GET", url: "https://auth.example/token" }
  const count = countRequests(
    [...urls, token],
    parseRepository("registry.example/team"),
    parseRepository("registry.example/team/app"),
  )
  expect(count).toEqual({ source: { GET: 1 }, target: { GET: 2 }, token: 1 })
})

it("knows Docker Hub by the host that it is dialled at", () => {
  const asked = { method: "HEAD", url: "https://registry-1.docker.io/v2/library/debian/manifests/12" }
  expect(countRequests([asked], parseRepository("debian"), parseRepository("registry.example/debian")).source).toEqual({
    HEAD: 1,
  })
})
