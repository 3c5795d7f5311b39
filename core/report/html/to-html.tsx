// One page that needs nothing else: it loads nothing, runs nothing, and says so to the browser.
// https://www.w3.org/TR/CSP3/
import { createHash } from "node:crypto"
import { renderToStaticMarkup } from "preact-render-to-string"
import { visible } from "../../clean-line.js"
import type { Report } from "../report.js"
import { style } from "./html-style.js"
import { ReportPage } from "./report-page.js"

const styleHash = `sha256-${createHash("sha256").update(style).digest("base64")}`
const policy = `default-src 'none'; style-src '${styleHash}'; base-uri 'none'; form-action 'none'`

export function toHtml(report: Report): string {
  const page = renderToStaticMarkup(
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta http-equiv="Content-Security-Policy" content={policy} />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <meta name="color-scheme" content="light dark" />
        <title>{report.title}</title>
        {/* Ours, and hashed above: nothing of a stranger's is in it. */}
        <style dangerouslySetInnerHTML={{ __html: style }} />
      </head>
      <body>
        <ReportPage report={report} />
      </body>
    </html>,
  )
  // Line ends are ours or in a text to paste; no other character that is not seen is left.
  return `<!doctype html>\n${page.split("\n").map(visible).join("\n")}\n`
}
