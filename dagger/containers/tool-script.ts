// One shell script that runs many commands side by side and gives back, for each, its exit code, output and messages.
// An exec costs far more than the request that it makes, so what is asked for at the same time shares one. The script
// is POSIX sh: it runs in dash and in busybox.
import { CsscError } from "../../core/errors.js"
import {
  LONG_SECONDS,
  type RegistryAccess,
  SHORT_SECONDS,
  type Side,
  type ToolCommand,
  type ToolJob,
  type ToolResult,
} from "./tool-job.js"

/** A job whose repositories were turned into what the commands read: folders, flags, certificates. */
export type PreparedJob = { readonly job: ToolJob; readonly commands: readonly PreparedCommand[] }
export type PreparedCommand = ToolCommand<RegistryAccess & { readonly side: Side }>

/** Where the script works: `input` holds `<n>/<file>` of each job, `output` is created. */
export type ScriptFolders = { readonly input: string; readonly output: string }

/** Commands that one script runs side by side; oras itself makes up to 3 requests at a time. */
export const PARALLEL_COMMANDS = 8

const ulimitBlock = 512

/** Bytes at the end of a command's messages that are kept: its error is the last thing that it says. */
const MESSAGE_BYTES = 16384

/** The script for these commands; run it with `sh`. Results are read back from `<output>/results`. */
export function toolScript(jobs: readonly PreparedJob[], folders: ScriptFolders): string {
  const cases = jobs.map((prepared, index) => `${index}) ${caseOf(prepared, `${folders.input}/${index}`)} ;;`)
  return `set -u
out=${quote(folders.output)}
if [ $# -eq 0 ]; then
  mkdir -p "$out"
  for name in $(env | sed -n 's/^\\(TRIVY_[A-Za-z0-9_]*\\)=.*/\\1/p'); do unset "$name"; done
  seq 0 ${jobs.length - 1} | xargs -n 1 -P ${PARALLEL_COMMANDS} sh "$0"
  for i in $(seq 0 ${jobs.length - 1}); do
    printf '%s %s ' "$i" "$(cat "$out/$i.code")"
    base64 -w 0 "$out/$i.out"
    printf ' '
    base64 -w 0 "$out/$i.err"
    echo
  done >"$out/results"
  exit 0
fi
i=$1
case $i in
${cases.join("\n")}
esac
: >"$out/$i.out"
{ { (ulimit -f "$blocks"; exec timeout "$seconds" "$@"); echo $? >"$out/$i.code"; } 2>&1 >"$out/$i.out" | tail -c ${MESSAGE_BYTES} >"$out/$i.err"; }
exit 0
`
}

/** Reads what the script left in `results`: one line per command. */
export function readToolResults(text: string, count: number): ToolResult[] {
  const results = text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [, code = "", stdout = "", stderr = ""] = line.split(" ")
      return {
        exitCode: Number.parseInt(code, 10),
        stdout: Buffer.from(stdout, "base64"),
        stderr: Buffer.from(stderr, "base64").toString("utf8"),
      }
    })
  if (results.length === count && results.every((result) => Number.isInteger(result.exitCode))) return results
  throw new CsscError(
    "TOOL_FAILED",
    `the tools' container gave ${results.length} of ${count} results: the toolbox needs sh, sed, seq, xargs, timeout and base64`,
  )
}

/** A word as the shell takes it literally. */
export function quote(word: string): string {
  return /^[A-Za-z0-9_./:@=,+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}

function caseOf({ job, commands }: PreparedJob, folder: string): string {
  const lines = commands.map((command) => preparedWords(command).map(quote).join(" "))
  return [
    `mkdir -p ${quote(folder)}; cd ${quote(folder)}`,
    `blocks=${Math.ceil(job.maxOutputBytes / ulimitBlock) + 1}`,
    `seconds=${job.long === true ? LONG_SECONDS : SHORT_SECONDS}`,
    `set -- ${lines.length === 1 ? lines.join() : `sh -c ${quote(lines.join(" && "))}`}`,
  ].join("; ")
}

/** The words of a command with its credentials' folders, transport flags and environment. */
export function preparedWords({ command, access }: PreparedCommand): string[] {
  const tool = command[0] ?? ""
  const environment = Object.entries(environmentOf(tool, access)).map(([name, value]) => `${name}=${value}`)
  return [...(environment.length === 0 ? [] : ["env", ...environment]), ...command, ...flags(tool, access)]
}

type Access = PreparedCommand["access"]

function flags(tool: string, access: Access): string[] {
  if (tool === "crane") return access.some((one) => one.plainHttp) ? ["--insecure"] : []
  if (tool !== "oras") return []
  return access.flatMap(({ side, configFolder, plainHttp, caFile }) => {
    const prefix = side === "" ? "--" : `--${side}-`
    return [
      ...(configFolder === undefined ? [] : [`${prefix}registry-config`, `${configFolder}/config.json`]),
      ...(plainHttp ? [`${prefix}plain-http`] : []),
      ...(caFile === undefined ? [] : [`${prefix}ca-file`, caFile]),
    ]
  })
}

function environmentOf(tool: string, access: Access): Record<string, string> {
  if (tool === "oras") return {}
  const config = access.find((one) => one.configFolder !== undefined)?.configFolder
  const certificates = access.flatMap(({ caFile }) =>
    caFile === undefined ? [] : [caFile.slice(0, caFile.lastIndexOf("/"))],
  )
  return {
    ...(config === undefined ? {} : { DOCKER_CONFIG: config }),
    ...(certificates.length === 0 ? {} : { SSL_CERT_DIR: ["/etc/ssl/certs", ...certificates].join(":") }),
    ...(tool === "trivy" && access.some((one) => one.plainHttp)
      ? { TRIVY_INSECURE: "true", TRIVY_NON_SSL: "true" }
      : {}),
  }
}
