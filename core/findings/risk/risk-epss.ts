// FIRST's EPSS scores, as the daily CSV or as an answer of its API. A file that is cut short would let likely
// exploits pass in silence: the CSV must end with a line, and an answer must be whole.
// https://www.first.org/epss/data_stats and https://www.first.org/epss/api
import { z } from "zod"
import { CsscError } from "../../errors.js"
import { listSome } from "../../list-some.js"
import { digestOf } from "../../oci/digest.js"
import { checkSchema, parseJson } from "../../oci/json.js"
import { isoTime } from "../../oci/moment.js"
import type { EpssScore, FeedInfo } from "./risk.js"

/** The real one has 10 MB and 300,000 rows. */
export const maxEpssBytes = 64 * 1024 * 1024
const maxRows = 2_000_000
const maxDepth = 10
const maxProblems = 10

/** The whole feed; ids are in upper case. */
export type EpssFeed = { readonly feed: FeedInfo; readonly scores: ReadonlyMap<string, EpssScore> }

const rowPattern = /^(CVE-\d{4}-\d{4,19}),([01](?:\.\d{1,20})?),([01](?:\.\d{1,20})?)$/i
const commentPattern =
  /^#model_version:[^,\s]{1,100},score_date:(\d{4}-\d{2}-\d{2}(?:T[0-9:.]{5,16}(?:Z|[+-]\d{2}:?\d{2}))?)$/

/** Reads the unpacked CSV, or the API's JSON; throws `REPORT_INVALID` with the first problems, or `LIMIT_EXCEEDED`. */
export function readEpss(text: string, source: string): EpssFeed {
  const what = `the EPSS feed of ${source}`
  if (Buffer.byteLength(text) > maxEpssBytes) {
    throw new CsscError("LIMIT_EXCEEDED", `${what} is larger than ${maxEpssBytes} bytes`)
  }
  const { date, scores } = text.trimStart().startsWith("{") ? readAnswer(text, what) : readCsv(text, what)
  const feed = { source, digest: digestOf(text), date, entries: scores.length }
  return { feed, scores: new Map(scores.map((score) => [score.id, score])) }
}

type Read = { readonly date: string; readonly scores: readonly EpssScore[] }

function readCsv(text: string, what: string): Read {
  const lines = text.replace(/\r/g, "").split("\n")
  if (lines.length > maxRows) throw new CsscError("LIMIT_EXCEEDED", `${what} has more than ${maxRows} rows`)
  const [comment = "", header, ...rows] = lines
  const written = commentPattern.exec(comment)?.[1]?.replace(/([+-]\d{2})(\d{2})$/, "$1:$2")
  const date = isoTime(Date.parse(written ?? ""))
  const problems = [
    ...(date === undefined ? ["line 1 is not #model_version:…,score_date:…"] : []),
    ...(header === "cve,epss,percentile" ? [] : ["line 2 is not cve,epss,percentile"]),
    ...(rows.pop() === "" ? [] : ["the last line has no end: the file was cut short"]),
    ...(rows.length === 0 ? ["there is no row"] : []),
  ]
  const scores = rows.flatMap((row, at): EpssScore[] => {
    const score = scoreOf(row)
    if (score === undefined) problems.push(`line ${at + 3} is not a CVE, a score and a percentile from 0 to 1`)
    return score === undefined ? [] : [score]
  })
  if (problems.length > 0 || date === undefined) throw malformed(what, problems)
  return { date, scores }
}

function scoreOf(row: string): EpssScore | undefined {
  const [, id = "", score, percentile] = rowPattern.exec(row) ?? []
  const read = { id: id.toUpperCase(), score: Number(score), percentile: Number(percentile) }
  return read.score <= 1 && read.percentile <= 1 ? read : undefined
}

const share = z
  .union([
    z.number(),
    z
      .string()
      .regex(/^[01](\.\d{1,20})?$/)
      .transform(Number),
  ])
  .pipe(z.number().min(0).max(1))
const answerSchema = z.object({
  total: z.int().min(0),
  data: z
    .array(
      z.object({ cve: z.string().regex(/^CVE-\d{4}-\d{4,19}$/i), epss: share, percentile: share, date: z.iso.date() }),
    )
    .min(1)
    .max(maxRows),
})

// Scores of several days are as old as the oldest.
function readAnswer(text: string, what: string): Read {
  const bounds = { code: "REPORT_INVALID", what, maxBytes: maxEpssBytes, maxDepth } as const
  const { total, data } = checkSchema(answerSchema, parseJson(text, bounds), "REPORT_INVALID", what)
  if (total !== data.length) {
    throw malformed(what, [`it is one page of ${data.length} of ${total}: get the CSV, or all pages as one`])
  }
  const [oldest = ""] = data.map(({ date }) => date).sort()
  return {
    date: new Date(oldest).toISOString(),
    scores: data.map(({ cve, epss, percentile }) => ({ id: cve.toUpperCase(), score: epss, percentile })),
  }
}

function malformed(what: string, problems: readonly string[]): CsscError {
  return new CsscError("REPORT_INVALID", `${what} is malformed: ${listSome(problems, maxProblems, "; ")}`)
}
