// The tables of one image: its vulnerabilities, and its platforms.
import { upgradeText } from "../../evidence/render/finding-groups.js"
import type { Verdict } from "../../policy/verdict/verdict.js"
import type { ReportedImage } from "../report.js"
import { becauseText, type ReportedFinding } from "../reported-findings.js"
import { Advisory, DataTable, SeverityName } from "./html-parts.js"

type FindingsProps = { readonly findings: readonly ReportedFinding[]; readonly maxRows: number; readonly name: string }

export function Findings({ findings, maxRows, name }: FindingsProps) {
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
    <tr class={judgement === "blocking" ? "stops" : undefined}>
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
        {judgement === "blocking" ? (
          <strong class="bad">blocking</strong>
        ) : (
          (judgement?.replace("-", " ") ?? "not judged")
        )}
        {because === "" ? null : <span class="soft">: {because}</span>}
      </td>
    </tr>
  )
}

export function Platforms({ image: { verdict, name } }: { image: ReportedImage }) {
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
            <td>
              <SbomCell row={row} />
            </td>
          </tr>
        ))}
      </DataTable>
    </>
  )
}

function SbomCell({ row: { missingSbom, sbomSignature } }: { row: Verdict["platforms"][number] }) {
  if (missingSbom) return <span class="bad">missing</span>
  if (sbomSignature === undefined) return <>–</>
  const { status, publisher = "" } = sbomSignature
  if (status !== "verified") return <span class="warn">{status}</span>
  return <span class="good">{publisher === "" ? "signed by us" : `signed by ${publisher}`}</span>
}
