// Runs other programs. Their output is progress, so it goes to stderr: stdout belongs to the script's own result.
import { spawn } from "node:child_process"
import { createInterface } from "node:readline"

const children = new Set()
let interrupted = false

// An interrupted script ends what it runs and starts nothing more, but still cleans up after itself: a Dagger engine
// that it started would outlive it. The second signal ends it at once.
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, () => {
    if (interrupted) process.exit(1)
    interrupted = true
    for (const child of children) child.kill("SIGTERM")
  })
}

/** Like `run`, for what must also happen after an interruption. */
export function cleanUp(command, args) {
  const wasInterrupted = interrupted
  interrupted = false
  return run(command, args).finally(() => (interrupted = wasInterrupted))
}

/**
 * Runs a program to its end and rejects when it fails.
 *
 * @param options as for `spawn`; `output` is where its stdout goes ("inherit": to ours) and `input` where its stdin comes
 *   from; with `quiet`, what it says is shown only when it fails; with `shows`, of its stderr only the lines that pass
 */
export function run(command, args, options = {}) {
  const { quiet = false, input = "ignore", output = process.stderr, shows, ...more } = options
  if (interrupted) return Promise.reject(new Error("interrupted"))
  return new Promise((resolve, reject) => {
    const stdio = quiet ? ["ignore", "pipe", "pipe"] : [input, output, shows ? "pipe" : process.stderr]
    const child = spawn(command, args, { ...more, stdio })
    children.add(child)
    const said = []
    if (quiet) for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => said.push(chunk))
    else if (shows) createInterface(child.stderr).on("line", (line) => shows(line) && console.error(line))
    child.on("error", (cause) => reject(new Error(`${command}: ${cause.message}`)))
    child.on("close", (code, signal) => {
      children.delete(child)
      if (code === 0) return resolve()
      if (quiet) process.stderr.write(Buffer.concat(said))
      reject(new Error(`${[command, ...args].join(" ")} failed (${signal ?? `exit code ${code}`})`))
    })
  })
}

/** Whether the program runs and succeeds, within the time given; what it prints is dropped. */
export function succeeds(command, args, { timeout = 10_000, ...options } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { ...options, timeout, stdio: "ignore" })
    child.on("error", () => resolve(false))
    child.on("close", (code) => resolve(code === 0))
  })
}

/** Ends a script with one line instead of a stack trace. */
export function fail(error) {
  console.error(`cssc: ${error instanceof Error ? error.message : error}`)
  process.exitCode = 1
}
