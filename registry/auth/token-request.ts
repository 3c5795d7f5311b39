// Asks a token server for a Bearer token.
// https://distribution.github.io/distribution/spec/auth/token/ and …/oauth/
import { z } from "zod"
import { refusalError } from "../failure/classify-answer.js"
import { refused, unauthorized } from "../failure/failure-kinds.js"
import { parseOciError } from "../failure/oci-error.js"
import { isNotFound, RegistryError } from "../failure/registry-error.js"
import type { Answer, Sent } from "../http/answer.js"
import { readBody, readErrorText } from "../http/read-body.js"
import type { Wire } from "../http/round-trip.js"
import type { BearerChallenge } from "./challenge.js"
import { basicHeader, type Login, secretsOf } from "./login.js"

/** `expires` is by the monotonic clock: a jump of the wall clock makes no token older. */
export type Token = { readonly value: string; readonly expires: number }

/** Bytes of a token server's answer; tokens have some KiB. */
const maxTokenBytes = 256 * 1024
/** What the specification assumes when nothing is said; and how much earlier another one is asked for. */
const defaultSeconds = 60
const clientId = "cssc"

const answerSchema = z.looseObject({
  token: z.string().optional(),
  access_token: z.string().optional(),
  expires_in: z.number().optional().catch(undefined),
})

/** With a refresh token by POST, else with name and password as Basic, else as anybody. */
export async function requestToken(wire: Wire, challenge: BearerChallenge, login: Login): Promise<Token> {
  const sent = login.identityToken === undefined ? byGet(challenge, login) : byPost(challenge, login.identityToken)
  const action = `get a token of ${sent.url.host}`
  const asked = performance.now()
  const answer = await wire.send(sent, action)
  if (answer.status !== 200) throw await refusal(answer, action, login)
  const body = answerSchema.safeParse(parse(await readBody(answer, maxTokenBytes, action)))
  const value = body.data?.token || body.data?.access_token
  if (!value) {
    const text = `${sent.method} ${sent.url.host}${sent.url.pathname} answered 200`
    throw new RegistryError(action, { ...refused, what: "its answer holds no token" }, { text })
  }
  const seconds = body.data?.expires_in ?? defaultSeconds
  return { value, expires: asked + Math.max(0, seconds) * 1000 }
}

function byGet({ realm, service, scope }: BearerChallenge, { basic }: Login): Sent {
  const url = new URL(realm)
  if (service !== undefined) url.searchParams.set("service", service)
  for (const one of (scope ?? "").split(" ")) if (one !== "") url.searchParams.append("scope", one)
  return { method: "GET", url, headers: basic === undefined ? {} : { authorization: basicHeader(basic) } }
}

function byPost({ realm, service, scope }: BearerChallenge, refreshToken: string): Sent {
  const form = new URLSearchParams({
    grant_type: "refresh_token",
    client_id: clientId,
    refresh_token: refreshToken,
    ...(service === undefined ? {} : { service }),
    ...(scope === undefined ? {} : { scope }),
  })
  const headers = { "content-type": "application/x-www-form-urlencoded" }
  return { method: "POST", url: new URL(realm), headers, body: form.toString() }
}

// Whatever a token server lacks says nothing of what the registry has: it is no answer to what was asked there.
async function refusal(answer: Answer, action: string, login: Login): Promise<RegistryError> {
  const { method, url } = answer.sent
  const error = refusalError(action, {
    method,
    url: url.href,
    // 400 is how OAuth servers say that a refresh token is none: https://www.rfc-editor.org/rfc/rfc6749#section-5.2
    status: answer.status === 400 ? 401 : answer.status,
    error: parseOciError(await readErrorText(answer)),
    retryAfter: answer.header("retry-after"),
    date: answer.header("date"),
    secrets: secretsOf(login),
  })
  return isNotFound(error) ? new RegistryError(action, unauthorized, error.answer) : error
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"))
  } catch {
    return undefined // then it holds no token, which is said
  }
}
