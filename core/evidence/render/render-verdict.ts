// A verdict as a page that a reviewer can decide on: what happens and why first, what to do next, the proof folded away.
import {
  code,
  type Content,
  facts,
  fold,
  heading,
  type Inline,
  list,
  mark,
  type Page,
  paragraph,
  shortDigest,
  signed,
  some,
  time,
} from "../../page/page.js"
import type { Reason, ReasonCode, Verdict } from "../../policy/verdict/verdict.js"
import { renderLedger, renderOverride } from "./acceptance-table.js"
import { groupFindings, severityText } from "./finding-groups.js"
import { blockingFindings, foldedFindings } from "./finding-tables.js"
import { nextSteps } from "./next-steps.js"
import { judgedWords, signOf, whyOf } from "./outcome-sentence.js"
import { platformTable } from "./platform-table.js"
import { renderRegression } from "./regression-table.js"
import { renderVex } from "./vex-table.js"

const maxReasons = 50
/** Told by the table of blocking vulnerabilities already, each id once. */
const toldByTable: ReadonlySet<ReasonCode> = new Set<ReasonCode>(["FINDINGS"])

/** The page of a gate or of judged reports. `named` is the image as it was asked for, with its tag. */
export function renderVerdict(verdict: Verdict, named = verdict.image.reference): Page {
  return [
    heading(2, signed(signOf(verdict.outcome)), ` ${judgedWords(verdict.outcome)}: `, ...imageName(named)),
    ...verdictBody(verdict),
  ]
}

/** The verdict without its headline: a promotion has one of its own. */
export function verdictBody(verdict: Verdict): Page {
  const found = severityText(groupFindings(verdict.findings))
  return [
    paragraph(mark("strong", whyOf(verdict)), found === "none" ? "" : ` Found: ${found}.`),
    ...renderOverride(verdict.override),
    ...platformTable(verdict),
    ...reasonList(
      "What stops it",
      verdict.reasons.filter(({ effect, code: name }) => effect === "block" && !toldByTable.has(name)),
    ),
    ...blockingFindings(verdict),
    ...nextSteps(verdict),
    ...foldedFindings(verdict),
    ...alsoGood(verdict.reasons.filter(({ effect }) => effect === "report")),
    ...renderRegression(verdict.regression),
    ...renderVex(verdict.vex),
    ...renderLedger(verdict.exceptions),
    fold(`How it was judged: ${verdict.method}, ${verdict.policy.severity} and above`, [facts(inputRows(verdict))]),
  ]
}

/** `registry/repository:tag` with the beginning of its digest beside it. */
export function imageName(reference: string): Inline[] {
  const [name = "", digest] = reference.split("@")
  return digest === undefined ? [code(name)] : [code(name), " ", shortDigest(digest)]
}

function reasonList(title: string, reasons: readonly Reason[]): Page {
  return reasons.length === 0 ? [] : [heading(3, title), reasonItems(reasons)]
}

function alsoGood(reasons: readonly Reason[]): Page {
  return reasons.length === 0 ? [] : [fold(`Also good to know: ${reasons.length}`, [reasonItems(reasons)])]
}

function reasonItems(reasons: readonly Reason[]) {
  const rest = reasons.length - maxReasons
  const items = reasons.slice(0, maxReasons).map(({ code: name, message }) => [mark("strong", name), ` ${message}`])
  return list([...items, ...(rest > 0 ? [`and ${rest} more`] : [])])
}

function inputRows(verdict: Verdict): [string, Content][] {
  const { image, policy, database, tools, method, predicateType, evaluatedAt, riskFeeds = [] } = verdict
  const named = database?.digest === undefined ? [] : [" ", shortDigest(database.digest)]
  return [
    ["Image digest", code(image.digest)],
    ["Judged", time(evaluatedAt)],
    ["Method", predicateType === undefined ? method : [`${method} of `, code(predicateType)]],
    ["Policy", [`${policy.source}, ${policy.severity} and above, `, shortDigest(policy.digest)]],
    ["Vulnerability database", database === undefined ? mark("bad", "unknown") : [time(database.updatedAt), ...named]],
    ...riskFeeds.map(({ source, date, entries }): [string, Content] => [
      "Risk feed",
      `${source}, ${date}, ${entries} entries`,
    ]),
    [
      "Tools",
      tools.length === 0
        ? mark("bad", "unknown")
        : some(
            tools.map(({ name, version }) => code(`${name} ${version}`)),
            20,
          ),
    ],
  ]
}
