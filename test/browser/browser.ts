// A headless Chromium for the pages that we make: nobody's profile, and no word to the network of its own.
import { execFile } from "node:child_process"
import { promisify } from "node:util"
import { type Browser, chromium } from "playwright-core"
import { browserCommand } from "../../scripts/setup.mjs"

const run = promisify(execFile)

const silent = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
// As root, which tests in a container are, Chromium has no sandbox of its own; the pages are ours.
const asRoot = process.getuid?.() === 0 ? ["--no-sandbox"] : []

export async function startBrowser(): Promise<Browser> {
  const { stdout } = await run("sh", ["-c", `command -v ${await browserCommand()}`])
  const args = [...silent, ...asRoot, "--disable-gpu", "--disable-quic", "--font-render-hinting=none"]
  return chromium.launch({ executablePath: stdout.trim(), args })
}
