// A pretended GitHub or GitLab with people of every role, and a client of ours on it.
import type { Forge } from "../../core/approval/forge.js"
import { github } from "../../forge/github.js"
import { gitlab } from "../../forge/gitlab.js"
import { startFakeGithub } from "./fake-github.js"
import { startFakeGitlab } from "./fake-gitlab.js"
import { ForgeStore, type Interruption, type Person } from "./forge-store.js"

export const people: readonly Person[] = [
  { id: 1, name: "github-actions[bot]", bot: true, role: "write" },
  { id: 2, name: "mia", role: "maintain" },
  { id: 3, name: "ada", role: "admin" },
  { id: 4, name: "wil", role: "write" },
  { id: 5, name: "stranger" },
  { id: 7, name: "gone", role: "maintain", blocked: true },
  { id: 6, name: "robot[bot]", bot: true, role: "admin" },
]
export const bot = "github-actions[bot]"
export const forgeToken = "ghp_secretTokenOfTheTests"

export type ForgeWorld = {
  readonly store: ForgeStore
  readonly forge: Forge
  readonly apiUrl: string
  readonly requests: readonly string[]
  /** A second client, as another run has it. */
  again(): Forge
  interrupt(...interruptions: readonly Interruption[]): void
  close(): Promise<void>
}

/** `self` is whom the token acts as. */
export async function startForge(kind: "github" | "gitlab", self = bot): Promise<ForgeWorld> {
  const store = new ForgeStore(people)
  const server =
    kind === "github"
      ? await startFakeGithub({ token: forgeToken, forge: { store, self } })
      : await startFakeGitlab({ token: forgeToken, store, self })
  const retry = { delays: [1, 1], sleep: () => Promise.resolve(), now: () => store.now }
  const open = { project: "acme/app", token: forgeToken, apiUrl: server.url, retry }
  const again = () => (kind === "github" ? github(open) : gitlab(open))
  const { requests, url, interrupt, close } = server
  return { store, forge: again(), again, requests, apiUrl: url, interrupt, close }
}
