// Files of regsync and skopeo sync as fleet files: what they mean is kept, and what has no counterpart is told.
import { describe, expect, it } from "vitest"
import { parse } from "yaml"
import { parseFleet } from "../../../core/fleet/config/parse-fleet.js"
import { importRegsync } from "../../../core/fleet/import/regsync.js"
import { importSkopeoSync } from "../../../core/fleet/import/skopeo-sync.js"
import { expectCode } from "../oci/fixture.js"

describe("importRegsync", () => {
  const regsync = `version: 1
creds:
  - { registry: docker.io, user: jane, pass: hunter2, reqPerSec: 5, reqConcurrent: 40 }
  - { registry: "registry.example:5000", tls: disabled }
defaults: { interval: 60m, parallel: 2, referrers: true, fastCheck: true, backup: "old-{{.Ref.Tag}}" }
sync:
  - { source: "busybox:1.36", target: "registry.example:5000/library/busybox:1.36", type: image }
  - { source: "busybox:latest", target: "registry.example:5000/library/busybox", type: image }
  - source: docker.io/library/alpine
    target: registry.example:5000/library/alpine
    type: repository
    tags: { allow: ["3", "^3\\\\.\\\\d+$"], deny: [".*rc.*"], semverRange: [">=3.10, <4", ">=5"] }
    fastCheck: false
    platforms: [linux/amd64]
  - { source: "a.example/x:1", target: "registry.example:5000/x:stable", type: image }
  - { source: "{{ .Env }}/y", target: "registry.example:5000/y", type: repository }
  - { source: a.example, target: "registry.example:5000", type: registry, repos: { allow: [".*"] } }
  - { source: "ocidir://x", target: "registry.example:5000/z", type: repository }
  - { source: "UPPER CASE:1", target: "b.example/x:1", type: image }
  - { source: a.example/quiet, target: "registry.example:5000/quiet", type: repository, referrers: false, wonder: 1 }
`
  const imported = importRegsync(regsync, "regsync.yml")
  const note = (path: string) => imported.notes.find((one) => one.path === path)?.note

  it("keeps repositories, tags, limits and platforms", () => {
    expect(imported).toMatchObject({ valid: true, mirrors: 3 })
    expect(parse(imported.config)).toEqual({
      version: 1,
      registries: [{ name: "docker.io", "requests-per-second": 5, concurrency: 32 }],
      mirrors: [
        {
          source: "docker.io/library/busybox",
          target: "registry.example:5000/library/busybox",
          tags: { glob: ["1.36", "latest"] },
          referrers: "with-image",
        },
        {
          source: "docker.io/library/alpine",
          target: "registry.example:5000/library/alpine",
          tags: { regex: "(?:3)|(?:3\\.\\d+)", "exclude-regex": ".*rc.*", semver: ">=3.10  <4 || >=5" },
          referrers: "always",
          platforms: ["linux/amd64"],
          "new-digest": true,
        },
        { source: "a.example/quiet", target: "registry.example:5000/quiet", referrers: "never" },
      ],
    })
    expect(parseFleet(imported.config).entries).toHaveLength(3)
  })

  it("tells all that has no counterpart, and never a login", () => {
    for (const path of ["creds[0].user", "creds[0].pass"]) expect(note(path)).toContain("with-registry-auth")
    expect(note("creds[0].reqConcurrent")).toBe("at most 32 here")
    expect(note("creds[1].tls")).toContain("with-registry-service")
    for (const key of ["interval", "parallel", "backup"]) expect(note(`defaults.${key}`)).toBeDefined()
    expect(note("sync[3]")).toBe("left out: the tag 1 becomes stable; tags keep their names here")
    expect(note("sync[4]")).toContain("a template")
    expect(note("sync[5]")).toContain("type registry")
    expect(note("sync[6]")).toContain("an OCI layout")
    expect(note("sync[7]")).toContain('left out: "UPPER CASE:1" is not an image reference')
    expect(note("sync[8].wonder")).toBe("no key that is known here: it was left out")
    expect(JSON.stringify(imported)).not.toMatch(/hunter2|jane/)
  })

  it("says when the result cannot be used as it is", () => {
    const twice = `sync:
  - { source: a.example/x, target: b.example/x, type: repository }
  - { source: a.example/y, target: b.example/x, type: repository }
  - { source: a.example/z, target: b.example/z, type: repository, tags: { allow: ["(?=x)"] } }`
    const { valid, notes } = importRegsync(twice, "r.yml")
    expect(valid).toBe(false)
    expect(notes.at(-1)).toMatchObject({ path: "(the imported file)", note: expect.stringContaining("of RE2") })
  })

  it.each(["sync: 3", "version: 2\nsync: []", "sync: [{ source: 1 }]", "- x", "sync: [", ""])("refuses %j", (text) => {
    expectCode(() => importRegsync(text, "r.yml"), "FLEET_INVALID", /r\.yml cannot be imported: /)
  })
})

describe("importSkopeoSync", () => {
  const digest = `sha256:${"0".repeat(64)}`
  const skopeo = `registry.example.com:
  images:
    busybox: []
    team/redis: ["1.0", "2.0", "${digest}"]
    pinned: ["${digest}"]
  images-by-tag-regex:
    nginx: ^1\\.13\\.[12]-alpine$
    caddy: 2\\.
  images-by-semver: { alpine: ">= 3.12.0" }
  credentials: { username: john, password: this is a secret }
  tls-verify: true
  cert-dir: /home/john/certs
docker.io:
  images: { etcd: [latest] }
`
  const imported = importSkopeoSync(skopeo, "sync.yml", { target: "here.example/repo/", scoped: false })

  it("keeps repositories and tags, below the target by their last part", () => {
    expect(parse(imported.config)).toEqual({
      version: 1,
      mirrors: [
        { source: "registry.example.com/busybox", target: "here.example/repo/busybox", referrers: "never" },
        {
          source: "registry.example.com/team/redis",
          target: "here.example/repo/redis",
          tags: { glob: ["1.0", "2.0"] },
          referrers: "never",
        },
        {
          source: "registry.example.com/nginx",
          target: "here.example/repo/nginx",
          tags: { regex: "1\\.13\\.[12]-alpine" },
          referrers: "never",
        },
        {
          source: "registry.example.com/caddy",
          target: "here.example/repo/caddy",
          tags: { regex: ".*(?:2\\.).*" },
          referrers: "never",
        },
        {
          source: "registry.example.com/alpine",
          target: "here.example/repo/alpine",
          tags: { semver: ">= 3.12.0" },
          referrers: "never",
        },
        {
          source: "docker.io/library/etcd",
          target: "here.example/repo/etcd",
          tags: { glob: ["latest"] },
          referrers: "never",
        },
      ],
    })
    expect(imported.valid).toBe(true)
  })

  it("keeps whole names when it is scoped", () => {
    const { config } = importSkopeoSync(skopeo, "sync.yml", { target: "here.example", scoped: true })
    expect(parse(config).mirrors[1].target).toBe("here.example/registry.example.com/team/redis")
  })

  it("tells what has no counterpart, and never a login", () => {
    const paths = imported.notes.map(({ path }) => path)
    for (const key of ["credentials", "tls-verify", "cert-dir", "images-by-semver.alpine"])
      expect(paths).toContain(`registry.example.com.${key}`)
    expect(paths).toContain(`registry.example.com/team/redis@${digest}`)
    expect(paths).toContain(`registry.example.com/pinned@${digest}`)
    expect(JSON.stringify(imported)).not.toMatch(/john|secret"/)
  })

  it("needs to be told where to, and refuses what is no such file", () => {
    expectCode(() => importSkopeoSync(skopeo, "s.yml", { target: " ", scoped: false }), "ARGUMENT_INVALID")
    for (const text of ["[]", "a.example: { images: [x] }", "a.example: 1"])
      expectCode(() => importSkopeoSync(text, "s.yml", { target: "b.example", scoped: false }), "FLEET_INVALID")
  })
})
