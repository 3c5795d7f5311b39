// Issues about blocked images on a pretended GitHub and GitLab: one per image, whatever goes wrong.
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { z } from "zod"
import { imageKey } from "../../core/approval/asked.js"
import { writeMark } from "../../core/approval/mark.js"
import { type ApprovalRequest, requestApproval } from "../../core/approval/request-approval.js"
import type { ImageOutcome } from "../../core/outcomes/read-outcomes.js"
import { forgeClient } from "../../forge/forge-client.js"
import { github } from "../../forge/github.js"
import { gitlab } from "../../forge/gitlab.js"
import { serve } from "../rest/loopback.js"
import { anOutcome, app, digestB, outcomesOf } from "../support/blocked-outcome.js"
import { bot, forgeToken, type ForgeWorld, startForge } from "../support/forge-world.js"

const asked: ApprovalRequest = {
  ...{ role: "maintain", runUrl: "https://ci.example/runs/7", actor: "mia", run: "daily", crashed: false },
  now: new Date("2026-11-26T00:00:00Z"),
}

describe.each(["github", "gitlab"] as const)("a request on %s", (kind) => {
  let at: ForgeWorld
  beforeEach(async () => {
    at = await startForge(kind)
  })
  afterEach(() => at.close())

  const ask = (
    image: ImageOutcome | readonly ImageOutcome[],
    changes: Partial<ApprovalRequest> = {},
    forge = at.forge,
  ) => requestApproval(forge, outcomesOf(...[image].flat()), { ...asked, ...changes })
  const open = () => at.store.issues.filter((issue) => issue.open)

  it("opens one issue with the findings, the digest and what to write, and notes what is asked", async () => {
    expect(await ask(anOutcome())).toMatchObject([{ issue: 1, done: "opened" }, { done: "left" }])
    const [issue] = at.store.issues
    expect(issue).toMatchObject({ title: `Promotion blocked: ${app}`, labels: ["promotion-pending"], open: true })
    expect(issue?.body).toContain("/cssc approve CVE-2024-1 until YYYY-MM-DD because …")
    expect(issue?.body).toContain(`sha256:${"a".repeat(64)}`)
    expect(at.store.comments).toHaveLength(1)
  })

  it("writes nothing again while nothing changes", async () => {
    await ask(anOutcome())
    const written = () => at.requests.filter((line) => !line.startsWith("GET") && !line.includes("/graphql"))
    const before = written().length
    expect(await ask(anOutcome(), {}, at.again())).toMatchObject([{ issue: 1, done: "asked" }, { done: "left" }])
    expect(written()).toHaveLength(before)
  })

  it("keeps the issue for another digest, and asks anew in it", async () => {
    await ask(anOutcome())
    await ask(anOutcome({ digest: digestB, remaining: ["CVE-2024-2"] }))
    expect(at.store.issues).toHaveLength(1)
    expect(at.store.issues[0]?.body).toContain(digestB)
    expect(at.store.comments).toHaveLength(2)
  })

  it("closes it with a word when the image passes, and opens the same when it does not again", async () => {
    await ask(anOutcome())
    expect(await ask(anOutcome({ passed: true, digest: digestB, remaining: [] }))).toMatchObject([
      { done: "closed" },
      {},
    ])
    expect(open()).toEqual([])
    expect(at.store.bodiesOf(bot, 1).at(-1)).toContain("passes now")
    await ask(anOutcome())
    expect(open()).toMatchObject([{ number: 1 }])
  })

  it("is not fooled by a stranger's issue with a copy of our mark", async () => {
    const mark = writeMark({ kind: "issue", key: imageKey(app) })
    at.store.open(at.store.person("stranger"), `Promotion blocked: ${app}`, `${mark}\n`, ["promotion-approved"])
    expect(await ask(anOutcome())).toMatchObject([{ issue: 2, done: "opened" }, {}])
  })

  it.each([502, 503])("opens no second issue when the answer to the first was lost (%i)", async (status) => {
    at.interrupt({ status, match: /^POST .*issues$/, after: true })
    await ask(anOutcome())
    expect(at.store.issues).toHaveLength(1)
    expect(at.store.comments).toHaveLength(1)
  })

  it("opens it in another attempt when the first was not carried out", async () => {
    at.interrupt({ status: 502, match: /^POST .*issues$/ })
    await ask(anOutcome())
    expect(at.store.issues).toHaveLength(1)
  })

  it("notes what is asked once when the answer to the note was lost", async () => {
    at.interrupt({ status: 502, match: /^POST .*(comments|notes)$/, after: true })
    await ask(anOutcome())
    expect(at.store.comments).toHaveLength(1)
  })

  it("keeps the older one when two runs open one each at the same time", async () => {
    await Promise.all([ask(anOutcome()), ask(anOutcome(), {}, at.again())])
    await ask(anOutcome(), {}, at.again())
    expect(open()).toMatchObject([{ number: 1 }])
  })

  it("closes a second issue of an image, which a run opened at the same time, and says where the first is", async () => {
    await ask(anOutcome())
    const { title = "", body = "" } = at.store.issues[0] ?? {}
    at.store.open(at.store.person(bot), title, body, ["promotion-pending"])
    await ask(anOutcome())
    expect(open()).toMatchObject([{ number: 1 }])
    expect(at.store.bodiesOf(bot, 2).at(-1)).toContain("The same as #1")
  })

  it("goes on to the end of long lists", async () => {
    for (let number = 1; number <= 120; number++)
      at.store.open(at.store.person(bot), "Something else", `An issue of ours ${number}`, [])
    await ask(anOutcome())
    expect(await ask(anOutcome())).toMatchObject([{ issue: 121, done: "asked" }, {}])
    expect(at.store.issues).toHaveLength(121)
  })

  it("waits as a rate limit asks, and loses and doubles nothing", async () => {
    const reset = String(at.store.now / 1000 + 10)
    const limited = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": reset }
    at.interrupt(
      { status: 403, headers: limited, match: /^POST .*issues$/ },
      { status: 429, headers: { "retry-after": "3" }, match: /^POST .*issues$/ },
      { status: 429, headers: { "retry-after": "3" }, match: /^GET/ },
    )
    await ask(anOutcome())
    expect(at.store.issues).toHaveLength(1)
  })

  it("says how far it came when the forge fails for good, and goes on from there the next time", async () => {
    const images = [anOutcome(), anOutcome({ reference: "reg.example/quarantine/other:1" })]
    at.interrupt(...[1, 2, 3, 4].map(() => ({ status: 503, match: /^GET .*(comments|notes)/ })))
    await ask(images[0] ?? [])
    await expect(ask(images)).rejects.toThrow(/^\[FORGE_UNAVAILABLE].*0 of 3 steps were done: run again/)
    await ask(images)
    expect(open()).toHaveLength(2)
  })

  it("never shows the token, also where the forge echoes it", async () => {
    at.interrupt({ status: 401, body: { message: `bad token ${forgeToken}` } })
    const error = await ask(anOutcome()).catch(String)
    expect(error).toMatch(/FORGE_REFUSED.*\[redacted]/)
    expect(error).not.toContain(forgeToken)
  })

  it("keeps the labels of others", async () => {
    await ask(anOutcome())
    at.store.issues[0]?.labels.push("team-blue")
    await ask(anOutcome({ digest: digestB }))
    expect(at.store.issues[0]?.labels.toSorted()).toEqual(["promotion-pending", "team-blue"])
  })

  it("opens one for a run that failed, and closes it after the next good one", async () => {
    const failed: ImageOutcome = {
      ...{ kind: "failed", reference: `${app}`, outcome: "failed", passed: false, error: "no </table> @all" },
    }
    expect(await ask(failed)).toMatchObject([{ what: "run daily", issue: 1, done: "opened" }])
    expect(at.store.issues[0]?.body).not.toMatch(/<\/table>|@all/)
    expect(await ask([], { crashed: true })).toMatchObject([{ issue: 1, done: "asked" }])
    expect(await ask(anOutcome({ passed: true, remaining: [] }))).toMatchObject([{}, { issue: 1, done: "closed" }])
  })
})

describe("a client of a forge", () => {
  it("takes no pull request for an issue of ours", async () => {
    const at = await startForge("github")
    const mark = writeMark({ kind: "issue", key: imageKey(app) })
    at.store.open(at.store.person(bot), "x", `${mark}\n`, []).pull = true
    expect(await at.forge.ownIssues()).toEqual([])
    await at.close()
  })

  it("is not gone on with when it writes in another name than it says: nothing would be found again", async () => {
    const at = await startForge("github")
    const user = { id: 5, login: "stranger", type: "User" }
    const opened = { number: 9, user, title: "x", body: "", state: "open", labels: [], html_url: "https://x.example/9" }
    at.interrupt({ status: 201, body: opened, match: /^POST .*issues$/ })
    const done = requestApproval(at.forge, outcomesOf(anOutcome()), asked)
    await expect(done).rejects.toThrow(/FORGE_REFUSED] issue 9 was opened in another name/)
    expect(at.store.comments).toEqual([])
    await at.close()
  })

  it("ends with a name where a list has no end", async () => {
    const { url } = await serve({ body: [], headers: { link: '</x?page=2>; rel="next"' } })
    const client = forgeClient({ baseUrl: url })
    await expect(client.list(z.array(z.unknown()), "x")).rejects.toMatchObject({ code: "LIMIT_EXCEEDED" })
  })

  it("follows no link to another host", async () => {
    const { url } = await serve({ body: [], headers: { link: '<https://evil.example/x>; rel="next"' } })
    const client = forgeClient({ baseUrl: url, token: () => forgeToken })
    await expect(client.list(z.array(z.unknown()), "x")).rejects.toMatchObject({ code: "FORGE_REFUSED" })
  })

  it.each(["acme", "acme/app/x", "acme/..", "acme/app?x", "acme/app/../../user", "-acme/app", "", "a b/c"])(
    "takes no project of GitHub by the name %j",
    (project) => {
      expect(() => github({ project, token: "x" })).toThrow(/ARGUMENT_INVALID/)
    },
  )

  it.each(["acme", "acme/", "../acme/app", "acme/../app", "acme/app?x=1", "/acme/app"])(
    "takes no project of GitLab by the name %j",
    (project) => {
      expect(() => gitlab({ project, token: "x" })).toThrow(/ARGUMENT_INVALID/)
    },
  )

  it("sends a token over https alone", () => {
    const plain = { project: "acme/app", token: "x", apiUrl: "http://github.example/api/v3" }
    expect(() => github(plain)).toThrow(/https only/)
    expect(() => gitlab(plain)).toThrow(/https only/)
  })
})
