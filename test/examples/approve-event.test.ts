// What GitLab's job takes from a webhook's body, which whoever knows the trigger's token can forge: two numbers, or nothing.
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { gitlabJob, runJob } from "./ci-job.js"

const job = gitlabJob(fileURLToPath(new URL("../../templates/approve.yml", import.meta.url)), "cssc-approve")
const secret = "glpat-secretTokenOfTheTests"
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cssc-event-"))
  await writeFile(join(folder, "dagger"), '#!/bin/sh\nprintf "<%s>" "$@"\n')
  await chmod(join(folder, "dagger"), 0o755)
})
afterAll(() => rm(folder, { recursive: true }))

const note = {
  object_kind: "note",
  object_attributes: { id: 42, noteable_type: "Issue", note: "/cssc deny because no" },
  issue: { iid: 7 },
}
async function told(event: unknown) {
  const payload = join(folder, "payload.json")
  await writeFile(payload, typeof event === "string" ? event : JSON.stringify(event))
  const own = { TRIGGER_PAYLOAD: payload, PATH: `${folder}:${process.env.PATH ?? ""}`, FORGE_TOKEN: secret }
  const ci = { CI_PROJECT_PATH: "acme/app", CI_API_V4_URL: "https://gitlab.example/api/v4", REGISTRY_USER: "robot" }
  return runJob(job, { ...own, ...ci, SOURCE: "reg.example/q/app", TARGET: "reg.example/g/app", CSSC: "x" }, folder)
}

describe("the job of a comment", () => {
  it("hands its numbers on, and no word of it", async () => {
    const { code, stdout } = await told(note)
    expect(code).toBe(0)
    expect(stdout).toContain("<approve><--issue><7><--comment><42><--source><reg.example/q/app>")
    expect(stdout).not.toMatch(/deny|because/)
    expect(stdout).not.toContain(secret)
  })

  it.each([
    [
      "of a merge request",
      { ...note, object_attributes: { ...note.object_attributes, noteable_type: "MergeRequest" } },
    ],
    ["that is no command", { ...note, object_attributes: { ...note.object_attributes, note: "hello /cssc approve" } }],
    ["of another kind of event", { ...note, object_kind: "push" }],
    ["that is empty", {}],
    ["that is no JSON", "; touch forged"],
    ["whose text is none", { ...note, object_attributes: { ...note.object_attributes, note: ["/cssc approve"] } }],
  ])("does nothing for an event %s", async (_, event) => {
    const { code, stdout } = await told(event)
    expect([code, stdout]).toEqual([0, "no command\n"])
  })

  it.each([
    ["the number of the issue", { ...note, issue: { iid: "7 --target reg.example/evil" } }],
    ["the id of the comment", { ...note, object_attributes: { ...note.object_attributes, id: "$(touch forged)" } }],
    ["a missing issue", { ...note, issue: undefined }],
  ])("fails where %s is no number, and calls nothing", async (_, event) => {
    const { code, stdout } = await told(event)
    expect(code).not.toBe(0)
    expect(stdout).toBe("")
  })
})
