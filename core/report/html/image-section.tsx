// One image, to be opened: why, what to do, its findings, platforms, evidence and exceptions.
import type { ComponentChildren } from "preact"
import { groupFindings } from "../../evidence/render/finding-groups.js"
import { exceptionsYaml, hints } from "../../evidence/render/next-steps.js"
import { whyOf } from "../../evidence/render/outcome-sentence.js"
import type { Verdict } from "../../policy/verdict/verdict.js"
import { type Report, type ReportedImage, withoutDigest } from "../report.js"
import { reportedFindings } from "../reported-findings.js"
import { EvidenceGraph } from "./evidence-graph.js"
import { More, Outcome, Time } from "./html-parts.js"
import { Findings, Platforms } from "./image-tables.js"

const maxExceptions = 25
const maxReasons = 30

type Props = {
  readonly id: string
  readonly image: ReportedImage
  readonly report: Report
  readonly open: boolean
  readonly maxRows: number
}

export function ImageSection({ id, image, report, open, maxRows }: Props) {
  const { verdict, note } = image
  const findings = reportedFindings(image)
  const blocking = findings.filter(({ judgement }) => judgement === "blocking").length
  return (
    <details class="image" open={open}>
      <summary>
        <Outcome image={image} kind={report.kind} />
        <h3>{image.name}</h3>
        <span class="soft">
          {findings.length} found{blocking > 0 ? `, ${blocking} blocking` : ""}
        </span>
      </summary>
      <div>
        {/* Of one image it is the headline. */}
        {verdict === undefined || report.images.length === 1 ? null : <p class="lead">{whyOf(verdict)}</p>}
        {note === undefined ? null : <p class="bad">{note}</p>}
        <Facts image={image} now={report.generatedAt} />
        {verdict === undefined ? null : <Reasons verdict={verdict} />}
        {verdict === undefined ? null : <ToPaste verdict={verdict} />}
        <Findings findings={findings} maxRows={maxRows} name={image.name} />
        <Platforms image={image} />
        <EvidenceGraph id={`${id}-graph`} image={image} />
      </div>
    </details>
  )
}

function Facts({ image: { digest, target, verdict, assessment }, now }: { image: ReportedImage; now: string }) {
  return (
    <dl class="facts">
      {digest === undefined ? null : (
        <Fact name="Digest">
          <code>{digest}</code>
        </Fact>
      )}
      {target === undefined ? null : (
        <Fact name="Target">
          <code>{withoutDigest(target)}</code>
        </Fact>
      )}
      {verdict === undefined ? null : (
        <Fact name="Judged">
          <Time at={verdict.evaluatedAt} now={now} /> by {verdict.policy.source}, {verdict.policy.severity} and above
        </Fact>
      )}
      {assessment?.database === undefined ? null : (
        <Fact name="Database">
          <Time at={assessment.database.updatedAt} now={now} />
        </Fact>
      )}
    </dl>
  )
}

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function Reasons({ verdict }: { verdict: Verdict }) {
  const reasons = verdict.reasons.filter(({ effect, code }) => effect === "block" && code !== "FINDINGS")
  if (reasons.length === 0) return null
  const rest = reasons.length - maxReasons
  return (
    <>
      <h4>What stops it</h4>
      <ul>
        {reasons.slice(0, maxReasons).map(({ code, message }) => (
          <li>
            <strong>{code}</strong> {message}
            {hints[code] === undefined ? null : <span class="soft"> What to do: {hints[code]}.</span>}
          </li>
        ))}
        {rest > 0 ? <li>and {rest} more</li> : null}
      </ul>
    </>
  )
}

function ToPaste({ verdict }: { verdict: Verdict }) {
  const groups = groupFindings(verdict.findings.filter(({ judgement }) => judgement === "blocking"))
  if (groups.length === 0) return null
  return (
    <More title="The exception to paste into the policy, where there is no way around it">
      <pre tabIndex={0}>
        <code>{exceptionsYaml(groups.slice(0, maxExceptions))}</code>
      </pre>
    </More>
  )
}
