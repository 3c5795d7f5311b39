// Listings of what is attached: when one is believed, and when it is not.
import { describe, expect, it } from "vitest"
import { digestOf } from "../../../core/oci/digest.js"
import { MAX_REFERRERS } from "../../../core/oci/referrers.js"
import { clientOf, type Pretend, pretend, type Question, type Reply } from "../pretend-registry.js"

const index = "application/vnd.oci.image.index.v1+json"
const image = "application/vnd.oci.image.manifest.v1+json"
const subject = digestOf("subject")
const at = ({ address }: Pretend) => ({ registry: address, repository: "team/app", digest: subject })

const entry = (name: string) => ({ mediaType: image, digest: digestOf(name), size: 7, artifactType: "a/b" })
const list = (entries: readonly unknown[], type = index): Reply => ({
  headers: { "content-type": type },
  body: JSON.stringify({ schemaVersion: 2, mediaType: index, manifests: entries }),
})
const absent: Reply = { status: 404 }

/** A registry in which the subject is there, with answers for the API and for the referrers tag by digest. */
function registry(
  byApi: (question: Question) => Reply,
  byTag: (question: Question) => Reply = () => absent,
): Promise<Pretend> {
  return pretend((question) => {
    if (question.path.includes("/referrers/")) return byApi(question)
    if (question.path.includes("/manifests/sha256-")) return byTag(question)
    return { headers: { "docker-content-digest": subject, "content-type": index } }
  })
}

const ofSubject = (reply: Reply) => (question: Question) =>
  question.path.endsWith(subject.slice(-64)) ? reply : list([])
const read = (server: Pretend) => clientOf().referrers(at(server))

describe("the referrers API", () => {
  it("lists what is attached, nested, and asks no tag", async () => {
    const server = await registry(({ path }) =>
      path.endsWith(subject) ? list([entry("a")]) : path.endsWith(digestOf("a")) ? list([entry("b")]) : list([]),
    )
    expect(await read(server)).toEqual({
      subject,
      referrers: [
        {
          ...entry("a"),
          annotations: {},
          subject,
          referrers: [{ ...entry("b"), annotations: {}, subject: digestOf("a"), referrers: [] }],
        },
      ],
    })
    expect(server.asked.filter(({ path }) => path.includes("sha256-"))).toEqual([])
  })

  it("is not believed to be missing for one manifest that is there, where another was listed", async () => {
    const lists = (byApi: (path: string) => Reply) =>
      pretend(({ path }) => {
        if (path.includes("/referrers/")) return byApi(path)
        if (path.includes("/manifests/sha256-")) return absent
        return { headers: { "docker-content-digest": path.split("/").at(-1) ?? "", "content-type": index } }
      })
    const server = await lists((path) => (path.endsWith(subject) ? list([entry("a")]) : absent))
    await expect(read(server)).rejects.toThrow(/REFERRERS_UNTRUSTED.*says of others/)
    const other = await lists((path) => (path.endsWith(subject) ? absent : list([])))
    const client = clientOf()
    const both = [client.referrers(at(other)), client.referrers({ ...at(other), digest: digestOf("other") })]
    expect((await Promise.allSettled(both)).map(({ status }) => status)).toContain("rejected")
  })

  it.each([`${index}; charset=utf-8`, `${index};charset="utf-8"`, index.toUpperCase()])(
    "is believed as %s",
    async (type) => {
      const server = await registry(ofSubject(list([entry("a")], type)))
      expect((await read(server))?.referrers).toHaveLength(1)
    },
  )

  it.each(["text/html", "application/json", "", "application/vnd.docker.distribution.manifest.list.v2+json"])(
    "is not believed with Content-Type %j, and no tag is asked instead",
    async (type) => {
      const server = await registry(() => list([], type))
      await expect(read(server)).rejects.toThrow(/^\[REFERRERS_UNTRUSTED\] list the referrers of .*answered 200 with/)
      expect(server.asked.filter(({ path }) => path.includes("sha256-"))).toEqual([])
    },
  )

  it.each([
    ["no JSON", "<html>"],
    ["an array", "[]"],
    ["an entry without a digest", JSON.stringify({ manifests: [{ mediaType: image, size: 1 }] })],
    ["an entry with a hostile digest", JSON.stringify({ manifests: [{ ...entry("a"), digest: "sha256:../x" }] })],
  ])("is not believed with %s", async (_, body) => {
    const server = await registry(() => ({ headers: { "content-type": index }, body }))
    await expect(read(server)).rejects.toThrow(/^\[REFERRERS_UNTRUSTED\] /)
  })

  it("is read page by page", async () => {
    const server = await registry((question) => {
      if (!question.path.endsWith(subject)) return list([])
      if (question.query.get("page") === "2") return list([entry("b")])
      const link = `<${question.path}?page=2>; rel="next"`
      return { ...list([entry("a")]), headers: { "content-type": index, link } }
    })
    expect((await read(server))?.referrers.map(({ digest }) => digest)).toEqual([digestOf("a"), digestOf("b")])
  })

  it("whose second page is missing is an error, and no tag is asked instead", async () => {
    const server = await registry((question) =>
      question.query.has("page")
        ? absent
        : { ...list([entry("a")]), headers: { "content-type": index, link: `<${question.path}?page=2>; rel="next"` } },
    )
    await expect(read(server)).rejects.toThrow(/^\[REGISTRY_REFUSED\] /)
    expect(server.asked.filter(({ path }) => path.includes("sha256-"))).toEqual([])
  })

  it.each([401, 403, 400, 500, 429])("that answers %d is an error, and no tag is asked instead", async (status) => {
    const server = await registry(() => ({ status }))
    await expect(read(server)).rejects.toThrow(/^\[REGISTRY_/)
    expect(server.asked.filter(({ path }) => path.includes("sha256-"))).toEqual([])
  })

  it("has limits of count and depth", async () => {
    const many = Array.from({ length: MAX_REFERRERS + 1 }, (_, i) => entry(`${i}`))
    await expect(read(await registry(ofSubject(list(many))))).rejects.toThrow(/^\[LIMIT_EXCEEDED\] .*1000 entries/)
    const deep = await registry(({ path }) => list([entry(path.slice(-64))]))
    await expect(read(deep)).rejects.toThrow(/^\[LIMIT_EXCEEDED\] .*nested deeper than 8/)
  })

  it("is followed once around where referrers refer to each other", async () => {
    const server = await registry(({ path }) =>
      path.endsWith(subject) ? list([entry("a")]) : list([{ ...entry("a"), digest: subject }]),
    )
    const [first] = (await read(server))?.referrers ?? []
    expect(first?.referrers.map(({ digest, referrers }) => [digest, referrers])).toEqual([[subject, []]])
  })
})

describe("the referrers tag", () => {
  const none = () => absent

  it("is asked where the registry has no API, which is found out once", async () => {
    const server = await registry(none, ({ path }) => (path.endsWith(subject.slice(7)) ? list([entry("a")]) : absent))
    expect((await read(server))?.referrers.map(({ digest }) => digest)).toEqual([digestOf("a")])
    expect(server.asked.filter(({ path }) => path.includes("/referrers/"))).toHaveLength(1)
  })

  it("is asked where the registry sends those who ask for a list to another host", async () => {
    const elsewhere = await pretend(() => ({ status: 429 }))
    const away = { status: 303, headers: { location: `${elsewhere.url}/-/packages` } }
    const server = await registry(
      () => away,
      ({ path }) => (path.endsWith(subject.slice(7)) ? list([entry("a")]) : absent),
    )
    expect((await read(server))?.referrers).toHaveLength(1)
    expect(elsewhere.asked).toEqual([])
  })

  it("that does not exist is an empty list", async () => {
    expect(await read(await registry(none))).toEqual({ subject, referrers: [] })
  })

  it("that cannot be read is an error", async () => {
    await expect(read(await registry(none, () => ({ status: 503 })))).rejects.toThrow(/^\[REGISTRY_UNAVAILABLE\] /)
  })

  it("that holds something else is not believed", async () => {
    const manifest = { headers: { "content-type": image }, body: '{"schemaVersion":2}' }
    await expect(read(await registry(none, () => manifest))).rejects.toThrow(
      /^\[REFERRERS_UNTRUSTED\] .*:sha256-[0-9a-f]{64} is not a list of referrers/,
    )
  })
})
