// The Authorization header for each request: learnt from the first challenge of a host, renewed when a token expires.
import type { Repository } from "../../core/oci/reference.js"
import type { Access } from "../http/access.js"
import type { Answer } from "../http/answer.js"
import type { Wire } from "../http/round-trip.js"
import { answerable, type BearerChallenge, parseChallenges } from "./challenge.js"
import { basicHeader, type Login, readLogin, secretsOf } from "./login.js"
import { requestToken, type Token } from "./token-request.js"

/** What is to be done in a repository: the scope of a token. */
export type Right = "pull" | "push" | "delete"

/** What a request is about to do, and to which repository. */
export type Purpose = {
  readonly repository: Repository
  readonly right: Right
  /** Another repository of this registry that is read along, as when a blob is mounted from it. */
  readonly alsoRead?: string
}

const actions: Readonly<Record<Right, string>> = { pull: "pull", push: "pull,push", delete: "delete" }
/** Milliseconds before its end at which a token is no longer sent. */
const skew = 500

type Held = { readonly challenge: BearerChallenge; readonly token: Promise<Token> }

export class Authorizer {
  /** How a host wants to be spoken to, once it said so. */
  private readonly schemes = new Map<string, { readonly bearer?: BearerChallenge; readonly basic: boolean }>()
  private readonly held = new Map<string, Held>()
  /** What was let in before: a later refusal is a token that expired on the way. */
  private readonly admitted = new Set<string>()
  private readonly logins = new Map<string, Promise<Login>>()

  constructor(
    private readonly wire: Wire,
    private readonly access: Access,
  ) {}

  /** The header to begin with; none as long as the host did not ask for one. */
  async header(purpose: Purpose): Promise<string | undefined> {
    const { repository } = purpose
    const login = await this.login(repository)
    if (login.registryToken !== undefined) return `Bearer ${login.registryToken}`
    const scheme = this.schemes.get(repository.registry)
    if (scheme?.bearer !== undefined) return this.bearer(purpose, scheme.bearer, login)
    return scheme?.basic === true && login.basic !== undefined ? basicHeader(login.basic) : undefined
  }

  /** The header for another try after a 401; undefined when there is nothing else to say. */
  async answer(purpose: Purpose, refused: Answer, used?: string): Promise<string | undefined> {
    const { repository } = purpose
    const { bearer, basic } = answerable(parseChallenges(refused.headers("www-authenticate")))
    const login = await this.login(repository)
    if (login.registryToken !== undefined) return undefined
    if (bearer !== undefined) {
      const { scope: _, ...known } = bearer
      this.schemes.set(repository.registry, { bearer: known, basic })
      await this.forget(purpose, used)
      return this.bearer(purpose, bearer, login)
    }
    if (!basic || login.basic === undefined) return undefined
    this.schemes.set(repository.registry, { basic })
    const header = basicHeader(login.basic)
    return header === used ? undefined : header
  }

  /** Remembers that a registry let somebody in, or said that there is nothing; who may not look is told otherwise. */
  admit(purpose: Purpose, status: number): void {
    if (status !== 401 && status !== 403 && status < 500) this.admitted.add(keyOf(purpose))
  }

  wasAdmitted(purpose: Purpose): boolean {
    return this.admitted.has(keyOf(purpose))
  }

  /** What must not be shown of a request for this repository. */
  async secrets(repository: Repository): Promise<readonly string[]> {
    return secretsOf(await this.login(repository))
  }

  private async bearer(purpose: Purpose, asked: BearerChallenge, login: Login): Promise<string> {
    const key = keyOf(purpose)
    const known = this.held.get(key)
    if (known !== undefined && (await known.token).expires - skew > performance.now())
      return `Bearer ${(await known.token).value}`
    // Asked for anew only by the first of those that wait for it.
    if (this.held.get(key) === known) {
      const scope = asked.scope ?? known?.challenge.scope ?? scopeOf(purpose)
      const challenge = { ...asked, scope }
      const token = requestToken(this.wire, challenge, login)
      this.held.set(key, { challenge, token })
      token.catch(() => this.held.delete(key))
    }
    return `Bearer ${(await this.held.get(key)?.token)?.value ?? ""}`
  }

  // A token that was refused: unless another request has renewed it meanwhile.
  private async forget(purpose: Purpose, used: string | undefined): Promise<void> {
    const key = keyOf(purpose)
    const known = this.held.get(key)
    if (known !== undefined && `Bearer ${(await known.token).value}` === used) this.held.delete(key)
  }

  private login(repository: Repository): Promise<Login> {
    const key = `${repository.registry}/${repository.repository}`
    const known = this.logins.get(key)
    if (known !== undefined) return known
    const login = this.access.credential(repository).then((entry) => readLogin(entry, repository.registry))
    this.logins.set(key, login)
    return login
  }
}

// A token for what is read along is one of its own: the right to push does not wait for the right to read elsewhere.
function keyOf({ repository: { registry, repository }, right, alsoRead = "" }: Purpose): string {
  return `${registry}/${repository} ${right} ${alsoRead}`
}

function scopeOf({ repository: { repository }, right, alsoRead }: Purpose): string {
  const scope = `repository:${repository}:${actions[right]}`
  return alsoRead === undefined ? scope : `${scope} repository:${alsoRead}:pull`
}
