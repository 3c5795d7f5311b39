// One image, to be opened: why, what to do, its findings, platforms, evidence and exceptions.
import { groupFindings, upgradeText } from "../../evidence/render/finding-groups.js"
import { exceptionsYaml, hints } from "../../evidence/render/next-steps.js"
import { whyOf } from "../../evidence/render/outcome-sentence.js"
import type { Verdict } from "../../policy/verdict/verdict.js"
import type { Report, ReportedImage } from "../report.js"
import { becauseText, type ReportedFinding, reportedFindings } from "../reported-findings.js"
import { EvidenceGraph } from "./evidence-graph.js"
import { Advisory, DataTable, More, Outcome, SeverityName, Time } from "./html-parts.js"

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
  const { verdict, assessment, note } = image
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
        {verdict === undefined ? null : <p class="lead">{whyOf(verdict)}</p>}
        {note === undefined ? null : <p class="bad">{note}</p>}
        <p class="soft">
          {image.digest === undefined ? null : <code>{image.digest}</code>}
          {image.target === undefined ? null : <> to {image.target.split("@")[0]}</>}
        </p>
        {verdict === undefined ? null : <Reasons verdict={verdict} />}
        {verdict === undefined ? null : <ToPaste verdict={verdict} />}
        <Findings findings={findings} maxRows={maxRows} name={image.name} />
        <Platforms image={image} />
        <EvidenceGraph id={`${id}-graph`} image={image} />
        {verdict === undefined ? null : (
          <p class="soft">
            Judged <Time at={verdict.evaluatedAt} now={report.generatedAt} /> by {verdict.policy.source},{" "}
            {verdict.policy.severity} and above
            {assessment?.database === undefined ? null : (
              <>
                , with the database of <Time at={assessment.database.updatedAt} now={report.generatedAt} />
              </>
            )}
          </p>
        )}
      </div>
    </details>
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

type FindingsProps = { readonly findings: readonly ReportedFinding[]; readonly maxRows: number; readonly name: string }

function Findings({ findings, maxRows, name }: FindingsProps) {
  if (findings.length === 0) return <p>No vulnerability was found.</p>
  const rest = findings.length - maxRows
  return (
    <>
      <h4>Vulnerabilities</h4>
      <DataTable
        caption={`Vulnerabilities of ${name}, what blocks first`}
        header={["Vulnerability", "Severity", "Package", "What to do", "Platforms", "Judged"]}
        rest={rest}
      >
        {findings.slice(0, maxRows).map((reported) => (
          <FindingRow reported={reported} />
        ))}
      </DataTable>
    </>
  )
}

function FindingRow({ reported }: { reported: ReportedFinding }) {
  const { finding, platforms, judgement } = reported
  const because = becauseText(reported)
  return (
    <tr>
      <th scope="row" class="id">
        <Advisory finding={finding} />
      </th>
      <td>
        <SeverityName severity={finding.severity} />
      </td>
      <td>
        <code>
          {finding.package} {finding.version}
        </code>
      </td>
      <td>{upgradeText(finding)}</td>
      <td>{platforms.join(", ")}</td>
      <td>
        {judgement === "blocking" ? <strong class="bad">blocking</strong> : (judgement ?? "not judged")}
        {because === "" ? null : <span class="soft">: {because}</span>}
      </td>
    </tr>
  )
}

function Platforms({ image: { verdict, name } }: { image: ReportedImage }) {
  if (verdict === undefined || verdict.platforms.length === 0) return null
  return (
    <>
      <h4>Platforms</h4>
      <DataTable
        caption={`Platforms of ${name}`}
        header={["Platform", "OS", "Packages", "Not assessed", "Blocking", "SBOM"]}
      >
        {verdict.platforms.map((row) => (
          <tr>
            <th scope="row">{row.platform}</th>
            <td>{row.os ?? "–"}</td>
            <td>{row.packages}</td>
            <td>{row.unassessed.length}</td>
            <td>{row.blocking.length}</td>
            <td>{row.missingSbom ? <span class="bad">missing</span> : (row.sbomSignature?.status ?? "–")}</td>
          </tr>
        ))}
      </DataTable>
    </>
  )
}
