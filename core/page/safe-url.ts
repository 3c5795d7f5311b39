// Addresses that strangers give: only what a browser fetches over HTTP, with nothing in it that ends a link early.
import { visible } from "../clean-line.js"

const maxLength = 2000
const escapes = /[|()<>[\]{}\\^`"'*_~\s]/g

/** The address as it may be linked; undefined when it is none, has another scheme, or carries a password. */
export function safeUrl(text: string | undefined): string | undefined {
  if (text === undefined || text.length > maxLength || visible(text) !== text) return undefined
  if (!URL.canParse(text)) return undefined
  const { protocol, username, password, href } = new URL(text)
  if (!["https:", "http:"].includes(protocol) || username !== "" || password !== "") return undefined
  return href.replace(escapes, (char) => (char === "_" || char === "~" ? char : percent(char)))
}

function percent(char: string): string {
  return `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`
}
