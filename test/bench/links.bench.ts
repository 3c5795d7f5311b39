// Seconds of one link of a chain and of whole commands, in turn with BEFORE=/path/to/another/checkout. A link is a call
// of the module: its cost is what four builders more add, over that of a module whose functions return constants.
import { generateKeyPairSync } from "node:crypto"
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, it } from "vitest"
import { bind, type BoundRegistry, moduleFolder, toolboxArguments } from "../support/dagger-cli.js"
import { imagesLayout, pushLayout, trivyDatabase } from "../support/parts.js"
import { startRegistry, type TestRegistry } from "../support/registry.js"
import { callIn, medians, printTable, rounds, type State, states, unheard } from "./side-by-side.js"

const links = 4
const pair = generateKeyPairSync("ec", { namedCurve: "P-256" })
const env = { CSSC_BENCH_KEY: pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString() }
const key = "env://CSSC_BENCH_KEY"

let folder: string
let at: TestRegistry
let house: BoundRegistry
let database: string
const path = (name: string) => join(folder, name)
const image = () => `${house.address}/quarantine/app:clean`
const golden = (name: string) => `${house.address}/golden/${name}:1`

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cssc-bench-"))
  at = await startRegistry("api")
  house = bind(at, "house.test")
  database = join(await trivyDatabase(), "db")
  await pushLayout(await imagesLayout(), "clean", { registry: at, repository: "quarantine/app" })
  await writeFile(path("own.pub"), pair.publicKey.export({ type: "spki", format: "pem" }))
})

afterAll(async () => {
  await at.stop()
  await rm(folder, { recursive: true })
})

const repeated = (words: () => string[]) => Array.from({ length: links }, words).flat()

it("one link", async () => {
  const constant: State = { name: "constant", folder: join(moduleFolder, "test/bench/constant") }
  const chains = [
    { of: constant, builder: () => ["next", "--token", unheard()], end: ["value"] },
    ...states.map((of) => ({
      of,
      builder: () => ["with-run", "--url", "", "--id", unheard()],
      end: ["policy-schema"],
    })),
  ]
  const works = chains.flatMap(({ of, builder, end }) => [
    () => callIn(of, end),
    () => callIn(of, [...repeated(builder), ...end]),
  ])
  const times = await medians(works)
  const costs = chains.map((_, index) => ((times[2 * index + 1] ?? NaN) - (times[2 * index] ?? NaN)) / links)
  const rows = chains.map(({ of }, index) => [of.name, costs[index] ?? NaN, (costs[index] ?? NaN) - (costs[0] ?? NaN)])
  printTable(`One link, median of ${rounds}`, ["module", "a link", "over the constant"], rows)
})

type Command = { readonly name: string; readonly words: () => string[]; readonly onlyNow?: boolean }

const reading = () => [...toolboxArguments(), ...house.arguments]
const scanning = () => [...reading(), "with-trivy-database", "--directory", database]
const signing = () => ["with-signing-key", "--key", key]
const newTarget = () => ["--target", golden(unheard())]
const commands: Command[] = [
  { name: "policy-schema", words: () => ["policy-schema"] },
  { name: "tags", words: () => [...reading(), "tags", "--repository", `${house.address}/quarantine/app`] },
  { name: "image … json", words: () => [...reading(), "image", "--reference", image(), "json"] },
  {
    name: "verify … json",
    words: () => [...reading(), "with-trusted-key", "--public-key", path("own.pub"), ...verified(), "json"],
  },
  { name: "check", words: () => [...toolboxArguments(), "check", "--results", path("results")] },
  {
    name: "gate … promote … json, three builders",
    words: () => [...scanning(), ...signing(), "gate", "--image", image(), "promote", ...newTarget(), "json"],
  },
  {
    name: "promote --image … json, constructor arguments",
    onlyNow: true,
    words: () => [...promoting(), ...house.arguments, "promote", "--image", image(), ...newTarget(), "json"],
  },
]

const verified = () => ["verify", "--image", golden("proven")]
const promoting = () => [...toolboxArguments(), "--database-directory", database, "--signing-key", key]

it("whole commands", async () => {
  const [first] = states
  if (first === undefined) return
  const chain = [...scanning(), ...signing(), "gate", "--image", image()]
  const proven = ["promote", "--target", golden("proven"), "results", "export", "--path", path("results")]
  await callIn(first, [...chain, ...proven], env)
  const rows: (string | number)[][] = []
  for (const { name, words, onlyNow = false } of commands) {
    const able = states.filter((state) => !onlyNow || state.name === "now")
    const times = await medians(able.map((state) => () => callIn(state, words(), env)))
    rows.push([name, ...states.map((state) => times[able.indexOf(state)] ?? "–")])
  }
  printTable(`Commands, median of ${rounds}`, ["command", ...states.map(({ name }) => name)], rows)
})
