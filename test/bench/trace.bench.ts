// What an operator's log gets of a gate, a promotion and a run over 4 and 20 tags of two platforms: bytes on standard error
// and the longest line, by the CLI's way to tell of progress.
import { expect, it } from "vitest"
import { bind, databaseArguments, runProgram, toolboxArguments } from "../support/dagger-cli.js"
import { seededQuarantine, tagNames } from "./seeded-quarantine.js"
import { printTable } from "./side-by-side.js"

type Job = { readonly name: string; readonly tags: number; readonly words: (address: string) => string[] }

const image = (address: string) => ["--image", `${address}/quarantine/app:v0`]
const golden = (address: string) => ["--target", `${address}/golden/app`]
const runWords = (address: string) => [
  "promote-quarantine",
  "--source",
  `${address}/quarantine/app`,
  ...golden(address),
]
const jobs: readonly Job[] = [
  { name: "gate outcome", tags: 1, words: (address) => ["gate", ...image(address), "outcome"] },
  {
    name: "promote enforce",
    tags: 1,
    words: (address) => ["promote", ...image(address), ...golden(address), "enforce"],
  },
  { name: "promote-quarantine enforce, 4 tags", tags: 4, words: (address) => [...runWords(address), "enforce"] },
  { name: "promote-quarantine enforce, 20 tags", tags: 20, words: (address) => [...runWords(address), "enforce"] },
]

async function measured({ name, tags, words }: Job, progress: string): Promise<(string | number)[]> {
  const registry = await seededQuarantine(tagNames(tags))
  try {
    const bench = bind(registry, "bench.test")
    const before = [...toolboxArguments(), ...(await databaseArguments()), ...bench.arguments]
    const run = await runProgram("dagger", ["--progress", progress, "call", ...before, ...words(bench.address)])
    expect([run.code, run.code === 0 ? "" : run.stderr.slice(-3000)]).toEqual([0, ""])
    const longest = Math.max(...run.stderr.split("\n").map((line) => line.length))
    return [name, progress, Buffer.byteLength(run.stderr), longest]
  } finally {
    await registry.stop()
  }
}

it("a log", async () => {
  const rows: (string | number)[][] = []
  for (const job of jobs) for (const progress of ["plain", "logs"]) rows.push(await measured(job, progress))
  printTable("standard error of one command", ["command", "--progress", "bytes", "longest line"], rows)
})
