import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { describe, expect, it } from "vitest"
import { type CiJob, githubJob, gitlabJob } from "./ci-job.js"

const file = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url))
const github = githubJob(file("examples/github/promote.yml"), "promote")
const gitlab = gitlabJob(file("examples/gitlab/.gitlab-ci.yml"), "promote")
const { engineVersion } = JSON.parse(readFileSync(file("dagger.json"), "utf8")) as { engineVersion: string }

/** The words from the first function of the chain on, which is what both CIs must share. */
const chain = ({ lines }: CiJob) => /promote --image .*/.exec(lines.join("\n").replace(/\\\n\s*/g, ""))?.[0]

describe("the example jobs", () => {
  it("make the same call", () => {
    expect(chain(github)).toBe('promote --image "$IMAGE" --target "$TARGET" results export --path results')
    expect(chain(gitlab)).toBe(chain(github))
  })

  it("use every action by its commit", () => {
    expect(github.actions.length).toBeGreaterThan(0)
    for (const action of github.actions) expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/)
  })

  it("install the release of Dagger that the module asks for", () => {
    const text = readFileSync(file("examples/github/promote.yml"), "utf8")
    expect(`v${/version: "([\d.]+)"/.exec(text)?.[1] ?? ""}`).toBe(engineVersion)
    expect(`v${gitlab.variables.DAGGER_VERSION ?? ""}`).toBe(engineVersion)
    const consumer = readFileSync(file("examples/consumer/dagger.json"), "utf8")
    expect((JSON.parse(consumer) as { engineVersion: string }).engineVersion).toBe(engineVersion)
  })
})
