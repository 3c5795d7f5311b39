// Every link in the documentation leads to a file, and to a heading in it, that is there.
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { dirname, join, normalize } from "node:path"
import { fileURLToPath } from "node:url"
import { describe, expect, it } from "vitest"

const root = fileURLToPath(new URL("../..", import.meta.url))
const inDocs = readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" }).filter((name) =>
  name.endsWith(".md"),
)
const pages = [
  ...["README.md", "SECURITY.md", "CONTRIBUTING.md", "CHANGELOG.md"],
  ...inDocs.map((name) => join("docs", name)),
]
const read = (page: string) => readFileSync(join(root, page), "utf8").replaceAll(/^```[\s\S]*?^```/gm, "")

/** The anchors that a forge gives to headings. */
function anchors(page: string): Set<string> {
  const headings = [...read(page).matchAll(/^#+ (.*)$/gm)].map(([, text = ""]) => text)
  const plain = headings.map((text) => text.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1").replaceAll(/[`*]/g, ""))
  return new Set(
    plain.map((text) =>
      text
        .trim()
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}_\- ]/gu, "")
        .replaceAll(" ", "-"),
    ),
  )
}

function broken(page: string): string[] {
  const links = [...read(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = ""]) => link)
  return links.filter((link) => {
    if (/^[a-z]+:/.test(link)) return false
    const [path = "", anchor = ""] = link.split("#")
    const target = path === "" ? page : normalize(join(dirname(page), path))
    if (!existsSync(join(root, target))) return true
    return anchor !== "" && target.endsWith(".md") && !anchors(target).has(anchor)
  })
}

describe.each(pages)("the links of %s", (page) => {
  it("lead to what is there", () => {
    expect(broken(page)).toEqual([])
  })
})

it("are found, and their anchors", () => {
  expect(anchors("docs/policy.md").has("outcomes-and-reasons")).toBe(true)
  expect(anchors("docs/policy.md").has("what-is-assessed")).toBe(false)
})
