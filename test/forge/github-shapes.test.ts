// What is sent to GitHub, and what the pretended one answers, by GitHub's published description of its API: so the
// tests on it say something about the real one.
import { readFileSync } from "node:fs"
import { Ajv, type AnySchemaObject } from "ajv"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { concludeApproved, concludeDenied } from "../../core/approval/conclude.js"
import { readAnswer } from "../../core/approval/read-answer.js"
import { requestApproval } from "../../core/approval/request-approval.js"
import { commentOn } from "../../core/notices/merge-comment.js"
import { github } from "../../forge/github.js"
import { anOutcome, digestB, outcomesOf } from "../support/blocked-outcome.js"
import { type Exchange, startFakeGithub } from "../support/fake-github.js"
import { ForgeStore } from "../support/forge-store.js"
import { bot, people } from "../support/forge-world.js"

type Operation = { request?: AnySchemaObject; responses: Record<string, AnySchemaObject>; query: string[] }
const file = new URL("../fixtures/forge/github-operations.json", import.meta.url)
const described = JSON.parse(readFileSync(file, "utf8")) as {
  operations: Record<string, Operation>
  components: { schemas: Record<string, unknown> }
}
const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true })
ajv.addSchema(plain({ $id: "github", components: described.components }) as AnySchemaObject)

// OpenAPI's `nullable`, and its references, as JSON Schema has them.
function plain(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(plain)
  if (typeof schema !== "object" || schema === null) return schema
  const { nullable, ...rest } = schema as Record<string, unknown>
  const entries = Object.entries(rest).map(([name, value]) => [
    name,
    name === "$ref" && typeof value === "string" ? value.replace(/^#/, "github#") : plain(value),
  ])
  const own = Object.fromEntries(entries)
  return nullable === true ? { anyOf: [{ type: "null" }, own] } : own
}

function operationOf(request: string): [string, Operation] | undefined {
  const [method = "", path = ""] = request.split("?")[0]?.split(" ") ?? []
  return Object.entries(described.operations).find(([name]) => {
    const pattern = name.replace(/\{[^}]+\}/g, "[^/]+")
    return new RegExp(`^${pattern}$`).test(`${method} ${path}`)
  })
}

function problems(schema: unknown, value: unknown): unknown {
  if (schema === undefined) return []
  const validate = ajv.compile(plain(schema) as AnySchemaObject)
  return validate(value) ? [] : validate.errors?.map(({ instancePath, message }) => `${instancePath} ${message ?? ""}`)
}

describe("by GitHub's description", () => {
  let exchanges: readonly Exchange[] = []
  let close: () => Promise<void>
  beforeAll(async () => {
    const server = await run("mia")
    await run(bot).then((other) => {
      exchanges = [...server.exchanges, ...other.exchanges]
      close = async () => void (await Promise.all([server.close(), other.close()]))
    })
  })
  afterAll(() => close())

  it("every operation is used", () => {
    const used = new Set(exchanges.map(({ request }) => operationOf(request)?.[0]))
    expect([...used].filter((name) => name !== undefined).sort()).toEqual(Object.keys(described.operations).sort())
  })

  it("every request is one of its operations, with a body and a query that it takes", () => {
    for (const { request, sent } of exchanges.filter((one) => !one.request.includes("/graphql"))) {
      const [name, operation] = operationOf(request) ?? ["unknown", undefined]
      expect([name, problems(operation?.request, sent)]).toEqual([expect.stringMatching(/^[A-Z]+ \//), []])
      const query = [...new URL(request.split(" ")[1] ?? "", "http://x").searchParams.keys()]
      expect(query.filter((key) => !["per_page", "page", ...(operation?.query ?? [])].includes(key))).toEqual([])
    }
  })

  it("every answer is one that it gives", () => {
    for (const { request, status, body } of exchanges.filter((one) => one.status < 300)) {
      const operation = operationOf(request)
      expect([request, problems(operation?.[1].responses[String(status)], body)]).toEqual([request, []])
    }
  })
})

// Opened, asked anew, denied, approved, closed.
async function run(self: string) {
  const store = new ForgeStore(people)
  const server = await startFakeGithub({ forge: { store, self } })
  const forge = github({ project: "acme/app", token: "ghp_fakeTokenOfTheTests", apiUrl: server.url })
  const rules = { self: "refuse", unknownAcquirer: "refuse", role: "maintain", max: 1 } as const
  const request = { role: "maintain", runUrl: "", actor: "", run: "daily", crashed: false, now: new Date(0) } as const
  const read = (comment: number) =>
    readAnswer(forge, { issue: 1, comment, repository: "reg.example/quarantine/app", rules })
  await requestApproval(forge, outcomesOf(anOutcome()), request)
  await concludeDenied(forge, await read(store.write("ada", 1, "/cssc deny because no")))
  await requestApproval(forge, outcomesOf(anOutcome({ digest: digestB })), request)
  await read(store.write("stranger", 1, "/cssc deny because no")).catch(() => undefined)
  const words = "/cssc approve CVE-2024-1 until 2026-12-10 because soon"
  await concludeApproved(forge, await read(store.write("ada", 1, words)), "reg.example/golden/app:1.2")
  await requestApproval(forge, outcomesOf(anOutcome({ digest: digestB, passed: true, remaining: [] })), request)
  const told = { name: "Supply chain", checks: [], runUrl: "", now: new Date(0) }
  await commentOn(forge, 1, told)
  await commentOn(forge, 1, { ...told, runUrl: "https://ci.example/runs/8" })
  return server
}
