// What is attached to an image and who signed it, as a graph: the image, its platforms, and their evidence.
import type { SignatureFact } from "../../attestation/signature.js"
import type { ReportedImage } from "../report.js"

export type EvidenceNode = {
  readonly id: string
  readonly lines: readonly string[]
  readonly tone: "plain" | "good" | "warn" | "bad"
  /** The node that it is attached to, or listed by. */
  readonly of?: string
}

const maxNodes = 40

export function evidenceNodes({ name, digest, assessment }: ReportedImage): { nodes: EvidenceNode[]; rest: number } {
  if (assessment === undefined) return { nodes: [], rest: 0 }
  const root: EvidenceNode = {
    id: "image",
    lines: [name.split("/").at(-1) ?? name, short(digest ?? ""), ...signatureLine(assessment.signature)],
    tone: toneOf(assessment.signature),
  }
  const parts = assessment.platforms.flatMap(
    ({ platform, digest: own, sbom, attestations = [], scan, problems }, at) => {
      const id = `p${at}`
      const lines = [platform, short(own), scan === undefined ? "not scanned" : `${scan.packages} packages`]
      const node: EvidenceNode = {
        id,
        of: "image",
        lines,
        tone: problems.length > 0 || scan === undefined ? "bad" : "plain",
      }
      const bom =
        sbom === undefined ? [] : [attached(`${id}s`, id, `SBOM, ${sbom.format}`, sbom.referrer, sbom.signature)]
      return [
        node,
        ...bom,
        ...attestations.map((one, place) =>
          attached(`${id}a${place}`, id, shortType(one.predicateType), one.referrer, one.signature),
        ),
      ]
    },
  )
  const vex = (assessment.vex?.documents ?? []).map((one, place) =>
    attached(`v${place}`, "image", `VEX by ${one.author}`, one.digest, one.signature),
  )
  const all = [root, ...parts, ...vex]
  return { nodes: all.slice(0, maxNodes), rest: Math.max(0, all.length - maxNodes) }
}

function attached(id: string, of: string, title: string, digest: string, signature?: SignatureFact): EvidenceNode {
  return { id, of, lines: [title, short(digest), ...signatureLine(signature)], tone: toneOf(signature) }
}

function signatureLine(signature: SignatureFact | undefined): string[] {
  if (signature === undefined) return []
  const { status, publisher } = signature
  if (status !== "verified") return [status]
  return [publisher === undefined || publisher === "" ? "signed by us" : `signed by ${publisher}`]
}

function toneOf(signature: SignatureFact | undefined): EvidenceNode["tone"] {
  if (signature === undefined) return "plain"
  return ({ verified: "good", unsigned: "warn", untrusted: "warn", invalid: "bad" } as const)[signature.status]
}

/** The first twelve digits, as people know digests. */
export function short(digest: string): string {
  return digest.replace(/^(sha\d+:[0-9a-f]{12})[0-9a-f]+$/, "$1")
}

function shortType(predicateType: string): string {
  return predicateType.replace(/^https?:\/\//, "")
}
