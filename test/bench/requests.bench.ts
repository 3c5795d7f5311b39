// Requests of mirroring one image: ours, oras cp, crane digest and, with REGCTL=<path>, regctl, on registries with and
// without the referrers API. No engine is used.
import { it } from "vitest"
import { measureMirror, ourMirror } from "../support/measure-mirror.js"
import { peerMirrors } from "./peer-mirrors.js"
import { printTable } from "./side-by-side.js"

it.each(["api", "distribution"] as const)("requests of a mirror on %s", async (kind) => {
  const rows = await measureMirror(kind, [...ourMirror(), ...(await peerMirrors(process.env.REGCTL))])
  const told = rows.filter(({ step }) => step !== "")
  const cells = told.map(({ step, who, source, target, writes }) => [step, who, source, target, writes])
  printTable(`Mirror, ${kind}`, ["step", "who", "source", "target", "writes"], cells.sort())
})
