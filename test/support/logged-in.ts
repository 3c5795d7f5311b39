// A token of a test registry's own token server, for pushes past the client that is tested.
import type { PushRegistry } from "./push-image.js"
import type { TestRegistry } from "./registry.js"

/** The registry with a token for direct pushes by a user. */
export async function loggedIn(
  registry: TestRegistry,
  repository: string,
  user: string,
  password: string,
): Promise<PushRegistry> {
  const query = `service=cssc-test-registry&scope=repository:${repository}:pull,push`
  const basic = Buffer.from(`${user}:${password}`).toString("base64")
  const challenge = (await fetch(`${registry.url}/v2/`)).headers.get("www-authenticate") ?? ""
  const realm = /realm="([^"]+)"/.exec(challenge)?.[1] ?? ""
  const answer = await fetch(`${realm}?${query}`, { headers: { authorization: `Basic ${basic}` } })
  const { token } = (await answer.json()) as { token: string }
  return { url: registry.url, authorization: `Bearer ${token}` }
}
