// Exported results, read again for a report: they come from outside, so every document is checked like any other. A report
// of them shows what they say, and proves nothing.
import { z } from "zod"
import { CsscError } from "../errors.js"
import { parseAssessment } from "../findings/parse-assessment.js"
import { digestSchema, text } from "../oci/document-parts.js"
import { checkSchema, parseJson } from "../oci/json.js"
import { parseVerdict, parseVerdictValue } from "../policy/verdict/parse-verdict.js"
import { outcomeSchema } from "./outcome-schema.js"
import { fleetType, readFleetReport, type RunImages } from "./read-fleet-report.js"
import { inventoryType, readInventory } from "./read-inventory.js"
import { type EarlierResult, type Report, type ReportedImage, withoutDigest } from "./report.js"
import { imagesPoint, inventoryPoint } from "./trend-points.js"

export type ResultTexts = {
  readonly result?: string
  readonly verdict?: string
  /** result.json of an inventory, to be shown beside. */
  readonly inventory?: string
  /** By tag; "" for a result about one image. */
  readonly assessments: ReadonlyMap<string, string>
  /** Of a fleet: the runs below runs/. */
  readonly runs?: readonly RunTexts[]
}

/** A run's own result, and the assessments of its tags. */
export type RunTexts = { readonly result: string; readonly assessments: ReadonlyMap<string, string> }

const maxBytes = 256 * 1024 * 1024
const maxTags = 10_000
const promotionSchema = z.looseObject({
  outcome: outcomeSchema,
  source: text.optional(),
  target: text.optional(),
  digest: digestSchema.optional(),
  error: text.optional(),
  verdict: z.unknown().optional(),
})
const runSchema = z.looseObject({
  source: text,
  target: text.optional(),
  tags: z.array(promotionSchema.extend({ tag: text })).max(maxTags),
})
type Told = z.infer<typeof promotionSchema>

/** Throws `REPORT_INVALID` with what is malformed, or when nothing of ours is there. */
export function readResults({ inventory, ...texts }: ResultTexts): Omit<Report, "generatedAt"> {
  const read = readImages(texts)
  if (inventory === undefined) return read
  const what = "the inventory's result.json"
  return { ...read, inventory: readInventory(parse(inventory, what), what) }
}

function readImages(texts: Omit<ResultTexts, "inventory">): Omit<Report, "generatedAt"> {
  const { result, verdict, assessments, runs = [] } = texts
  if (result !== undefined) return fromResult(parse(result, "result.json"), assessments, runs)
  if (verdict === undefined)
    throw new CsscError(
      "REPORT_INVALID",
      "the directory has neither result.json nor verdict.json: export `results` of a gate, promotion, run, fleet or inventory into it",
    )
  const read = parseVerdict(verdict)
  const name = withoutDigest(read.image.reference)
  const image = { name, digest: read.image.digest, outcome: read.outcome, verdict: read, ...assessed(assessments, "") }
  return { title: name, kind: "gate", images: [image] }
}

function fromResult(
  document: unknown,
  assessments: ResultTexts["assessments"],
  runs: readonly RunTexts[],
  name = "result.json",
): Omit<Report, "generatedAt"> {
  if (isOfType(document, fleetType)) return readFleetReport(document, name, imagesOfRuns(runs))
  if (isInventory(document)) {
    const inventory = readInventory(document, "result.json")
    return { title: inventory.repository, kind: "inventory", images: [], inventory }
  }
  if (!isRun(document)) {
    const promotion = checkSchema(promotionSchema, document, "REPORT_INVALID", "result.json")
    const image = imageOf(promotion, promotion.source ?? "image", assessed(assessments, ""))
    return { title: image.name, kind: "promotion", images: [image] }
  }
  const { source, tags } = checkSchema(runSchema, document, "REPORT_INVALID", "result.json")
  return { title: source, kind: "run", images: tags.map((one) => imageOfTag(one, source, assessments)) }
}

type TagTold = z.infer<typeof runSchema>["tags"][number]

function imageOfTag(one: TagTold, source: string, assessments: ResultTexts["assessments"]): ReportedImage {
  return imageOf(one, `${source}:${one.tag}`, assessed(assessments, one.tag))
}

function imagesOfRuns(runs: readonly RunTexts[]): RunImages {
  const images = runs.flatMap(({ result, assessments }) => {
    const document = checkSchema(runSchema, parse(result, "a run of the fleet"), "REPORT_INVALID", "a run of the fleet")
    const { source, target = "", tags } = document
    return tags.map((one) => [`${target}:${one.tag}`, imageOfTag(one, source, assessments)] as const)
  })
  return new Map(images)
}

function imageOf(told: Told, source: string, more: Partial<ReportedImage>): ReportedImage {
  const { outcome, digest, target, error, verdict } = told
  return {
    name: withoutDigest(source),
    outcome,
    ...(digest === undefined ? {} : { digest }),
    ...(target === undefined ? {} : { target }),
    ...(error === undefined ? {} : { note: error }),
    ...(verdict === undefined ? {} : { verdict: parseVerdictValue(verdict, "the verdict in result.json") }),
    ...more,
  }
}

function assessed(assessments: ResultTexts["assessments"], tag: string): Partial<ReportedImage> {
  const found = assessments.get(tag)
  return found === undefined ? {} : { assessment: parseAssessment(found, `assessment.json of ${tag || "the image"}`) }
}

/** One point of the trend; undefined for a result in which nothing was judged, which has no time. */
export function readEarlier(name: string, content: string, runs: readonly string[] = []): EarlierResult | undefined {
  const document = parse(content, name)
  if (isInventory(document)) return inventoryPoint(readInventory(document, name))
  const { images } = name.endsWith("verdict.json")
    ? readResults({ verdict: content, assessments: new Map() })
    : fromResult(
        document,
        new Map(),
        runs.map((result) => ({ result, assessments: new Map() })),
        name,
      )
  const at = images
    .flatMap(({ verdict }) => verdict?.evaluatedAt ?? [])
    .sort()
    .at(-1)
  return at === undefined ? undefined : imagesPoint(images, at)
}

function isInventory(document: unknown): boolean {
  return isOfType(document, inventoryType)
}

function isOfType(document: unknown, type: string): boolean {
  return typeof document === "object" && document !== null && "schema" in document && document.schema === type
}

function isRun(document: unknown): boolean {
  return typeof document === "object" && document !== null && "tags" in document
}

function parse(content: string, what: string): unknown {
  return parseJson(content, { code: "REPORT_INVALID", what, maxBytes, maxDepth: 64 })
}
