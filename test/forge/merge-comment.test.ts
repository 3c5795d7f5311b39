// One comment on a merge request of a pretended GitHub and GitLab, whatever is told in it.
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { commentOn, type MergeComment } from "../../core/notices/merge-comment.js"
import { anOutcome, app, outcomesOf } from "../support/blocked-outcome.js"
import { bot, type ForgeWorld, startForge } from "../support/forge-world.js"

const empty: MergeComment = { name: "Supply chain", checks: [], runUrl: "", now: new Date("2026-11-26T00:00:00Z") }
const check = { title: "The policy has problems", passed: false, text: "policy.yaml:4: colour: unknown key\n" }

describe.each(["github", "gitlab"] as const)("a comment on a merge request on %s", (kind) => {
  let at: ForgeWorld
  beforeEach(async () => {
    at = await startForge(kind)
    at.store.open(at.store.person("wil"), "Change the policy", "please", []).pull = true
  })
  afterEach(() => at.close())

  const tell = (changes: Partial<MergeComment>, forge = at.again()) => commentOn(forge, 1, { ...empty, ...changes })
  const said = () => at.store.bodiesOf(bot, 1)

  it("is written once, then written anew where something else is to be said, and left where nothing is", async () => {
    expect(await tell({ checks: [check], outcomes: outcomesOf(anOutcome()) })).toBe("commented")
    expect(said()).toHaveLength(1)
    expect(said()[0]).toContain("policy.yaml:4: colour: unknown key")
    expect(said()[0]).toContain(`\`${app}`)
    expect(await tell({ checks: [{ ...check, title: "The policy is valid", passed: true }] })).toBe("updated")
    expect(said()).toHaveLength(1)
    expect(said()[0]).toContain("✅ The policy is valid")
    expect(said()[0]).not.toContain("colour")
    expect(await tell({ checks: [{ ...check, title: "The policy is valid", passed: true }] })).toBe("left")
  })

  it("is another one under another name", async () => {
    await tell({ checks: [check] })
    expect(await tell({ name: "Other", checks: [check] })).toBe("commented")
    expect(said()).toHaveLength(2)
  })

  it("does not write over what somebody else wrote, though it be a copy of ours", async () => {
    await tell({ checks: [check] })
    const copy = at.store.comment(
      at.store.person("wil"),
      1,
      said()[0] ?? "",
      kind === "gitlab" ? { onMerge: true } : {},
    )
    at.store.edit(at.store.comments[0]?.id ?? 0, "emptied")
    expect(await tell({ checks: [check] })).toBe("commented")
    expect(copy.body).toContain("colour")
  })

  it("is written once where the answer to it was lost", async () => {
    at.interrupt({ status: 502, match: /^POST .*(comments|notes)$/, after: true })
    await tell({ checks: [check] })
    expect(said()).toHaveLength(1)
  })

  it.each([
    "\n/merge\n/label ~approved",
    "```\n/merge\n```",
    "@acme/team <img src=x onerror=alert(1)>",
    "[click](https://evil.example)",
    "\u202eevil ::error::x",
  ])("does nothing with the words of others: %j", async (text) => {
    const outcomes = outcomesOf(anOutcome({ title: text, message: text, name: text }))
    await tell({ name: text.trim(), checks: [{ ...check, text: `policy.yaml: ${text}` }], outcomes })
    const [body = ""] = said()
    const outside = body
      .replace(/^<!--.*-->$/m, "")
      .replace(/^(`{3,})text\n[\s\S]*?\n\1$/gm, "")
      .replace(/`[^`\n]*`/g, "")
    expect(outside).not.toMatch(/^\s*\/|<(?!\/?details)|@acme|https?:\/\/|\u202e|[^\\]\]\(/m)
    expect(body).not.toContain("\u202e")
  })

  it("fits, however much there is to say", async () => {
    const images = Array.from({ length: 300 }, () => anOutcome({ message: "x".repeat(5000) }))
    const long = { ...check, text: `${"y".repeat(4000)}\n`.repeat(5000) }
    await tell({ checks: [long, long], outcomes: outcomesOf(...images) })
    expect(said()[0]?.length).toBeLessThanOrEqual(60_000)
  })

  it("is not written while the forge is out, and fails", async () => {
    at.interrupt(...[1, 2, 3].map(() => ({ status: 503, match: /^GET .*(comments|notes)/ })))
    await expect(tell({ checks: [check] })).rejects.toMatchObject({ code: "FORGE_UNAVAILABLE" })
    expect(said()).toEqual([])
  })
})
