// The commands in the documentation: what a reader pastes into a shell.
import { readdirSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("../..", import.meta.url))

/** The pages that show commands. */
export const pages = [
  "README.md",
  ...readdirSync(`${root}docs`).flatMap((name) => (name.endsWith(".md") ? [`docs/${name}`] : [])),
]

/** The shell blocks of a page, without the indentation of a list that they stand in. */
export function shellBlocks(page: string): string[] {
  const text = readFileSync(root + page, "utf8")
  return [...text.matchAll(/^( *)```sh\n([\s\S]*?)^ *```$/gm)].map(([, indent = "", block = ""]) =>
    block.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
  )
}

/** The calls of the module in a page, each as its words after `call` or the shell function that stands for it. */
export function calls(page: string): string[][] {
  const lines = shellBlocks(page).flatMap((block) => block.replaceAll(/\\\n\s*/g, "").split("\n"))
  const texts = lines.flatMap((line) => {
    const code = line.replace(/(^|\s)#.*$/, "")
    return [...code.matchAll(/(?:\bdagger(?: -m \S+)? call|(?:^|[;(]\s*)cssc) ([^|)}]*)/g)].map(
      ([, words = ""]) => words,
    )
  })
  return texts.map(splitWords).filter((words) => words.some((word) => /^[a-z]/.test(word)))
}

function splitWords(text: string): string[] {
  return (text.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? []).filter((word) => !/^(>.*|"\$@"|…|\\)$/.test(word))
}
