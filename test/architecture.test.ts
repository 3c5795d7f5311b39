// The shape of the code, read from its imports: docs name the layers, this test keeps them.
import { readdirSync, readFileSync } from "node:fs"
import { basename, dirname, join, relative } from "node:path"
import { fileURLToPath } from "node:url"
import ts from "typescript"
import { describe, expect, it } from "vitest"
import { isDeniedDigest, isDeniedTool } from "../core/policy/rules/denied-tools.js"
import { databaseRepositories, javaDatabaseRepository, pinnedImages } from "../dagger/containers/pins.js"

const root = fileURLToPath(new URL("..", import.meta.url))
const files = ["src", "dagger", "registry", "sigstore", "forge", "rest", "core"].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => join(folder, name)),
)
const sources = new Map(files.map((name) => [name, parse(name)]))

function parse(name: string): ts.SourceFile {
  return ts.createSourceFile(name, readFileSync(join(root, name), "utf8"), ts.ScriptTarget.ES2022, true)
}

// An SBOM's problems are told in the words of an assessment, so findings are below sbom.
const pure = [
  "all-ended",
  "clean-line",
  "errors",
  "list-some",
  "plain-words",
  "page",
  "oci",
  "attestation",
  "vex",
  "findings",
  "sbom",
  "policy",
  "evidence",
]
/** The stages of docs/model.md over the ports, lowest first. */
const stages = [
  ...["image", "lifecycle", "delete", "acquire", "assess", "gate", "attach", "promote", "verify", "retire", "fleet"],
  ...["monitor", "retention"],
  ...["outcomes", "report", "approval", "notices", "events"],
]
/** The areas, lowest first; each may import from those before it. */
const areas = [...pure, "ports", "trust", "operation", ...stages]
/**
 * The rooms of the shell, lowest first. The clients of registries, of Sigstore and of forges stand beside the stages, which know them
 * as ports; all stand on rest/.
 */
const shell = ["dagger/state", "dagger/containers", "dagger/session", "dagger/calls", "dagger/module.ts", "src"]

// A module is imported by the name that it has once it is compiled.
function sourceOf(name: string): string {
  const typed = name.replace(/\.js$/, ".ts")
  return sources.has(`${typed}x`) ? `${typed}x` : typed
}

function areaOf(name: string): string {
  const [room = "", area = ""] = name.split("/")
  if (room === "dagger") return `dagger/${area}`
  return room === "core" ? area.replace(/\.ts$/, "") : room
}

function mayImport(from: string, to: string): boolean {
  if (from === to) return true
  if (shell.includes(from)) return !shell.includes(to) || shell.indexOf(to) < shell.indexOf(from)
  if (from === "rest") return ["clean-line", "errors", "plain-words"].includes(to)
  if (from === "registry")
    return ["rest", "all-ended", "clean-line", "errors", "plain-words", "oci", "evidence", "ports"].includes(to)
  if (from === "sigstore") return ["rest", "attestation", "oci"].includes(to)
  if (from === "forge") return ["rest", "clean-line", "errors", "approval", "notices", "events"].includes(to)
  return areas.indexOf(to) < areas.indexOf(from) && areas.includes(to)
}

type Import = { readonly from: string; readonly specifier: string }

const imports: Import[] = [...sources].flatMap(([from, source]) => {
  const found: Import[] = []
  const visit = (node: ts.Node): void => {
    const named = ts.isImportDeclaration(node) || ts.isExportDeclaration(node) ? node.moduleSpecifier : undefined
    const dynamic = ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword
    const specifier = named ?? (dynamic ? node.arguments[0] : undefined)
    if (specifier !== undefined && ts.isStringLiteral(specifier)) found.push({ from, specifier: specifier.text })
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
})

const importersOf = (name: string) => imports.filter(({ specifier }) => specifier === name).map(({ from }) => from)
// Reports are made of what all stages did, and read nothing else.
const inCore = (name: string) => [...pure, "report"].includes(areaOf(name))

/** The house rule is 120; what is above it is one concept that would not get clearer in two files. */
const maxLines = 170
const maxFilesInFolder = 25

describe("layers", () => {
  it("import only from the layers below them", () => {
    const wrong = imports
      .filter(({ specifier }) => specifier.startsWith("."))
      .map(({ from, specifier }) => ({ from, to: relative(root, join(root, dirname(from), specifier)) }))
      .filter(({ from, to }) => !mayImport(areaOf(from), areaOf(sourceOf(to))))
    expect(wrong.map(({ from, to }) => `${from} imports ${to}`)).toEqual([])
  })

  // The engine finds its types below src/ alone, and parses on every call what can be followed from there by a path.
  it("end at the bundle, which is all that the face knows of them", () => {
    const outside = imports.filter(({ from, specifier }) => areaOf(from) === "src" && !specifier.startsWith("."))
    expect([...new Set(outside.map(({ specifier }) => specifier))].sort()).toEqual(["#cssc", "@dagger.io/dagger"])
    const above = imports.filter(({ from, specifier }) => areaOf(from) === "src" && /^\.\.\/(?!api)/.test(specifier))
    expect(above.filter(({ from }) => dirname(from) === "src")).toEqual([])
    expect(importersOf("#cssc").filter((name) => areaOf(name) !== "src")).toEqual([])
  })

  it("have no circles: whatever a file needs can be understood before it", () => {
    const targets = new Map(files.map((name) => [name, [] as string[]]))
    for (const { from, specifier } of imports)
      if (specifier.startsWith(".")) targets.get(from)?.push(sourceOf(join(dirname(from), specifier)))
    expect(files.filter((name) => reaches(targets, name))).toEqual([])
  })

  it("have no area that nobody ordered", () => {
    const known = [...areas, ...shell, "registry", "sigstore", "forge", "rest"]
    expect(files.filter((name) => !known.includes(areaOf(name)))).toEqual([])
  })

  it("know Dagger only at the face and in the shell", () => {
    expect(importersOf("@dagger.io/dagger").filter((name) => !shell.includes(areaOf(name)))).toEqual([])
  })

  it("speak HTTP only in rest/ and registry/, and by Sigstore's clients in sigstore/", () => {
    expect(importersOf("undici").filter((name) => !["rest", "registry"].includes(areaOf(name)))).toEqual([])
    // Sigstore's clients bring their own, and are loaded by nobody but who signs by them.
    expect(importersOf("@sigstore/sign").every((name) => areaOf(name) === "sigstore")).toBe(true)
    expect(importersOf("#keyless")).toEqual(["dagger/session/keyless.ts"])
  })
})

describe("the pure core", () => {
  it("imports nothing of Node but what computes", () => {
    const node = imports.filter(({ from, specifier }) => inCore(from) && specifier.startsWith("node:"))
    expect([...new Set(node.map(({ specifier }) => specifier))].filter((name) => name !== "node:crypto")).toEqual([])
  })

  it("reads no clock, chance, environment or network", () => {
    const impure = /\b(process\.|Date\.now\(|new Date\(\)|Math\.random\(|fetch\(|setTimeout\(|random(Bytes|UUID)\b)/
    const wrong = files.filter(inCore).flatMap((name) =>
      codeLines(name)
        .filter((line) => impure.test(line))
        .map((line) => `${name}: ${line.trim()}`),
    )
    expect(wrong).toEqual([])
  })
})

describe("files", () => {
  it("do nothing when they are imported: the engine imports every one on every call", () => {
    const wrong = [...sources].flatMap(([name, source]) =>
      source.statements
        .filter((statement) => !declares(statement))
        .map((statement) => `${name}: ${statement.getText()}`),
    )
    expect(wrong).toEqual([])
  })

  it("are short, the module's face aside", () => {
    const long = files.filter((name) => areaOf(name) !== "src" && lineCount(name) > maxLines)
    expect(long.map((name) => `${name}: ${lineCount(name)} lines`)).toEqual([])
  })

  it("name no value like a class that Dagger exposes: it would shadow the class in the engine", () => {
    const classes = exportsOf((name) => areaOf(name) === "src")
    const values = exportsOf((name) => areaOf(name) !== "src")
    expect(classes.length).toBeGreaterThan(10)
    const core = ["Container", "Directory", "File", "Secret", "Service"]
    expect(values.filter((name) => [...classes, ...core].includes(name))).toEqual([])
  })

  it("share a folder with few others", () => {
    const counts = new Map<string, number>()
    for (const name of files) counts.set(dirname(name), (counts.get(dirname(name)) ?? 0) + 1)
    expect([...counts].filter(([, count]) => count > maxFilesInFolder)).toEqual([])
  })

  // A verb is one word at three heights: the face's object, the call, and the stage's operation.
  it("have names of their own within a layer", () => {
    const layerOf = (name: string) => name.split("/")[0] ?? ""
    const seen = files.map((name) => `${layerOf(name)}: ${basename(name)}`)
    expect(seen.filter((name, index) => seen.indexOf(name) !== index)).toEqual([])
  })

  it("have no default exports", () => {
    const wrong = [...sources].filter(([, source]) => /^export default/m.test(source.text))
    expect(wrong.map(([name]) => name)).toEqual([])
  })
})

describe("images and registries", () => {
  // A client of one registry's REST API names that registry in what it says; VEX names vendors' images as they do.
  it("are named in the pins, in the rules of references and by REST clients alone", () => {
    const namers = ["dagger/containers/pins.ts", "core/oci/reference.ts", "core/policy/vex/product.ts"]
    const hosts =
      /["'`/](docker\.io|ghcr\.io|gcr\.io|mirror\.gcr\.io|quay\.io|registry-1\.docker\.io|mcr\.microsoft\.com)\//
    const wrong = files
      .filter((name) => !namers.includes(name) && areaOf(name) !== "registry")
      .flatMap((name) =>
        codeLines(name)
          .filter((line) => hosts.test(line))
          .map((line) => `${name}: ${line.trim()}`),
      )
    expect(wrong).toEqual([])
  })

  it("are pinned by tag and digest, in versions that are not denied", () => {
    for (const [name, image] of Object.entries(pinnedImages)) {
      expect(image).toMatch(/^[a-z0-9.-]+\/[a-z0-9/-]+:v?\d+\.\d+\.\d+@sha256:[0-9a-f]{64}$/)
      const version = /:v?([\d.]+)@/.exec(image)?.[1] ?? ""
      expect(isDeniedTool({ name, version }) || isDeniedDigest(image)).toBe(false)
    }
    expect([...databaseRepositories, javaDatabaseRepository].every((name) => /:\d+$/.test(name))).toBe(true)
  })
})

// Whether imports lead from a file back to it.
function reaches(targets: ReadonlyMap<string, readonly string[]>, start: string): boolean {
  const [seen, next] = [new Set<string>(), [...(targets.get(start) ?? [])]]
  for (let name = next.pop(); name !== undefined; name = next.pop()) {
    if (name === start) return true
    if (!seen.has(name)) next.push(...(targets.get(name) ?? []))
    seen.add(name)
  }
  return false
}

function codeLines(name: string): string[] {
  return lines(name).filter((line) => !/^\s*(\/\/|\/?\*)/.test(line))
}

function lines(name: string): string[] {
  return (sources.get(name)?.text ?? "").split("\n")
}

function lineCount(name: string): number {
  return lines(name).length - 1
}

// Decorators run when a class is declared; these only note the class.
function declares(statement: ts.Statement): boolean {
  if (ts.isVariableStatement(statement)) return (statement.declarationList.flags & ts.NodeFlags.Const) !== 0
  return (
    ts.isImportDeclaration(statement) ||
    ts.isExportDeclaration(statement) ||
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isEnumDeclaration(statement)
  )
}

function exportsOf(wanted: (name: string) => boolean): string[] {
  return [...sources].filter(([name]) => wanted(name)).flatMap(([, source]) => source.statements.flatMap(exportedValue))
}

function exportedValue(statement: ts.Statement): string[] {
  const exported = ts.canHaveModifiers(statement)
    ? ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
    : false
  if (exported !== true) return []
  if (ts.isVariableStatement(statement)) return statement.declarationList.declarations.map((one) => one.name.getText())
  const named =
    ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement) || ts.isEnumDeclaration(statement)
  return named && statement.name !== undefined ? [statement.name.text] : []
}
