// A page in the forms that a result has: text for the terminal that asked, Markdown for a forge, and both as files.
import type { Page } from "../../core/page/page.js"
import { toMarkdown } from "../../core/page/to-markdown.js"
import { toText } from "../../core/page/to-text.js"
import type { Config } from "../state/state.js"

export type Told = { readonly summary: string; readonly markdown: string }
/** How the caller wants it. */
export type Look = { readonly colour: boolean }

/** Colour, unless the caller asked for none. */
export function lookOf({ plain = false }: Pick<Config, "plain">): Look {
  return { colour: !plain }
}

export function tell(page: Page, { colour }: Look, now = new Date()): Told {
  return { summary: toText(page, { colour, now }), markdown: toMarkdown(page, { now }) }
}

/** For a job's artifacts: text without colour, since nobody knows where it is printed. */
export function summaryFiles(page: Page, now = new Date()) {
  return { "summary.md": toMarkdown(page, { now }), "summary.txt": toText(page, { colour: false, now }) }
}
