// A summary before it has a form: what is told, in blocks, with the texts of strangers as they are. Each form (Markdown for
// a forge, text for a terminal) makes them harmless in its own way.
export type Tone = "good" | "bad" | "warn" | "faint" | "strong"
/** Seen before anything is read. */
export type Sign = "good" | "bad" | "unknown" | "same"

export type Span =
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "mark"; readonly tone: Tone; readonly text: string }
  | { readonly kind: "sign"; readonly sign: Sign }
  /** Without an address that may be followed it is its text alone. */
  | { readonly kind: "link"; readonly text: string; readonly url: string | undefined }
  /** ISO 8601; told as an age. */
  | { readonly kind: "time"; readonly at: string }

export type Inline = string | Span
export type Content = Inline | readonly Inline[]

export type Block =
  | { readonly kind: "heading"; readonly level: 2 | 3; readonly content: Content }
  | { readonly kind: "paragraph"; readonly content: Content }
  | { readonly kind: "quote"; readonly lines: readonly Content[] }
  | { readonly kind: "list"; readonly items: readonly Content[] }
  | { readonly kind: "facts"; readonly rows: readonly (readonly [string, Content])[] }
  | Table
  /** Text to paste, as it is. */
  | { readonly kind: "fence"; readonly language: string; readonly text: string }
  /** What changes nothing: folded away in Markdown, its title alone in a terminal. */
  | { readonly kind: "fold"; readonly title: string; readonly blocks: Page }

export type Table = {
  readonly kind: "table"
  readonly header: readonly string[]
  readonly rows: readonly (readonly Content[])[]
  /** Rows that are not shown. */
  readonly rest?: number
  /** One more line for each row, where a terminal has no links. */
  readonly below?: readonly string[]
  /** The last columns that a terminal has no room for. */
  readonly wide?: number
}

export type Page = readonly Block[]

export const code = (text: string): Span => ({ kind: "code", text })
export const mark = (tone: Tone, text: string): Span => ({ kind: "mark", tone, text })
export const signed = (sign: Sign): Span => ({ kind: "sign", sign })
export const link = (text: string, url: string | undefined): Span => ({ kind: "link", text, url })
export const time = (at: string): Span => ({ kind: "time", at })

export const heading = (level: 2 | 3, ...content: Inline[]): Block => ({ kind: "heading", level, content })
export const paragraph = (...content: Inline[]): Block => ({ kind: "paragraph", content })
export const list = (items: readonly Content[]): Block => ({ kind: "list", items })
export const facts = (rows: readonly (readonly [string, Content])[]): Block => ({ kind: "facts", rows })
export const fold = (title: string, blocks: Page): Block => ({ kind: "fold", title, blocks })

/** A table of the first rows, that says how many more there are. */
export function table(header: readonly string[], rows: readonly (readonly Content[])[], maxRows = 100): Table {
  const rest = rows.length - maxRows
  return { kind: "table", header, rows: rows.slice(0, maxRows), ...(rest > 0 ? { rest } : {}) }
}

/** The first 12 digits of a digest: enough to recognise it. */
export function shortDigest(digest: string): Span {
  return code(digest.replace(/^(sha\d+:[0-9a-f]{12})[0-9a-f]+$/, "$1"))
}

/** The first of some parts with commas between, and how many more there are. */
export function some(parts: readonly Inline[], max: number): Inline[] {
  const rest = parts.length - max
  const shown = parts.slice(0, max).flatMap((part, place) => (place === 0 ? [part] : [", ", part]))
  return rest > 0 ? [...shown, ` and ${rest} more`] : shown
}

/** `1 tag`, `2 tags`. */
export function counted(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`
}

export function inlines(content: Content): readonly Inline[] {
  return Array.isArray(content) ? (content as readonly Inline[]) : [content as Inline]
}
