// Small writes, where a registry answers in its own way or somebody else writes at the same time.
import { describe, expect, it } from "vitest"
import { digestOf } from "../../../core/oci/digest.js"
import { fourAttempts } from "../../support/retries.js"
import { clientOf, type Pretend, pretend, type Question, type Reply } from "../pretend-registry.js"

const index = "application/vnd.oci.image.index.v1+json"
const subjectBytes = JSON.stringify({ schemaVersion: 2, mediaType: index, manifests: [], annotations: { a: "b" } })
const subject = digestOf(subjectBytes)
const tag = subject.replace(":", "-")
const at = ({ address }: Pretend) => ({ registry: address, repository: "team/app", digest: subject })
const note = {
  artifactType: "a/b",
  fileName: "note.txt",
  mediaType: "text/plain",
  content: "note",
  annotations: { k: "v" },
}

type Change = {
  /** What a PUT of a manifest answers instead. */
  readonly put?: (question: Question, puts: number) => Reply | undefined
  readonly location?: (question: Question) => string
  /** Of the list under the referrers tag, each time that it is read. */
  readonly list?: (stored: string | undefined, reads: number) => string | undefined
  /** Headers that a HEAD answers beside. */
  readonly head?: Readonly<Record<string, string>>
}

/** A registry that takes everything, without the referrers API. */
function registry({ put, location, list = (stored) => stored, head = {} }: Change = {}) {
  const manifests = new Map<string, string>([[subject, subjectBytes]])
  let [reads, puts] = [0, 0]
  return pretend((question) => {
    const { method, path } = question
    const name = path.split("/").at(-1) ?? ""
    if (path.includes("/referrers/")) return { status: 404 }
    if (method === "POST") return { status: 202, headers: { location: location?.(question) ?? `${path}7?_state=x` } }
    if (method === "PUT" && path.includes("/manifests/")) {
      const other = put?.(question, puts++)
      if (other !== undefined) return other
      manifests.set(name, question.body)
      return { status: 201 }
    }
    if (method === "PUT") return { status: 201 }
    if (method === "HEAD" && path.includes("/blobs/")) return { status: 404 }
    const stored = name === tag ? list(manifests.get(tag), reads++) : manifests.get(name)
    if (stored === undefined) return { status: 404 }
    return {
      headers: {
        "content-type": index,
        "docker-content-digest": digestOf(stored),
        "content-length": `${stored.length}`,
        ...(method === "HEAD" ? head : {}),
      },
      body: stored,
    }
  })
}

const puts = ({ asked }: Pretend, part: string) =>
  asked.filter(({ method, path }) => method === "PUT" && path.includes(part))

describe("attach", () => {
  it("builds an OCI 1.1 artifact with its subject, its time to the millisecond and the file's name", async () => {
    const server = await registry()
    const digest = await clientOf().attach(at(server), note)
    const [pushed] = puts(server, `/manifests/${digest}`)
    expect(pushed?.headers["content-type"]).toBe("application/vnd.oci.image.manifest.v1+json")
    expect(JSON.parse(pushed?.body ?? "")).toEqual({
      schemaVersion: 2,
      mediaType: "application/vnd.oci.image.manifest.v1+json",
      artifactType: "a/b",
      config: { mediaType: "application/vnd.oci.empty.v1+json", digest: digestOf("{}"), size: 2, data: "e30=" },
      layers: [
        {
          mediaType: "text/plain",
          digest: digestOf("note"),
          size: 4,
          annotations: { "org.opencontainers.image.title": "note.txt" },
        },
      ],
      subject: { mediaType: index, digest: subject, size: subjectBytes.length },
      annotations: { k: "v", "org.opencontainers.image.created": expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/) },
    })
    expect(
      puts(server, "/blobs/uploads/").map(({ body, query }) => [body, query.get("digest"), query.get("_state")]),
    ).toEqual([
      ["{}", digestOf("{}"), "x"],
      ["note", digestOf("note"), "x"],
    ])
  })

  it.each([{ "content-length": "0" }, { "content-length": "999", "content-encoding": "gzip" }])(
    "knows its subject's size where a proxy answers a HEAD with another: %j",
    async (head) => {
      const server = await registry({ head })
      const client = clientOf()
      await client.resolve(at(server))
      const digest = await client.attach(at(server), note)
      const { subject: about } = JSON.parse(puts(server, `/manifests/${digest}`)[0]?.body ?? "") as { subject: object }
      expect(about).toEqual({ mediaType: index, digest: subject, size: subjectBytes.length })
    },
  )

  it("lists it under the referrers tag where the registry does not say that it did", async () => {
    const server = await registry()
    const client = clientOf()
    const digests = [
      await client.attach(at(server), note),
      await client.attach(at(server), { ...note, content: "two" }),
    ]
    const { manifests } = JSON.parse(puts(server, tag).at(-1)?.body ?? "") as { manifests: { digest: string }[] }
    expect(manifests.map(({ digest }) => digest)).toEqual(digests)
    expect(manifests[0]).toMatchObject({ artifactType: "a/b", annotations: { k: "v" } })
  })

  it("lists nothing where the registry says OCI-Subject", async () => {
    const server = await registry({ put: () => ({ status: 201, headers: { "oci-subject": subject } }) })
    await clientOf().attach(at(server), note)
    expect(puts(server, tag)).toEqual([])
  })

  it("loses no entry of those who attach side by side", async () => {
    const server = await registry()
    const client = clientOf()
    const digests = await Promise.all(
      ["a", "b", "c", "d"].map((content) => client.attach(at(server), { ...note, content })),
    )
    const { manifests } = JSON.parse(puts(server, tag).at(-1)?.body ?? "") as { manifests: { digest: string }[] }
    expect(manifests.map(({ digest }) => digest).sort()).toEqual([...digests].sort())
  })

  it("writes a lost entry again, and keeps what others wrote with fields that nobody here knows", async () => {
    const others = JSON.stringify({
      schemaVersion: 2,
      mediaType: index,
      manifests: [{ mediaType: "a/b", digest: digestOf("x"), size: 1, other: [7] }],
    })
    const server = await registry({ list: (stored, reads) => (reads < 2 ? others : stored) })
    const digest = await clientOf().attach(at(server), note)
    expect(puts(server, tag)).toHaveLength(2)
    const { manifests } = JSON.parse(puts(server, tag).at(-1)?.body ?? "") as { manifests: { digest: string }[] }
    expect(manifests).toEqual([
      { mediaType: "a/b", digest: digestOf("x"), size: 1, other: [7] },
      expect.objectContaining({ digest }),
    ])
  })

  it("gives up with a name when entries get lost for ever", async () => {
    const server = await registry({ list: () => undefined })
    await expect(clientOf().attach(at(server), note)).rejects.toThrow(
      /^\[EVIDENCE_FAILED\] the list of referrers of .*4 attempts/,
    )
  })

  it("touches no list that is none", async () => {
    const server = await registry({ list: () => subjectBytes })
    await expect(clientOf().attach(at(server), note)).rejects.toThrow(/^\[REFERRERS_UNTRUSTED\] .*nothing is attached/)
    expect(puts(server, tag)).toEqual([])
  })

  it("begins anew as a whole when an upload breaks", async () => {
    let cut = 0
    const server = await pretend(({ method, path, body }): Reply => {
      if (method === "POST") return { status: 202, headers: { location: `${path}7` } }
      if (method === "PUT" && body === "note" && cut++ === 0) return { cut: "before" }
      if (method === "PUT") return { status: 201, headers: { "oci-subject": subject } }
      if (path.includes("/blobs/")) return {}
      return { headers: { "content-type": index }, body: subjectBytes }
    })
    const retry = fourAttempts()
    await clientOf({ retry }).attach(at(server), note)
    expect(retry.slept).toEqual([5])
    expect(server.asked.filter(({ method }) => method === "POST")).toHaveLength(2)
  })
})

describe("an upload", () => {
  const login = { auth: Buffer.from("me:secret").toString("base64") }

  it("goes where the registry says, and with its credentials to its own origin alone", async () => {
    const storage = await pretend(() => ({ status: 201 }))
    const server = await pretend(({ method, path, authorization }): Reply => {
      if (authorization === undefined) return { status: 401, headers: { "www-authenticate": "Basic" } }
      if (method === "POST") return { status: 202, headers: { location: `${storage.url}/put?key=1` } }
      if (path.includes("/blobs/")) return {}
      return method === "PUT"
        ? { status: 201, headers: { "oci-subject": subject } }
        : { headers: { "content-type": index }, body: subjectBytes }
    })
    await clientOf({ entry: login }).attach(at(server), note)
    expect(
      storage.asked.map(({ authorization, query }) => [authorization, query.get("key"), query.get("digest")]),
    ).toEqual([[undefined, "1", digestOf("note")]])
  })

  it.each(["ftp://x/y", "", "http://["])("does not go to %j", async (location) => {
    const server = await registry({ location: () => location })
    await expect(clientOf().attach(at(server), note)).rejects.toThrow(/^\[REGISTRY_REFUSED\] attach note.txt to .*/)
  })
})

describe("putManifest and tag", () => {
  it("push the bytes as they are, by digest or under a tag", async () => {
    const server = await registry()
    const client = clientOf()
    expect(await client.putManifest(at(server), subjectBytes, index)).toBe(subject)
    await client.tag(at(server), "1")
    expect(puts(server, "/manifests/").map(({ path, body }) => [path.split("/").at(-1), body])).toEqual([
      [subject, subjectBytes],
      ["1", subjectBytes],
    ])
  })

  it("refuse a registry that stores something else", async () => {
    const server = await registry({ put: () => ({ status: 201, headers: { "docker-content-digest": digestOf("x") } }) })
    await expect(clientOf().tag(at(server), "1")).rejects.toThrow(/^\[DIGEST_MISMATCH\] tag .* stored sha256:/)
  })

  it.each([
    [
      "gold/imm",
      "1",
      403,
      '{"errors":[{"code":"DENIED","message":"requested access to the resource is denied - the tag is in use here and cannot be changed due to immutability settings"}]}',
      "TAG_IMMUTABLE",
    ],
    [
      "quarantine/immutable/app",
      "1",
      403,
      '{"errors":[{"code":"DENIED","message":"access to quarantine/immutable/app:1 denied"}]}',
      "REGISTRY_UNAUTHORIZED",
    ],
    [
      "quarantine/app",
      "immutable-1",
      403,
      '{"errors":[{"code":"DENIED","message":"immutable-1 denied"}]}',
      "REGISTRY_UNAUTHORIZED",
    ],
  ])("tell an immutable tag of %s:%s from one whose name says so", async (repository, name, status, body, code) => {
    const server = await registry({ put: () => ({ status, body }) })
    await expect(clientOf().tag({ ...at(server), repository }, name)).rejects.toMatchObject({ code })
  })
})

describe("remove", () => {
  const referrer = JSON.stringify({
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    config: { mediaType: "a/b", digest: digestOf("{}"), size: 2 },
    layers: [],
    subject: { mediaType: index, digest: subject, size: subjectBytes.length },
  })
  const digest = digestOf(referrer)

  it("is done when there is nothing, and does not ask for it", async () => {
    const server = await pretend(() => ({ status: 404 }))
    await clientOf().remove({ ...at(server), digest })
    expect(server.asked.map(({ method }) => method)).toEqual(["GET"])
  })

  it("takes what is deleted off its subject's list, after it is gone", async () => {
    const listed = JSON.stringify({
      schemaVersion: 2,
      mediaType: index,
      manifests: [{ mediaType: "a/b", digest, size: 1 }],
    })
    let list = listed
    const server = await pretend(({ method, path, body }): Reply => {
      if (path.includes("/referrers/")) return { status: 404 }
      if (method === "DELETE") return { status: 202 }
      if (method === "PUT") {
        list = body
        return { status: 201 }
      }
      return path.endsWith(tag) ? { headers: { "content-type": index }, body: list } : { body: referrer }
    })
    await clientOf().remove({ ...at(server), digest })
    expect(JSON.parse(list)).toMatchObject({ manifests: [] })
    const writes = server.asked
      .filter(({ method }) => method === "DELETE" || method === "PUT")
      .map(({ method }) => method)
    expect(writes).toEqual(["DELETE", "PUT"])
  })

  it("leaves the list alone when the registry does not delete", async () => {
    const server = await pretend(({ method }) =>
      method === "DELETE" ? { status: 405, body: '{"errors":[{"code":"UNSUPPORTED"}]}' } : { body: referrer },
    )
    await expect(clientOf().remove({ ...at(server), digest })).rejects.toThrow(
      /^\[DELETION_UNSUPPORTED\] delete .*answered 405 UNSUPPORTED/,
    )
    expect(server.asked.filter(({ method }) => method === "PUT")).toEqual([])
  })

  it("deletes what nobody can read", async () => {
    const server = await pretend(({ method }) => (method === "DELETE" ? { status: 202 } : { body: "junk" }))
    await clientOf().remove({ ...at(server), digest: digestOf("junk") })
    expect(server.asked.map(({ method }) => method)).toEqual(["GET", "DELETE"])
  })

  it("is done when the first try was cut off and got through", async () => {
    let gone = false
    const server = await pretend(({ method }): Reply => {
      if (method !== "DELETE") return gone ? { status: 404 } : { body: "junk" }
      if (gone) return { status: 404 }
      gone = true
      return { cut: "before" }
    })
    await clientOf({ retry: fourAttempts() }).remove({ ...at(server), digest: digestOf("junk") })
    expect(gone).toBe(true)
  })
})
