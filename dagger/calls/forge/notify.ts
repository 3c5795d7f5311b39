// Results, told to people and programs elsewhere.
import type { Directory, Secret } from "@dagger.io/dagger"
import { CsscError } from "../../../core/errors.js"
import { messageId, slackMessage, teamsMessage, webhookMessage } from "../../../core/notices/messages.js"
import { noticeOf } from "../../../core/notices/notice.js"
import { deliver, type Delivery } from "../../../forge/notify/deliver.js"
import { readKey, signatureHeaders } from "../../../forge/notify/signature.js"
import { readResults } from "../../session/read-results.js"
import { readAll } from "../../state/problems.js"
import { readConfig, type State } from "../../state/state.js"

export type NotifyArguments = {
  readonly results: Directory
  readonly slack: Secret | undefined
  readonly teams: Secret | undefined
  readonly webhook: Secret | undefined
  readonly webhookKey: Secret | undefined
}

export async function runNotify(state: State, args: NotifyArguments): Promise<string> {
  checkSinks(args)
  const text = async (secret: Secret | undefined) => (await secret?.plaintext())?.trim()
  const { outcomes, slack, teams, webhook, key } = await readAll({
    outcomes: () => readResults(args.results),
    slack: () => text(args.slack),
    teams: () => text(args.teams),
    webhook: () => text(args.webhook),
    key: async () => keyText(await text(args.webhookKey)),
  })
  const notice = noticeOf(outcomes, readConfig(state).run.url)
  return tellAll([
    ...(slack === undefined ? [] : [{ name: "Slack", url: slack, body: slackMessage(notice) }]),
    ...(teams === undefined ? [] : [{ name: "Teams", url: teams, body: teamsMessage(notice) }]),
    ...(webhook === undefined ? [] : [signed(webhook, webhookMessage(notice, outcomes), key, new Date())]),
  ])
}

/** Tries all; throws `DELIVERY_FAILED` with every failure, and says which were told. */
export async function tellAll(deliveries: readonly Delivery[]): Promise<string> {
  const settled = await Promise.allSettled(deliveries.map(deliver))
  const told = deliveries.filter((_, place) => settled[place]?.status === "fulfilled").map(({ name }) => name)
  const failures = settled.flatMap((one) => (one.status === "rejected" ? [one.reason as unknown] : []))
  const unexpected = failures.find((error) => !(error instanceof CsscError))
  if (unexpected !== undefined) throw unexpected
  if (failures.length === 0) return `told: ${told.join(", ")}\n`
  const reasons = failures.map((error) => (error as CsscError).reason)
  const rest = told.length === 0 ? "" : `; told: ${told.join(", ")}`
  throw new CsscError("DELIVERY_FAILED", `${reasons.join("; ")}${rest}`)
}

/** A webhook's message with its signature over the bytes that are sent. */
export function signed(url: string, message: unknown, key: string | undefined, now: Date): Delivery {
  const body = JSON.stringify(message)
  const timestamp = Math.floor(now.getTime() / 1000)
  const headers = signatureHeaders({ id: messageId(body), timestamp, body }, key)
  return { name: "the webhook", url, body: message, headers, secrets: key === undefined ? [] : [key] }
}

function keyText(text: string | undefined): string | undefined {
  if (text !== undefined) readKey(text)
  return text
}

function checkSinks({ slack, teams, webhook, webhookKey }: NotifyArguments): void {
  if (slack === undefined && teams === undefined && webhook === undefined)
    throw new CsscError("ARGUMENT_INVALID", "nobody is to be told: give slack, teams or webhook")
  if (webhookKey !== undefined && webhook === undefined)
    throw new CsscError("ARGUMENT_INVALID", "webhookKey signs what is posted to webhook: give that too")
}
