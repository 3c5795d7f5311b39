// Every command in the documentation names functions, options and leaves that are there.
import { beforeAll, describe, expect, it } from "vitest"
import { type FunctionDef, introspect, type ModuleDef, type ObjectDef } from "../support/module-introspection.js"
import { calls, pages, shellBlocks } from "./commands.js"
import { followed } from "./followed.js"
import { notRun } from "./not-run.js"

let module: ModuleDef
beforeAll(async () => void (module = await introspect()), 60_000)

const camel = (name: string) => name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
const option = (word: string) => camel(/^--([a-z][a-z-]*)/.exec(word)?.[1] ?? "")
/** What Dagger itself offers on a directory or a file. */
const ofDagger = new Set(["export", "contents", "entries", "--path"])

/** What is wrong with a call: the first word that nothing of the module is called. */
function wrongWord(words: readonly string[]): string | undefined {
  let object: ObjectDef | undefined = module.objects.Cssc
  let given: Readonly<Record<string, unknown>> = module.objects.Cssc?._constructor?.arguments ?? {}
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? ""
    if (ofDagger.has(word) || /^[^a-z-]|^-[a-z]$/.test(word)) continue
    if (word === "--help" || word === "--progress") continue
    if (word.startsWith("--")) {
      if (object !== undefined && !Object.hasOwn(given, option(word))) return word
      const next: string | undefined = words[at + 1]
      if (!word.includes("=") && next !== undefined && !next.startsWith("--") && !isLeaf(object, next)) at++
      continue
    }
    const method: FunctionDef | undefined = find(object, word)
    if (method !== undefined) {
      given = method.arguments
      object = module.objects[method.returnType.name ?? ""]
    } else if (!isField(object, word)) return word
    else object = undefined
  }
  return undefined
}

function find(object: ObjectDef | undefined, word: string): FunctionDef | undefined {
  return Object.values(object?.methods ?? {}).find(({ name }) => name === camel(word))
}

function isField(object: ObjectDef | undefined, word: string): boolean {
  return (
    object === undefined ||
    Object.values(object.properties).some(({ name, isExposed }) => isExposed && name === camel(word))
  )
}

// Right after an option without a value stands the next function or leaf: a switch is not followed by its value.
function isLeaf(object: ObjectDef | undefined, word: string): boolean {
  return (
    object !== undefined &&
    object !== module.objects.Cssc &&
    (isField(object, word) || find(object, word) !== undefined)
  )
}

describe.each(pages)("the commands of %s", (page) => {
  it("name what is there", () => {
    const wrong = calls(page).flatMap((words) => {
      const word = wrongWord(words)
      return word === undefined ? [] : [`${word} in: ${words.join(" ")}`]
    })
    expect(wrong).toEqual([])
  })
})

it("finds commands, and what is wrong in one", () => {
  expect(pages.flatMap(calls).length).toBeGreaterThan(30)
  expect(wrongWord(["--policy", "p.yaml", "gate", "--image", "a", "summary"])).toBeUndefined()
  expect(wrongWord(["gate", "--imagee", "a", "summary"])).toBe("--imagee")
  expect(wrongWord(["gate", "--image", "a", "sumary"])).toBe("sumary")
  expect(wrongWord(["gatee", "--image", "a"])).toBe("gatee")
})

describe("the commands that no test runs", () => {
  // A command goes on where its line ends in a backslash; what stands after a # is for people.
  const commandsOf = (page: string) =>
    shellBlocks(page)
      .flatMap((block) => block.split("\n"))
      .map((line) => line.replace(/\s+#.*$/, ""))
      .filter((line) => line !== "")

  it("stand in the documentation as the list has them", () => {
    expect(notRun.filter(({ page, command }) => !commandsOf(page).includes(command))).toEqual([])
  })

  it("are all that stands in pages that are not followed", () => {
    const missing = pages.flatMap((page) =>
      followed[page] !== undefined
        ? []
        : commandsOf(page).filter((command) => !notRun.some((one) => one.page === page && one.command === command)),
    )
    expect(missing).toEqual([])
  })
})
