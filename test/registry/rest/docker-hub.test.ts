import { describe, expect, it } from "vitest"
import { dockerHub } from "../../../registry/rest/docker-hub.js"
import { serve } from "../../rest/loopback.js"

const retry = { delays: [0, 0, 0], sleep: () => Promise.resolve() }
const account = { identifier: "acme", secret: "dckr_pat_secret", retry }
const login = { body: { access_token: "jwt-one-two" } }

describe("dockerHub", () => {
  it.each([204, 202, 200])("logs in once and deletes tags answered with %i", async (status) => {
    const { url, asked } = await serve(login, { status })
    const hub = dockerHub({ ...account, apiUrl: url })
    await hub.deleteTag("acme/nginx", "1.0")
    await hub.deleteTag("acme/nginx", "1.1")
    expect(asked.map(({ method, path, authorization }) => [method, path, authorization])).toEqual([
      ["POST", "/v2/auth/token", undefined],
      ["DELETE", "/v2/repositories/acme/nginx/tags/1.0/", "Bearer jwt-one-two"],
      ["DELETE", "/v2/repositories/acme/nginx/tags/1.1/", "Bearer jwt-one-two"],
    ])
    expect(JSON.parse(asked[0]?.body ?? "")).toEqual({ identifier: "acme", secret: "dckr_pat_secret" })
  })

  it("logs in again when the token expires between two tags", async () => {
    const renewed = { body: { access_token: "jwt-three" } }
    const { url, asked } = await serve(login, { status: 204 }, { status: 401 }, renewed, { status: 204 })
    const hub = dockerHub({ ...account, apiUrl: url })
    await hub.deleteTag("acme/nginx", "1.0")
    await hub.deleteTag("acme/nginx", "1.1")
    expect(asked.at(-1)).toMatchObject({ method: "DELETE", authorization: "Bearer jwt-three" })
  })

  it("does not log in for ever", async () => {
    const { url, asked } = await serve(login, { status: 401 })
    await expect(dockerHub({ ...account, apiUrl: url }).deleteTag("acme/nginx", "1.0")).rejects.toThrow("401")
    expect(asked).toHaveLength(2)
  })

  it("names an unknown tag", async () => {
    const { url } = await serve(login, { status: 404, body: { message: "object not found" } })
    const deletion = dockerHub({ ...account, apiUrl: url }).deleteTag("acme/nginx", "1.0")
    await expect(deletion).rejects.toMatchObject({ code: "REGISTRY_NOT_FOUND" })
  })

  it("shows the secret in no error, even when the server echoes it", async () => {
    const { url } = await serve({ status: 401, body: { detail: "no account acme with dckr_pat_secret" } })
    const deletion = dockerHub({ ...account, apiUrl: url }).deleteTag("acme/nginx", "1.0")
    await expect(deletion).rejects.toThrow(/no account acme with \[redacted]/)
  })

  it("refuses names that would lead to another path", async () => {
    const { url, asked } = await serve(login)
    const hub = dockerHub({ ...account, apiUrl: url })
    await expect(hub.deleteTag("acme/../x", "1.0")).rejects.toThrow("[REFERENCE_INVALID]")
    await expect(hub.deleteTag("acme/nginx", "../..")).rejects.toThrow("[REFERENCE_INVALID]")
    expect(asked).toEqual([])
  })

  it("refuses a login without a token, and empty credentials", async () => {
    const { url } = await serve({ body: {} })
    await expect(dockerHub({ ...account, apiUrl: url }).deleteTag("acme/nginx", "1")).rejects.toThrow("access_token")
    expect(() => dockerHub({ identifier: "", secret: "x" })).toThrow("[CREDENTIALS_INVALID]")
  })
})
