// The script that runs many commands in one exec: run for real, with the shell and coreutils of this machine.
import { execFile } from "node:child_process"
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import type { ToolJob } from "../../../dagger/containers/tool-job.js"
import { preparedWords, quote, readToolResults, toolScript } from "../../../dagger/containers/tool-script.js"

const run = promisify(execFile)

function command(words: readonly string[], rest: Partial<ToolJob> = {}) {
  const job = { command: words, access: [], maxOutputBytes: 1 << 20, ...rest }
  return { job, commands: [{ command: words, access: [] }] }
}

async function results(jobs: readonly ReturnType<typeof command>[], environment: Record<string, string> = {}) {
  const folder = await mkdtemp(join(tmpdir(), "cssc-script-"))
  try {
    const script = join(folder, "run.sh")
    await writeFile(script, toolScript(jobs, { input: join(folder, "in"), output: join(folder, "out") }))
    await run("sh", [script], { env: { ...process.env, ...environment } })
    return readToolResults(await readFile(join(folder, "out/results"), "utf8"), jobs.length)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

describe("toolScript", () => {
  it("gives each command its own exit code, output and messages", async () => {
    const said = await results([
      command(["sh", "-c", "echo out; echo err >&2"]),
      command(["sh", "-c", "echo lost >&2; exit 3"]),
      command(["no-such-tool"]),
      command(["printf", "\\0\\377"]),
    ])
    expect(said.map(({ exitCode }) => exitCode)).toEqual([0, 3, 127, 0])
    expect(said[0]).toMatchObject({ stdout: Buffer.from("out\n"), stderr: "err\n" })
    expect(said[3]?.stdout).toEqual(Buffer.from([0, 255]))
  })

  it("cuts output at the limit, and fails the command", async () => {
    const [large, small] = await results([
      command(["head", "-c", "1000000", "/dev/zero"], { maxOutputBytes: 4096 }),
      command(["head", "-c", "4096", "/dev/zero"], { maxOutputBytes: 4096 }),
    ])
    expect(large?.exitCode).not.toBe(0)
    expect(large?.stdout.length).toBeLessThanOrEqual(4096 + 1024)
    expect(small).toMatchObject({ exitCode: 0 })
    expect(small?.stdout).toHaveLength(4096)
  })

  it("hands hostile words over as they are", { timeout: 60_000 }, async () => {
    const words = fc.array(fc.string({ unit: "grapheme", maxLength: 40 }), { minLength: 1, maxLength: 8 })
    const hostile = fc.constantFrom("'; touch /tmp/owned; '", "$(id)", "`id`", "\n#", "-n", "*", "\\", '"', "a\u0000b")
    const property = fc.asyncProperty(
      fc.array(
        fc.oneof(
          words,
          hostile.map((word) => [word]),
        ),
        { maxLength: 8 },
      ),
      async (lists) => {
        const clean = lists.map((list) => list.map((word) => word.replaceAll("\u0000", "")))
        if (clean.length === 0) return
        const said = await results(clean.map((list) => command(["printf", "%s\\n", ...list])))
        expect(said.map(({ stdout }) => stdout.toString())).toEqual(
          clean.map((list) => list.map((word) => `${word}\n`).join("")),
        )
      },
    )
    await fc.assert(property, { numRuns: 40 })
  })

  it("takes Trivy's settings out of the environment, as they could change a verdict", async () => {
    const [said] = await results([command(["sh", "-c", "env | grep -c ^TRIVY_ || true"])], { TRIVY_IGNOREFILE: "x" })
    expect(said?.stdout.toString()).toBe("0\n")
  })

  it("says what the toolbox lacks when results are missing", () => {
    expect(() => readToolResults("0 0  \n", 2)).toThrow(/\[TOOL_FAILED\] .* 1 of 2 results/)
    expect(() => readToolResults("0 x  \n", 1)).toThrow(/TOOL_FAILED/)
  })
})

describe("quote", () => {
  it("leaves plain words alone and wraps all others", () => {
    expect(quote("registry.example:5000/app@sha256:abc")).toBe("registry.example:5000/app@sha256:abc")
    expect(quote("it's")).toBe(`'it'\\''s'`)
    expect(quote("")).toBe("''")
  })
})

describe("preparedWords", () => {
  const repository = { configFolder: "/run/a", plainHttp: true, caFile: "/run/ca/0/ca.crt" }

  it("keeps the two ends of a copy apart", () => {
    const access = [
      { side: "from" as const, plainHttp: true },
      { side: "to" as const, plainHttp: false, configFolder: "/run/b" },
    ]
    expect(preparedWords({ command: ["oras", "cp", "a", "b"], access })).toEqual([
      ...["oras", "cp", "a", "b", "--from-plain-http", "--to-registry-config", "/run/b/config.json"],
    ])
  })

  it("gives crane and Trivy their folder and CA by environment, and insecure flags for plain HTTP alone", () => {
    const access = [{ side: "" as const, ...repository }]
    expect(preparedWords({ command: ["crane", "ls"], access }).slice(0, 3)).toEqual([
      "env",
      "DOCKER_CONFIG=/run/a",
      "SSL_CERT_DIR=/etc/ssl/certs:/run/ca/0",
    ])
    expect(preparedWords({ command: ["trivy", "image"], access })).toContain("TRIVY_NON_SSL=true")
    expect(
      preparedWords({ command: ["trivy", "image"], access: [{ ...repository, side: "", plainHttp: false }] }).join(" "),
    ).not.toContain("INSECURE")
  })
})
