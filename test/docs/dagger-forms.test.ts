// What documentation, examples and CI files say to Dagger's CLI works in 0.21 and in 1.0, where `-m` and `--progress` stand
// before the command and `dagger call` is an alias (docs/decisions/0020-ready-for-dagger-1.md).
import { readdirSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { describe, expect, it } from "vitest"
import { pages, shellBlocks } from "./commands.js"

const root = fileURLToPath(new URL("../..", import.meta.url))
const inFolder = (folder: string) =>
  readdirSync(root + folder, { recursive: true, encoding: "utf8" }).flatMap((name) =>
    /\.(ya?ml|sh)$/.test(name) ? [`${folder}/${name}`] : [],
  )
const files = ["action.yml", ...[".github/workflows", "templates", "examples"].flatMap(inFolder)]

/** Forms that both have. `install` and `develop` are of a project, in the pages about using and developing the module. */
const good = /^dagger (?:--progress \S+ )?(?:-m \S+ )?(?:call|install|develop|version|functions)\b/

function wrong(text: string): string[] {
  const joined = text.replaceAll(/\\\n\s*/g, "")
  return [...joined.matchAll(/(?:^|[\s(;|&"])(dagger (?!call\b)[^\n]*|dagger call\b[^\n]*)/gm)]
    .map(([, line = ""]) => line)
    .filter((line) => /^dagger (?:-|[a-z]+ )/.test(line) && !good.test(line))
}

describe.each(pages)("the shell blocks of %s", (page) => {
  it("say what both releases understand", () => {
    expect(shellBlocks(page).flatMap(wrong)).toEqual([])
  })
})

describe.each(files)("%s", (file) => {
  it("says what both releases understand", () => {
    const code = readFileSync(root + file, "utf8").replaceAll(/^\s*#.*$/gm, "")
    const lines = code.split("\n").filter((line) => !/^\s*(- )?uses:|^\s*image:/.test(line))
    expect(wrong(lines.join("\n"))).toEqual([])
  })
})

it("finds forms that one of them has not", () => {
  expect(wrong("dagger --progress logs -m x call gate")).toEqual([])
  expect(wrong("dagger -m x --progress logs call gate")).toEqual(["dagger -m x --progress logs call gate"])
  expect(wrong("dagger api call gate")).toEqual(["dagger api call gate"])
  expect(wrong('x="$(dagger shell -c gate)"')).toEqual(['dagger shell -c gate)"'])
})
