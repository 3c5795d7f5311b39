// The report as people have it: a file, opened in Chromium. Colours, layout, focus and what is loaded need a browser; jsdom has
// none of them. `CSSC_PICTURES=1` writes the pictures of the documentation again.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { createRequire } from "node:module"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import type axe from "axe-core"
import type { Browser, Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { digestOf } from "../../core/oci/digest.js"
import { toHtml } from "../../core/report/html/to-html.js"
import { startBrowser } from "./browser.js"
import { bigRun, blockedRun, goldenInventory, passingRun } from "./pictured.js"

const reports = { passing: passingRun, blocked: blockedRun, "200-images": bigRun, inventory: goldenInventory }
type Name = keyof typeof reports
const names = Object.keys(reports) as Name[]
const pages = Object.fromEntries(names.map((name) => [name, toHtml(reports[name])])) as Record<Name, string>
const axeSource = createRequire(import.meta.url).resolve("axe-core/axe.min.js")
const pictures = fileURLToPath(new URL("../../docs/pictures/", import.meta.url))
const maxPictureBytes = 200_000

let browser: Browser
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cssc-pages-"))
  await Promise.all(names.map((name) => writeFile(join(folder, `${name}.html`), pages[name])))
  browser = await startBrowser()
})

afterAll(async () => {
  await browser.close()
  await rm(folder, { recursive: true })
})

type Look = {
  readonly width?: number
  readonly height?: number
  readonly colorScheme?: "light" | "dark"
  readonly media?: "screen" | "print"
}
type Opened = { readonly page: Page; readonly requests: string[]; readonly complaints: string[] }

async function opened(
  name: Name,
  { width = 1280, height = 900, colorScheme = "light", media = "screen" }: Look = {},
): Promise<Opened> {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme })
  const page = await context.newPage()
  const [requests, complaints]: [string[], string[]] = [[], []]
  page.on("request", (request) => void requests.push(request.url()))
  page.on("console", (message) => void complaints.push(message.text()))
  page.on("pageerror", (error) => void complaints.push(error.message))
  await page.emulateMedia({ media, colorScheme })
  await page.goto(`file://${join(folder, `${name}.html`)}`)
  return { page, requests, complaints }
}

async function close({ page }: Opened): Promise<void> {
  await page.context().close()
}

/** Opens the first drill-downs with all that is in them; all of two hundred would be as many pages. */
async function drillDown(page: Page): Promise<void> {
  await page.evaluate(() => {
    const images = [...document.querySelectorAll<HTMLDetailsElement>("details.image")].slice(0, 3)
    for (const one of [...images, ...images.flatMap((image) => [...image.querySelectorAll("details")])]) one.open = true
    for (const one of document.querySelectorAll<HTMLDetailsElement>(".card details")) one.open = true
  })
}

/** What axe objects to, and that it looked at colours, which it leaves out where it cannot see them. */
async function axeOn(page: Page): Promise<{ violations: unknown[]; sawColours: boolean }> {
  await page.evaluate(await readFile(axeSource, "utf8"))
  return page.evaluate(async () => {
    const { axe: tool } = globalThis as unknown as { axe: typeof axe }
    const { violations, passes } = await tool.run({ resultTypes: ["violations"] })
    return {
      violations: violations.map(({ id, nodes }) => ({ id, html: nodes[0]?.html })),
      sawColours: passes.some(({ id }) => id === "color-contrast"),
    }
  })
}

/** Closed images that differ from the first ones by their texts alone: axe takes 30 seconds for all of them, so it sees them once. */
async function withoutTheMany(page: Page): Promise<void> {
  await page.evaluate(() => {
    for (const one of [...document.querySelectorAll("details.image")].slice(12)) one.remove()
  })
}

const looks: readonly (Look & { readonly as: string })[] = [
  { as: "in light", colorScheme: "light" },
  { as: "in dark", colorScheme: "dark" },
  { as: "on paper", media: "print" },
  { as: "on paper, printed by who likes it dark", media: "print", colorScheme: "dark" },
  { as: "on a phone", width: 360 },
]

describe.each(names)("the page of %s", (name) => {
  it.each(looks)("has nothing that axe objects to $as, colours included", { timeout: 4 * 60_000 }, async (look) => {
    const view = await opened(name, look)
    await drillDown(view.page)
    if (look.as !== "in light") await withoutTheMany(view.page)
    expect(await axeOn(view.page)).toEqual({ violations: [], sawColours: true })
    await close(view)
  })

  it("loads itself and nothing else, and the browser has nothing to complain about", async () => {
    const view = await opened(name)
    await drillDown(view.page)
    await view.page.waitForLoadState("networkidle")
    expect(view.requests).toEqual([`file://${join(folder, `${name}.html`)}`])
    expect(view.complaints).toEqual([])
    await close(view)
  })

  it.each([360, 1280])("is no wider than a window of %i pixels, whatever is opened", async (width) => {
    const view = await opened(name, { width })
    const overflow = () => view.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
    expect(await overflow()).toBeLessThanOrEqual(0)
    await drillDown(view.page)
    expect(await overflow()).toBeLessThanOrEqual(0)
    await close(view)
  })

  it("shows on paper what is folded on the screen", async () => {
    const view = await opened(name, { media: "print" })
    const hidden = await view.page.evaluate(() => {
      const folded = [...document.querySelectorAll("details:not([open]) > :not(summary)")].slice(0, 30)
      return folded.filter((element) => element.getBoundingClientRect().height === 0).length
    })
    expect(hidden).toBe(0)
    await close(view)
  })
})

describe("by keyboard alone", () => {
  const focused = (page: Page) =>
    page.evaluate(() => {
      const at = document.activeElement
      const style = at === null ? undefined : getComputedStyle(at)
      return { tag: at?.tagName, text: at?.textContent?.slice(0, 60) ?? "", outline: style?.outlineStyle }
    })

  it("the first Tab leads past everything to the images", async () => {
    const view = await opened("200-images")
    await view.page.keyboard.press("Tab")
    expect(await focused(view.page)).toMatchObject({ tag: "A", text: expect.stringContaining("Skip") as string })
    await view.page.keyboard.press("Enter")
    await view.page.keyboard.press("Tab")
    expect(await focused(view.page)).toMatchObject({
      tag: "SUMMARY",
      text: expect.stringContaining("blocked") as string,
    })
    await close(view)
  })

  it("each drill-down can be reached, seen to be reached, opened and closed", async () => {
    const view = await opened("200-images")
    const { page } = view
    const reached: string[] = []
    for (let presses = 0; presses < 12; presses++) {
      await page.keyboard.press("Tab")
      const { tag, text, outline } = await focused(page)
      expect(outline).toBe("solid")
      if (tag === "SUMMARY") reached.push(text)
    }
    const texts = await page.locator("summary:visible").allTextContents()
    expect(reached).toEqual(texts.slice(0, reached.length).map((text) => text.slice(0, 60)))
    expect(reached.length).toBeGreaterThan(5)
    const isOpen = () => page.evaluate(() => (document.activeElement?.parentElement as HTMLDetailsElement).open)
    await page.keyboard.press("Enter")
    expect(await isOpen()).toBe(true)
    await page.keyboard.press("Space")
    expect(await isOpen()).toBe(false)
    expect(await page.locator("details.image > summary[tabindex='-1']").count()).toBe(0)
    expect(await page.locator("details.image > summary").count()).toBe(200)
    await close(view)
  })
})

type Shot = { readonly file: string; readonly name: Name; readonly look?: Look; readonly of?: string }
const shots: readonly Shot[] = [
  { file: "report-passing.png", name: "passing" },
  { file: "report-blocked.png", name: "blocked", look: { height: 1250 } },
  { file: "report-evidence.png", name: "blocked", of: ".scroll > svg" },
  { file: "report-200-images.png", name: "200-images" },
  { file: "report-dark.png", name: "blocked", look: { colorScheme: "dark" } },
  { file: "report-inventory.png", name: "inventory", look: { height: 1130 } },
]

/** Of which page each picture was taken. */
async function pictured(): Promise<Record<string, string>> {
  const text = await readFile(join(pictures, "pages.json"), "utf8").catch(() => "{}")
  return JSON.parse(text) as Record<string, string>
}

async function keep(file: string, picture: Buffer, digest: string): Promise<void> {
  const known = Object.entries({ ...(await pictured()), [file]: digest }).sort()
  await writeFile(join(pictures, file), picture)
  await writeFile(join(pictures, "pages.json"), `${JSON.stringify(Object.fromEntries(known), undefined, 2)}\n`)
}

describe("the pictures in docs/reports.md", () => {
  it.each(shots)("$file can be taken, and is of the page as it is now", async ({ file, name, look, of }) => {
    const view = await opened(name, look)
    const taken = await (of === undefined ? view.page : view.page.locator(of)).screenshot({ scale: "css" })
    await close(view)
    expect(taken.length).toBeLessThan(maxPictureBytes)
    if (process.env.CSSC_PICTURES === "1") await keep(file, taken, digestOf(pages[name]))
    const kept = await readFile(join(pictures, file))
    expect(kept.subarray(1, 4).toString()).toBe("PNG")
    expect(kept.length).toBeLessThan(maxPictureBytes)
    // Fonts differ from machine to machine, so the page is compared, not its picture.
    expect((await pictured())[file], "another page: CSSC_PICTURES=1 takes the pictures again").toBe(
      digestOf(pages[name]),
    )
    expect(await readFile(join(pictures, "../reports.md"), "utf8")).toContain(`](pictures/${file})`)
  })
})
