// A notice as each messenger takes it. Strangers' words are in elements that know no formatting, mention or link.
import { digestOf } from "../oci/digest.js"
import type { Outcomes } from "../outcomes/read-outcomes.js"
import { lineText, type Notice } from "./notice.js"

/** Slack takes 3,000 characters in a section. https://docs.slack.dev/reference/block-kit/blocks/section-block */
const maxSlackText = 2900
const maxImages = 500
const maxIds = 20

/** https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks */
export function slackMessage(notice: Notice): unknown {
  const { title, lines, link } = notice
  const text = slackLines(notice)
  const plain = (words: string) => ({ type: "plain_text", text: words, emoji: false })
  return {
    // What a notification shows: this alone is read as Slack's own markup.
    text: title.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;"),
    blocks: [
      { type: "header", text: plain(title) },
      ...(lines.length === 0 ? [] : [{ type: "section", text: plain(text) }]),
      ...(link === undefined
        ? []
        : [{ type: "actions", elements: [{ type: "button", text: plain("Open the run"), url: link }] }]),
    ],
  }
}

function slackLines({ lines, more }: Notice): string {
  const texts = lines.map(lineText)
  let kept = texts.length
  const text = () => [...texts.slice(0, kept), ...tail(more + texts.length - kept)].join("\n")
  while (kept > 0 && text().length > maxSlackText) kept -= 1
  return text()
}

/** An adaptive card for a Teams workflow; a TextRun is shown as it is. https://adaptivecards.io/explorer/TextRun.html */
export function teamsMessage({ title, bad, lines, more, link }: Notice): unknown {
  const rich = (text: string, look: object = {}) => ({
    type: "RichTextBlock",
    inlines: [{ type: "TextRun", text, ...look }],
  })
  const content = {
    $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
    type: "AdaptiveCard",
    version: "1.4",
    body: [
      rich(title, { weight: "bolder", size: "medium", color: bad ? "attention" : "good" }),
      ...lines.map((line) => rich(lineText(line))),
      ...tail(more).map((text) => rich(text)),
    ],
    actions: link === undefined ? [] : [{ type: "Action.OpenUrl", title: "Open the run", url: link }],
  }
  return { type: "message", attachments: [{ contentType: "application/vnd.microsoft.card.adaptive", content }] }
}

/** For programs: what happened to each image. */
export function webhookMessage({ title, bad, link }: Notice, { images }: Outcomes): unknown {
  return {
    schema: "https://cssc.dev/notification/v1",
    title,
    bad,
    ...(link === undefined ? {} : { run: link }),
    images: images.slice(0, maxImages).map(({ reference, digest, outcome, passed, verdict }) => ({
      ...{ image: reference, outcome, passed },
      ...(digest === undefined ? {} : { digest }),
      ...(verdict === undefined ? {} : { blocking: verdict.remaining.slice(0, maxIds) }),
    })),
    more: Math.max(0, images.length - maxImages),
  }
}

/** The same message always has the same id, so that a receiver knows a repetition. */
export function messageId(body: string): string {
  return `msg_${digestOf(body).slice("sha256:".length, "sha256:".length + 32)}`
}

function tail(more: number): string[] {
  return more > 0 ? [`and ${more} more`] : []
}
