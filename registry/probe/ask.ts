// One question to a registry whose every answer tells something: no status is a failure here.
import type { Repository } from "../../core/oci/reference.js"
import type { Right } from "../auth/authorizer.js"
import type { Headers, HttpMethod } from "../http/answer.js"
import { readBody } from "../http/read-body.js"
import type { RegistryHttp } from "../http/registry-http.js"

export type Asked = {
  readonly status: number
  readonly body: string
  header(name: string): string | undefined
  /** `GET /v2/… answered 404`. */
  readonly told: string
}

export type Question = {
  readonly method?: HttpMethod
  /** Below the repository; with a leading slash, of the host. */
  readonly path: string
  readonly headers?: Headers
  readonly body?: string
  readonly right?: Right
}

const statuses = [200, 201, 202, 204, 301, 302, 303, 307, 308, 400, 404, 405, 409, 410, 412, 415, 422, 501]
const maxBytes = 4 * 1024 * 1024
const MAX_TOLD = 200

/** Throws when the registry does not let us in, has no answer, or a problem of its own. */
export async function ask(http: RegistryHttp, repository: Repository, question: Question): Promise<Asked> {
  const { method = "GET", path, headers, body, right = "pull" } = question
  const base = await http.url(repository, "")
  const url = new URL(path, base)
  const action = `probe ${method} ${url.host}${url.pathname}`
  const request = { action, repository, right, method, path: url, expect: statuses, once: true }
  const more = { ...(headers === undefined ? {} : { headers }), ...(body === undefined ? {} : { body }) }
  return http.exchange({ ...request, ...more }, async (answer) => ({
    status: answer.status,
    header: answer.header,
    body: (await readBody(answer, maxBytes, action)).toString("utf8"),
    told: `${method} ${url.pathname.slice(0, MAX_TOLD)} answered ${answer.status}`,
  }))
}
