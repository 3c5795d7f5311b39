// The module's face as the engine and the CLI will see it, without an engine. A change of it shows up as a change of
// module-signature.json (`npx vitest -u test/module-signature.test.ts` writes it), and some changes are refused.
import { readFileSync } from "node:fs"
import { format } from "prettier"
import ts from "typescript"
import { beforeAll, describe, expect, it } from "vitest"
import {
  type ArgumentDef,
  type FunctionDef,
  introspect,
  type ModuleDef,
  moduleFiles,
  type PropertyDef,
  sdkFile,
  type TypeDef,
} from "./support/module-introspection.js"

let module: ModuleDef
const core = ["Container", "Directory", "File", "Secret", "Service"]

beforeAll(async () => {
  module = await introspect()
}, 60_000)

function typeName({ kind, name, typeDef }: TypeDef): string {
  if (typeDef !== undefined) return `${typeName(typeDef)}[]`
  return name ?? kind.replace("_KIND", "").toLowerCase()
}

const isObject = ({ kind, typeDef }: TypeDef): boolean =>
  typeDef === undefined ? kind === "OBJECT_KIND" : isObject(typeDef)

function argumentText({ type, isOptional, defaultValue }: ArgumentDef): string {
  const fallback = defaultValue === undefined ? "" : ` = ${JSON.stringify(defaultValue)}`
  return `${typeName(type)}${isOptional ? ", optional" : ""}${fallback}`
}

function argumentTexts(all: Readonly<Record<string, ArgumentDef>> = {}): Record<string, string> {
  return Object.fromEntries(Object.values(all).map((argument) => [argument.name, argumentText(argument)]))
}

function signature(): unknown {
  const objects = Object.entries(module.objects).map(([name, { _constructor, methods, properties }]) => {
    const functions = Object.values(methods).map((method) => [
      method.name,
      { returns: typeName(method.returnType), cache: method.cache, arguments: argumentTexts(method.arguments) },
    ])
    const typed = (exposed: boolean) => {
      const some = Object.values(properties).filter(({ isExposed }) => isExposed === exposed)
      return Object.fromEntries(some.map((property) => [property.name, typeName(property.type)]))
    }
    const construction = name === "Cssc" ? { construction: argumentTexts(_constructor?.arguments) } : {}
    return [
      name,
      { ...construction, functions: Object.fromEntries(functions), fields: typed(true), carried: typed(false) },
    ]
  })
  const enums = Object.entries(module.enums).map(([name, { values }]) => [name, Object.keys(values)])
  return { objects: Object.fromEntries(objects), enums: Object.fromEntries(enums) }
}

type Named = { readonly path: string; readonly method: FunctionDef }

function functions(): Named[] {
  return Object.entries(module.objects).flatMap(([object, { methods }]) =>
    Object.values(methods).map((method) => ({ path: `${object}.${method.name}`, method })),
  )
}

function fields(): { readonly path: string; readonly name: string; readonly property: PropertyDef }[] {
  return Object.entries(module.objects).flatMap(([object, { properties }]) =>
    Object.entries(properties).map(([name, property]) => ({ path: `${object}.${name}`, name, property })),
  )
}

const exposed = () => fields().filter(({ property }) => property.isExposed)

function everyArgument(): { path: string; argument: ArgumentDef }[] {
  const constructor = Object.values(module.objects.Cssc?._constructor?.arguments ?? {})
  return [
    ...constructor.map((argument) => ({ path: `Cssc(${argument.name})`, argument })),
    ...functions().flatMap(({ path, method }) =>
      Object.values(method.arguments).map((argument) => ({ path: `${path}(${argument.name})`, argument })),
    ),
  ]
}

describe("the module's signature", () => {
  it("is the recorded one", async () => {
    const text = await format(JSON.stringify(signature()), { parser: "json", printWidth: 120 })
    await expect(text).toMatchFileSnapshot("module-signature.json")
  })

  it("takes core types alone: the CLI skips a function with a required argument of a type of ours", () => {
    const wrong = everyArgument().filter(
      ({ argument: { type } }) => isObject(type) && !core.includes(typeName(type).replace("[]", "")),
    )
    expect(wrong.map(({ path }) => path)).toEqual([])
  })

  it("uses no name that a language of a caller reserves", () => {
    const reserved = ["for", "from", "import", "class", "in", "is", "not", "pass", "def", "func", "package", "type"]
    const names = [...functions().map(({ method }) => method.name), ...exposed().map(({ name }) => name)]
    const all = [...names, ...everyArgument().map(({ argument }) => argument.name)]
    expect(all.filter((name) => reserved.includes(name))).toEqual([])
    // Dagger's own, on every object.
    expect(names.filter((name) => name === "id")).toEqual([])
  })

  it("has no number that would be a Float", () => {
    const floats = [
      ...everyArgument().map(({ path, argument }) => ({ path, type: typeName(argument.type) })),
      ...functions().map(({ path, method }) => ({ path, type: typeName(method.returnType) })),
      ...fields().map(({ path, property }) => ({ path, type: typeName(property.type) })),
    ]
    expect(floats.filter(({ type }) => type.startsWith("float"))).toEqual([])
  })

  // What reads no registry, clock or database: the same arguments give the same result, in any session.
  const isPure = ({ name }: FunctionDef) =>
    /^(with[A-Z]\w*|verdict|ledger|report|policySchema|fleetSchema|merge|configImport|matrix|gitlab|check|enforce)$/.test(
      name,
    )

  it("keeps what a registry said for a session, so that its fields agree, and texts never", () => {
    const wrong = functions().filter(({ method }) => {
      if (isPure(method)) return method.cache !== undefined
      return method.cache !== (isObject(method.returnType) ? "session" : "never")
    })
    expect(wrong.map(({ path, method }) => `${path}: ${method.cache ?? "7 days"}`)).toEqual([])
  })

  it("lets a caller ask anew within a session for whatever a session keeps", () => {
    // The gate that they are chained to is what is asked for anew.
    const onGate = ["Gate.promote", "Gate.override", "Gate.attest"]
    const kept = functions().filter(({ method }) => method.cache === "session")
    const wrong = kept.filter(({ path, method }) => !onGate.includes(path) && !("fresh" in method.arguments))
    expect(wrong.map(({ path }) => path)).toEqual([])
  })

  // A function is a start of the module's runtime, a field is none.
  it("gives every object a text to print and one to parse, and its files, as fields", () => {
    const returned = Object.keys(module.objects).filter((name) => name !== "Cssc")
    const without = returned.filter((name) => {
      const { properties = {} } = module.objects[name] ?? {}
      return ["summary", "json", "results"].some((leaf) => properties[leaf]?.isExposed !== true)
    })
    expect(returned.length).toBeGreaterThan(10)
    expect(without).toEqual([])
  })

  it("has no function that only hands out what its object carries", () => {
    const leaves = functions().filter(
      ({ path, method }) => !path.startsWith("Cssc.") && !isObject(method.returnType) && !isPure(method),
    )
    expect(leaves.map(({ path }) => path)).toEqual([])
  })

  it("shows nobody the configuration that its objects carry", () => {
    const carried = ["config", "secrets", "services", "files", "containers", "directories", "image"]
    expect(exposed().filter(({ name }) => carried.includes(name))).toEqual([])
    const hidden = fields().filter(({ property }) => !property.isExposed)
    expect(hidden.filter(({ name }) => !carried.includes(name))).toEqual([])
  })

  it("keeps state that survives: texts and truths, and core types alone or in a list", () => {
    const allowed = ["string", "string[]", "boolean", ...core, ...core.map((name) => `${name}[]`)]
    const wrong = fields().filter(({ property }) => !allowed.includes(typeName(property.type)))
    expect(wrong.map(({ path }) => path)).toEqual([])
  })
})

describe("the module's descriptions", () => {
  it("are there for everything, and start with one line", () => {
    const described = [
      ...Object.entries(module.objects).map(([path, { description }]) => ({ path, description })),
      ...functions().map(({ path, method }) => ({ path, description: method.description })),
      ...exposed().map(({ path, property }) => ({ path, description: property.description })),
      ...everyArgument().map(({ path, argument }) => ({ path, description: argument.description })),
      ...Object.entries(module.enums).flatMap(([name, { description, values }]) => [
        { path: name, description },
        ...Object.entries(values).map(([member, value]) => ({
          path: `${name}.${member}`,
          description: value.description,
        })),
      ]),
    ]
    const wrong = described.filter(({ description }) => {
      const [first = ""] = description.split("\n")
      return first.trim() === "" || first.length > 120
    })
    expect(wrong.map(({ path }) => path)).toEqual([])
  })

  it("of functions and fields begin with one short line, which is all that lists show", () => {
    const described = [
      ...functions().map(({ path, method }) => ({ path, description: method.description })),
      ...exposed().map(({ path, property }) => ({ path, description: property.description })),
    ]
    const wrong = described.filter(({ description }) => (description.split("\n")[0] ?? "").length > 100)
    expect(wrong.map(({ path }) => path)).toEqual([])
  })
})

describe("imports from @dagger.io/dagger", () => {
  // The engine's bundle exports less than the package: one name too many, and no function of the module works.
  const bundled = ["connection", "connect", "Context", "func", "check", "generate", "argument", "object", "field"]
  const others = ["enumType", "entrypoint"]

  it("name only what the engine's bundle exports", async () => {
    const client = readFileSync(sdkFile("api/client.gen.d.ts"), "utf8")
    const generated = [...client.matchAll(/^export (?:declare )?(?:class|enum|type|interface|const) (\w+)/gm)]
    const known = new Set([...bundled, ...others, ...generated.map(([, name]) => name)])
    const shell = ts.sys.readDirectory(new URL("../dagger", import.meta.url).pathname, [".ts"])
    const names = [...(await moduleFiles()), ...shell].flatMap(importedNames)
    expect(names.length).toBeGreaterThan(20)
    expect(names.filter(({ name }) => !known.has(name))).toEqual([])
  })
})

function importedNames(file: string): { file: string; name: string }[] {
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.ES2022)
  return source.statements.flatMap((statement) => {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) return []
    if (statement.moduleSpecifier.text !== "@dagger.io/dagger") return []
    const bindings = statement.importClause?.namedBindings
    if (bindings === undefined || !ts.isNamedImports(bindings)) return [{ file, name: "*" }]
    return bindings.elements.map(({ name, propertyName }) => ({ file, name: (propertyName ?? name).text }))
  })
}
