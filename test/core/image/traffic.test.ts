import { describe, expect, it } from "vitest"
import { trafficOf } from "../../../core/image/traffic.js"
import { readCopiedParts } from "../../../dagger/containers/copied-parts.js"

const copied = { moved: 2, mounted: 1, present: 3, movedBytes: 70, mountedBytes: 20, unsized: 1 }
const exchanges = [
  { method: "HEAD", url: "https://registry-1.docker.io/v2/library/app/manifests/1", status: 200 },
  { method: "GET", url: "https://auth.docker.io/token", status: 200, received: 9 },
  { method: "GET", url: "https://docker.io/v2/library/app/manifests/1", status: 200, received: 100 },
  { method: "PUT", url: "https://acme.example/v2/app/manifests/1", status: 201, sent: 30 },
  { method: "COPY", url: "https://acme.example/v2/app/manifests/1", copied },
]
const traffic = trafficOf({ exchanges, retries: new Map([["registry-1.docker.io", 2]]) })

describe("traffic", () => {
  it("is told by host, whatever its names, and a copy is no request", () => {
    expect(Object.keys(traffic.hosts).sort()).toEqual(["acme.example", "auth.docker.io", "docker.io"])
    expect(traffic.hosts["docker.io"]).toMatchObject({ requests: { HEAD: 1, GET: 1 }, received: 100, retries: 2 })
    expect(traffic.hosts["acme.example"]).toMatchObject({ requests: { PUT: 1 }, sent: 30, copies: 1, ...copied })
  })

  it("of one host adds up", () => {
    const retries = new Map([
      ["registry-1.docker.io", 2],
      ["docker.io", 2],
    ])
    const twice = trafficOf({ exchanges: [...exchanges, ...exchanges], retries }).hosts
    expect(twice["docker.io"]).toMatchObject({ requests: { HEAD: 2, GET: 2 }, received: 200, retries: 4 })
    expect(twice["acme.example"]).toMatchObject({ copies: 2, movedBytes: 140 })
  })
})

describe("what oras says of a copy", () => {
  it("is counted by part, with the bytes of those whose size is known", () => {
    const output = [
      "Mounted 44136fa355b3 application/vnd.oci.empty.v1+json",
      "Copying 405427a07495 application/vnd.oci.image.manifest.v1+json",
      "Copied  405427a07495 application/vnd.oci.image.manifest.v1+json",
      "Copied  ffffffffffff application/vnd.oci.image.layer.v1.tar+gzip",
      "Exists  1f8f0ca9979d application/vnd.oci.image.manifest.v1+json",
      "Copied [registry] 127.0.0.1:41077/app:1 => [registry] 127.0.0.1:41077/x/app",
      "Digest: sha256:5fbd82ca05c9058b2e4607c9ba0279dcc6c809a4a887ddcc53d2a784e569cc42",
    ].join("\n")
    const sizes = new Map([
      ["44136fa355b3", 2],
      ["405427a07495", 500],
    ])
    expect(readCopiedParts(output, sizes)).toEqual({
      ...{ moved: 2, mounted: 1, present: 1 },
      ...{ movedBytes: 500, mountedBytes: 2, unsized: 1 },
    })
  })
})
