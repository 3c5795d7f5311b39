// What the calls about approvals and notifications are asked for, before anything is opened: nothing here needs an engine.
import type { Directory, Secret } from "@dagger.io/dagger"
import { describe, expect, it } from "vitest"
import { runApprove } from "../../../dagger/calls/forge/approve.js"
import { runEvents } from "../../../dagger/calls/forge/events.js"
import { runNotify } from "../../../dagger/calls/forge/notify.js"
import { runRequestApproval } from "../../../dagger/calls/forge/request-approval.js"
import { readResults } from "../../../dagger/session/read-results.js"
import { emptyState } from "../../../dagger/state/builders.js"
import { setForge } from "../../../dagger/state/forge-builders.js"
import { readConfig } from "../../../dagger/state/state.js"
import { anOutcome, app, digestA } from "../../support/blocked-outcome.js"

// Never asked for anything.
const secret = {} as Secret
const none = { slack: undefined, teams: undefined, webhook: undefined, webhookKey: undefined }
const pinned = app.replace(/:[^/]+$/, "")
// A verdict knows no tag.
const verdict = JSON.stringify({ schema: "https://cssc.dev/verdict/v1", ...anOutcome().verdict }).replaceAll(
  app,
  pinned,
)

function directory(files: Readonly<Record<string, string>>): Directory {
  const file = (name: string) => ({ contents: () => Promise.resolve(files[name] ?? "") })
  return { entries: () => Promise.resolve(Object.keys(files)), file } as unknown as Directory
}

describe("approve", () => {
  it.each(["", "0", "-1", "1e9", "abc", "1 2", "9".repeat(16)])("takes no comment by the id %j", async (comment) => {
    const rest = { method: "sbom", predicateType: "", deleteSource: false, dryRun: false } as const
    const asked = { issue: 1, comment, source: "reg.test/q/app", target: "reg.test/g/app", ...rest }
    await expect(runApprove(emptyState, asked)).rejects.toThrow(/ARGUMENT_INVALID] comment is a number from 1/)
  })
})

describe("a forge", () => {
  it("is carried by the position of its token, never by its text", () => {
    const state = setForge(emptyState, {
      kind: "github",
      project: " acme/app ",
      token: secret,
      apiUrl: "",
      service: undefined,
    })
    expect(readConfig(state).forge).toEqual({ kind: "github", project: "acme/app", secret: 0 })
    expect(state.secrets).toEqual([secret])
  })
})

describe("a request for approval", () => {
  it("without results needs the run's name", async () => {
    const asked = runRequestApproval(emptyState, { results: undefined, run: "" })
    await expect(asked).rejects.toThrow(/ARGUMENT_INVALID] without results/)
  })
})

describe("results", () => {
  it("of a gate know the tag by the file beside the verdict, when it is about the same digest", async () => {
    const gated = (name: string) => readResults(directory({ "verdict.json": verdict, "image.txt": `${name}\n` }))
    const other = `sha256:${"f".repeat(64)}`
    expect((await gated(`${app}@${digestA}`)).images[0]?.reference).toBe(`${app}@${digestA}`)
    const tagged = await gated(`reg.example/quarantine/other:9@${digestA}`)
    expect(tagged.images[0]?.reference).toBe(`${pinned}@${digestA}`)
    expect((await gated(`${app}@${other}`)).images[0]?.reference).toBe(`${pinned}@${digestA}`)
  })

  it.each([
    ["neither file", {}, /neither result.json nor verdict.json/],
    ["no JSON", { "result.json": "{" }, /result.json/],
    [
      "another reference than one",
      { "verdict.json": verdict.replaceAll("reg.example/quarantine", "A b<c>") },
      /REFERENCE_INVALID/,
    ],
  ])("with %s are refused", async (_, files, why) => {
    await expect(readResults(directory(files))).rejects.toThrow(why)
  })

  it("that tell of no image are none to ask about", async () => {
    expect(await readResults(directory({ "result.json": '{"schema":"https://cssc.dev/history/v1"}' }))).toMatchObject({
      images: [],
    })
  })
})

describe("notify and events", () => {
  it("need somebody to tell, and a webhook for its key", async () => {
    const results = directory({ "verdict.json": verdict })
    await expect(runNotify(emptyState, { results, ...none })).rejects.toThrow(/nobody is to be told/)
    const key = { results, ...none, slack: secret, webhookKey: secret }
    await expect(runNotify(emptyState, key)).rejects.toThrow(/webhookKey signs what is posted to webhook/)
    await expect(runEvents(emptyState, { results, failed: [], sink: "", token: secret })).rejects.toThrow(
      /token is for the sink/,
    )
    const nothing = { results: undefined, failed: [], sink: "", token: undefined }
    await expect(runEvents(emptyState, nothing)).rejects.toThrow(/there is nothing to tell/)
  })
})
