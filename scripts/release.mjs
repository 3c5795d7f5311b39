// `npm run release -- --dry-run`: makes a release of this commit, and says what would be done with it. Without --dry-run it is pushed
// to the quarantine as an image, what we state about it is attached and signed, and our own gate promotes it: by this module.
import { execFileSync } from "node:child_process"
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join, resolve } from "node:path"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { checkStep, makeRelease, notesOf } from "./release-parts.mjs"

const root = fileURLToPath(new URL("..", import.meta.url))
const { values } = parseArgs({
  options: {
    "dry-run": { type: "boolean", default: false },
    out: { type: "string", default: "release" },
    quarantine: { type: "string", default: "ghcr.io/acme/quarantine/cssc" },
    target: { type: "string", default: "ghcr.io/acme/cssc" },
    version: { type: "string" },
    previous: { type: "string" },
  },
})
const { GITHUB_SERVER_URL = "https://github.com", GITHUB_REPOSITORY = "acme/cssc", GITHUB_RUN_ID = "" } = process.env
const source = `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}`
const commit = execFileSync("git", ["rev-parse", "HEAD"], { cwd: root, encoding: "utf8" }).trim()
const version = values.version ?? JSON.parse(readFileSync(join(root, "package.json"), "utf8")).version
const out = resolve(values.out)

const notes = notesOf(version, { rehearsal: values["dry-run"] })
if (values.previous !== undefined) checkStep(values.previous, version, notes)
rmSync(out, { recursive: true, force: true })
mkdirSync(out, { recursive: true })
writeFileSync(join(out, "notes.md"), notes)
const invocation = GITHUB_RUN_ID === "" ? "" : `${source}/actions/runs/${GITHUB_RUN_ID}`
const digest = await makeRelease(out, {
  version,
  commit,
  source,
  builder: `${source}/.github/workflows/release.yml`,
  invocation,
})

const image = `${values.quarantine}:${version}`
const login = ["--registry", values.target.split("/")[0], "--username", process.env.REGISTRY_USER ?? "robot"]
const ours = ["call", ...login, "--password", "env://REGISTRY_TOKEN", "--signing-key", "env://SIGNING_KEY"]
const policy = ["--policy", ".github/release-policy.yaml"]
const about = (name) => [
  ...ours,
  "attach",
  "--image",
  `${values.quarantine}@${digest}`,
  "--statement",
  join(out, name),
  "json",
]
const steps = [
  ["oras", "cp", "--from-oci-layout", `${join(out, "image")}:${version}`, image],
  ["dagger", ...about("sbom.json")],
  ["dagger", ...about("provenance.json")],
  ["dagger", ...ours, ...policy, "promote", "--image", image, "--target", values.target, "enforce"],
]
for (const [program, ...words] of steps) {
  console.log([program, ...words].join(" "))
  if (!values["dry-run"]) execFileSync(program, words, { cwd: root, stdio: "inherit" })
}
console.log(`${values["dry-run"] ? "would release" : "released"} ${version} as ${values.target}@${digest}`)
