// Answers on a pretended GitHub and GitLab: what counts as one, and everything that does not.
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { imageKey } from "../../core/approval/asked.js"
import { concludeApproved, concludeDenied } from "../../core/approval/conclude.js"
import { writeMark } from "../../core/approval/mark.js"
import { type AnswerRequest, readAnswer } from "../../core/approval/read-answer.js"
import { type ApprovalRequest, requestApproval } from "../../core/approval/request-approval.js"
import type { ApprovalRules } from "../../core/approval/who-may.js"
import { parseDigest } from "../../core/oci/digest.js"
import { anOutcome, app, digestA, digestB, outcomesOf } from "../support/blocked-outcome.js"
import { bot, type ForgeWorld, startForge } from "../support/forge-world.js"

const rules: ApprovalRules = {
  self: "refuse",
  unknownAcquirer: "refuse",
  role: "maintain",
  max: 90 * 24 * 60 * 60 * 1000,
}
const approve = "/cssc approve CVE-2024-1 until 2026-12-10 because the fix is coming"
const request: ApprovalRequest = {
  ...{ role: "maintain", runUrl: "", actor: "ada", run: "daily", crashed: false },
  now: new Date("2026-11-26T00:00:00Z"),
}

describe.each(["github", "gitlab"] as const)("an answer on %s", (kind) => {
  let at: ForgeWorld
  beforeEach(async () => {
    at = await startForge(kind)
    await requestApproval(at.forge, outcomesOf(anOutcome()), request)
  })
  afterEach(() => at.close())

  const read = (comment: number, changes: Partial<AnswerRequest> = {}) =>
    readAnswer(at.again(), { issue: 1, comment, repository: "reg.example/quarantine/app", rules, ...changes })
  const write = (by: string, text: string, more = {}) => at.store.write(by, 1, text, more)
  const said = () => at.store.bodiesOf(bot, 1).slice(1)
  const refused = async (comment: number, why: RegExp, changes: Partial<AnswerRequest> = {}) => {
    const error = await read(comment, changes).catch(String)
    expect(error).toMatch(/APPROVAL_REFUSED.*nothing was promoted/)
    expect(error).toMatch(why)
  }

  it("by a maintainer is read with its digest, its ids, its end and its reason", async () => {
    expect(await read(write("mia", `\n ${approve}\r\n`))).toMatchObject({
      command: { kind: "approve", cves: ["CVE-2024-1"], until: "2026-12-10", reason: "the fix is coming" },
      approver: { id: 2, name: "mia" },
      role: "maintain",
      request: { digest: digestA },
    })
    expect(said()).toEqual([])
  })

  it("by an admin counts, when somebody else started the run", async () => {
    await refused(write("ada", approve), /started the run/)
    const allow = { rules: { ...rules, self: "allow" as const } }
    expect(await read(write("ada", approve), allow)).toMatchObject({ role: "admin" })
  })

  it("by a maintainer does not count where the policy wants an admin", () =>
    refused(write("mia", approve), /does not have the role admin/, { rules: { ...rules, role: "admin" } }))

  it.each([
    ["somebody who may only write", "wil", /does not have the role maintain/],
    ["a stranger", "stranger", /does not have the role maintain/],
    ["a bot that is an admin", "robot[bot]", /a program wrote/],
    ["the account that the token acts as", bot, /a program wrote/],
  ])("by %s is refused, with one word in the issue", async (_, by, why) => {
    const comment = write(by, approve)
    const before = at.store.bodiesOf(bot, 1).length
    await refused(comment, why)
    await refused(comment, why)
    expect(at.store.bodiesOf(bot, 1)).toHaveLength(before + 1)
  })

  it("to deny needs the role too", async () => {
    await refused(write("wil", "/cssc deny because no"), /does not have the role/)
    expect(await read(write("mia", "/cssc deny because no"))).toMatchObject({ command: { kind: "deny" } })
  })

  it("to deny may come from whoever asked: it lets nothing pass", async () => {
    expect(await read(write("ada", "/cssc deny because no"))).toMatchObject({ command: { kind: "deny" } })
  })

  it("that was edited is refused, whoever edited it", async () => {
    const comment = write("mia", "hello")
    at.store.edit(comment, approve)
    await refused(comment, /was edited/)
  })

  it("that is edited while it is carried out is another one", async () => {
    const comment = write("mia", approve)
    await read(comment)
    at.store.edit(comment, "/cssc deny because I was wrong")
    await refused(comment, /was edited/)
  })

  it("in an issue of somebody else is refused, and nothing is said there", async () => {
    const mark = writeMark({ kind: "issue", key: imageKey(app) })
    at.store.open(at.store.person("stranger"), "Promotion blocked", `${mark}\n`, ["promotion-pending"])
    const comment = at.store.write("mia", 2, approve)
    await refused(comment, /was not opened by the account/, { issue: 2 })
    expect(at.store.bodiesOf(bot, 2)).toEqual([])
  })

  it("in an issue about an image of another repository is refused", async () => {
    await refused(write("mia", approve), /not about an image of reg.example\/golden/, {
      repository: "reg.example/golden",
    })
    await refused(write("mia", approve), /not about/, { repository: "reg.example/quarantine/ap" })
  })

  it("that stands in another issue is refused", async () => {
    await requestApproval(at.forge, outcomesOf(anOutcome({ reference: "reg.example/quarantine/app:2" })), request)
    const comment = at.store.write("mia", 2, approve)
    const error = await read(comment).catch(String)
    expect(error).toMatch(kind === "github" ? /APPROVAL_REFUSED.*not in this issue/ : /FORGE_REFUSED.*404/)
  })

  it("that is older than what is asked now is refused: its author saw something else", async () => {
    const comment = write("mia", approve)
    await requestApproval(at.forge, outcomesOf(anOutcome({ digest: digestB })), request)
    await refused(comment, /older than what is asked now/)
  })

  it("is about the digest of the newest request", async () => {
    await requestApproval(at.forge, outcomesOf(anOutcome({ digest: digestB })), request)
    expect(await read(write("mia", approve))).toMatchObject({ request: { digest: digestB } })
  })

  it("does not take a digest from the issue's text, which maintainers can edit", async () => {
    const issue = at.store.issues[0]
    if (issue !== undefined) issue.body = issue.body.replaceAll(digestA, digestB)
    expect(await read(write("mia", approve))).toMatchObject({ request: { digest: digestA } })
  })

  it("does not take a request from a comment of somebody else", async () => {
    const forged = { digest: parseDigest(digestB), ids: parseDigest(digestB), actor: "", asked: "" }
    write("wil", writeMark({ kind: "request", key: imageKey(app), ...forged }))
    expect(await read(write("mia", approve))).toMatchObject({ request: { digest: digestA } })
  })

  it("is refused when somebody edited what was asked, and counts when it was asked again", async () => {
    const [note] = at.store.comments
    at.store.edit(note?.id ?? 0, (note?.body ?? "").replace("Blocked", "blocked"))
    await refused(write("mia", approve), /nothing is asked/)
    await requestApproval(at.forge, outcomesOf(anOutcome()), request)
    expect(await read(write("mia", approve))).toMatchObject({ request: { digest: digestA } })
  })

  it("is refused when a note that came after the request was edited: it may have been a denial", async () => {
    await concludeDenied(at.forge, await read(write("mia", "/cssc deny because no")))
    at.store.edit(at.store.comments.at(-1)?.id ?? 0, "Nothing to see here")
    await refused(write("mia", approve), /a note of this account was edited/)
  })

  it("that was written before a denial does not undo it, and a newer one does", async () => {
    const comment = write("mia", approve)
    await concludeDenied(at.forge, await read(write("mia", "/cssc deny because no")))
    expect(at.store.issues[0]).toMatchObject({ labels: ["promotion-denied"], open: false })
    await refused(comment, /something else was decided after it/)
    expect(await read(write("mia", approve))).toMatchObject({ command: { kind: "approve" } })
  })

  it("that was carried out is known when it is repeated", async () => {
    const comment = write("mia", approve)
    await concludeApproved(at.forge, await read(comment), "reg.example/golden/app:1.2")
    expect(at.store.issues[0]).toMatchObject({ labels: ["promotion-approved"], open: false })
    expect(await read(comment)).toMatchObject({ done: { kind: "approved", digest: digestA } })
  })

  it("keeps the issue closed while it covers what blocks, and not longer", async () => {
    await concludeApproved(at.forge, await read(write("mia", approve)), "reg.example/golden/app:1.2")
    const ask = (image = anOutcome(), now = request.now) =>
      requestApproval(at.forge, outcomesOf(image), { ...request, now })
    expect(await ask()).toMatchObject([{ done: "left" }, {}])
    expect(await ask(anOutcome({ remaining: ["CVE-2024-1", "CVE-2024-9"] }))).toMatchObject([{ done: "asked" }, {}])
    expect(at.store.issues[0]).toMatchObject({ open: true, labels: ["promotion-pending"] })
  })

  it("asks again after the approval's end, and about a denied image with another digest", async () => {
    await concludeApproved(at.forge, await read(write("mia", approve)), "reg.example/golden/app:1.2")
    const later = { ...request, now: new Date("2026-12-11T00:00:00Z") }
    expect(await requestApproval(at.forge, outcomesOf(anOutcome()), later)).toMatchObject([{ done: "asked" }, {}])
    await concludeDenied(at.forge, await read(write("mia", "/cssc deny because no")))
    expect(await requestApproval(at.forge, outcomesOf(anOutcome()), later)).toMatchObject([{ done: "left" }, {}])
    const other = anOutcome({ digest: digestB })
    expect(await requestApproval(at.forge, outcomesOf(other), later)).toMatchObject([{ done: "asked" }, {}])
  })

  it("that is ordinary talk is no command, and is not answered", async () => {
    await refused(write("stranger", "what does /cssc approve do?"), /is no command/)
    expect(said()).toEqual([])
  })

  it("does not quote a stranger's words in what is said", async () => {
    await refused(write("mia", "/cssc approve @everyone until 2026-12-10 because x"), /no id of a vulnerability/)
    expect(said().at(-1)).not.toContain("everyone")
  })

  it("that is refused gets no echo without end", async () => {
    for (let number = 0; number < 25; number++) await read(write("stranger", approve)).catch(() => undefined)
    expect(said()).toHaveLength(20)
  })

  it("is not read while the forge is out, and nothing is said", async () => {
    const comment = write("mia", approve)
    at.interrupt(...[1, 2, 3].map(() => ({ status: 503, match: /collaborators|members/ })))
    await expect(read(comment)).rejects.toMatchObject({ code: "FORGE_UNAVAILABLE" })
    expect(said()).toEqual([])
  })
})

describe("an answer on gitlab", () => {
  it("of a maintainer whose account is blocked is refused", async () => {
    const at = await startForge("gitlab")
    await requestApproval(at.forge, outcomesOf(anOutcome()), request)
    const asked = { issue: 1, comment: at.store.write("gone", 1, approve), repository: "reg.example/quarantine/app" }
    await expect(readAnswer(at.forge, { ...asked, rules })).rejects.toThrow(/does not have the role maintain/)
    await at.close()
  })
})

describe("an answer on github", () => {
  it("that an app wrote in a maintainer's name is refused", async () => {
    const at = await startForge("github")
    await requestApproval(at.forge, outcomesOf(anOutcome()), request)
    const comment = at.store.write("mia", 1, approve, { app: true })
    const asked = { issue: 1, comment, repository: "reg.example/quarantine/app", rules }
    await expect(readAnswer(at.forge, asked)).rejects.toThrow(/a program wrote/)
    await at.close()
  })

  it("of an account that took over a maintainer's name is refused: names change hands, ids do not", async () => {
    const at = await startForge("github")
    await requestApproval(at.forge, outcomesOf(anOutcome()), request)
    const { id: comment } = at.store.comment({ id: 99, name: "mia" }, 1, approve)
    const asked = { issue: 1, comment, repository: "reg.example/quarantine/app", rules }
    await expect(readAnswer(at.forge, asked)).rejects.toThrow(/does not have the role maintain/)
    await at.close()
  })

  it("of the person whose token it is counts only where the policy allows oneself", async () => {
    const at = await startForge("github", "mia")
    await requestApproval(at.forge, outcomesOf(anOutcome()), request)
    const asked = { issue: 1, comment: at.store.write("mia", 1, approve), repository: "reg.example/quarantine/app" }
    await expect(readAnswer(at.forge, { ...asked, rules })).rejects.toThrow(/account that the job itself acts as/)
    const answer = await readAnswer(at.forge, { ...asked, rules: { ...rules, self: "allow" } })
    expect(answer.approver.name).toBe("mia")
    await at.close()
  })
})
