// The peers of a mirror: what people run instead. regctl is measured when REGCTL is its path.
import { execFile } from "node:child_process"
import { promisify } from "node:util"
import type { Ends, Way } from "../support/measure-mirror.js"
import { hostTools } from "../support/parts.js"

const run = promisify(execFile)
const [first, checked, unchanged] = [
  "first copy with referrers",
  "unchanged, referrers checked",
  "unchanged, no referrers",
] as const

export async function peerMirrors(regctl: string | undefined): Promise<Way[]> {
  const { crane, oras } = await hostTools()
  const cp = ({ from, to }: Ends) =>
    run(oras, ["cp", "-r", "--no-tty", "--from-plain-http", "--to-plain-http", from, to])
  const digests = ({ from, to }: Ends) =>
    Promise.all([from, to].map((one) => run(crane, ["digest", "--insecure", one])))
  const peers: Way[] = [
    { who: "oras cp -r", steps: twice(cp) },
    // Of two steps the first is set-up, which has no row.
    { who: "crane digest", steps: [["", cp], [unchanged, digests]] }, // prettier-ignore
  ]
  return regctl === undefined ? peers : [...peers, { who: "regctl image copy", steps: twice(regctlCopy(regctl)) }]
}

function twice(work: (ends: Ends) => Promise<unknown>): Way["steps"] {
  return [
    [first, work],
    [checked, work],
  ]
}

function regctlCopy(regctl: string) {
  const host = (address: string) => ["--host", `reg=${address},tls=disabled`]
  return ({ source, target, from, to }: Ends) => {
    const hosts = [...host(source.address), ...host(target.address)]
    return run(regctl, ["image", "copy", ...hosts, "--referrers", "--digest-tags", from, to])
  }
}
