// What the operations need of the world: a registry and a scanner. The operations decide; these only read and write.
import type { Signer } from "./attestation/signer.js"
import type { TrustRoot } from "./attestation/trust-root.js"
import type { TrustedIdentity, TrustedKey } from "./attestation/trust-store.js"
import type { Artifact } from "./evidence/artifact.js"
import type { DatabaseInfo, ToolInfo } from "./findings/assessment.js"
import type { Digest } from "./oci/digest.js"
import type { PinnedReference, Reference, Repository } from "./oci/reference.js"
import type { ReferrerTree } from "./oci/referrers.js"

/** A copy by digest. Without `tag` nothing can reach it by name yet. */
export type Copy = {
  readonly source: PinnedReference
  readonly target: Repository
  readonly tag?: string
  /** With all referrers of the manifest and of an index's children, nested ones too. */
  readonly referrers: boolean
  /** Those referrers, where the caller has listed them: each after what it is attached to. */
  readonly attached?: readonly Digest[]
}

/** A registry as the operations see it. Every method names what failed, retries what may pass, and is never cached. */
export interface Registry {
  /** The digest that a tag or digest stands for; undefined when it, or its repository, is not there. */
  resolve(reference: Reference): Promise<Digest | undefined>
  /** The manifest's bytes, checked against the digest when the reference has one; undefined when it is not there. */
  manifest(reference: Reference): Promise<string | undefined>
  /** The subject's digest and its referrers, nested, by API or referrers tag schema; undefined without a subject. */
  referrers(reference: Reference): Promise<ReferrerTree | undefined>
  /** A blob's bytes, checked against digest and size. */
  blob(repository: Repository, blob: { readonly digest: Digest; readonly size: number }): Promise<Buffer>
  /** Tells whether the repository holds a blob. */
  hasBlob(repository: Repository, digest: Digest): Promise<boolean>
  /** All tags; undefined when there is no such repository. */
  tags(repository: Repository): Promise<readonly string[] | undefined>
  copy(copy: Copy): Promise<void>
  /**
   * A second opinion on one platform's image: another client reads its config and looks for every layer. Throws when it
   * is not well-formed or lacks a part.
   */
  validate(reference: PinnedReference): Promise<void>
  /** Moves single blobs: how a half-filled target is repaired. */
  copyBlob(source: Repository, target: Repository, digest: Digest): Promise<void>
  /** Pushes manifest bytes as they are. */
  putManifest(target: Repository, content: string, mediaType: string, tag?: string): Promise<Digest>
  tag(reference: PinnedReference, tag: string): Promise<void>
  attach(subject: PinnedReference, artifact: Artifact): Promise<Digest>
  push(repository: Repository, tag: string, artifact: Artifact): Promise<Digest>
  remove(reference: PinnedReference): Promise<void>
  /** The requests made so far by ourselves; a copy that a tool made is one `COPY` at the target. */
  readonly exchanges: readonly HttpExchange[]
  /** Attempts that were made again after a failure, by the host that failed. */
  readonly retries: ReadonlyMap<string, number>
}

/** `yes` and `no` were seen; `lies`: it answers, and not what is true; `unknown`: not asked, or not let in. */
export type ProbeVerdict = "yes" | "no" | "lies" | "unknown"

/** What a registry can do, with the answer that showed it: `GET …/referrers/… answered 404`. */
export type Capability = { readonly name: string; readonly verdict: ProbeVerdict; readonly evidence: string }

/** Asks a registry what it can do. */
export interface Prober {
  /** With a stamp it also writes: artifacts that carry it, deleted again as far as that goes; `left` is what stays. */
  probe(
    repository: Repository,
    stamp?: string,
  ): Promise<{ readonly capabilities: readonly Capability[]; readonly left: readonly string[] }>
}

/** A vulnerability scanner with its database. */
export interface Scanner {
  tools(): Promise<readonly ToolInfo[]>
  database(): Promise<DatabaseInfo>
  /** The raw JSON report on an SBOM document. */
  scanSbom(document: string): Promise<string>
  /** The raw JSON report on one platform's file system. */
  scanImage(reference: PinnedReference, platform: string): Promise<string>
}

/** Feeds about the exploitation of vulnerabilities, as text: files or URLs that the caller chose. */
export interface RiskFeeds {
  knownExploited(): Promise<{ readonly text: string; readonly source: string }>
  epss(): Promise<{ readonly text: string; readonly source: string }>
}

/** The run of CI that a call is a part of; empty texts outside of CI. */
export type Run = {
  readonly url: string
  readonly id: string
  readonly attempt: string
  readonly actor: string
  readonly workflow: string
}

/** Who calls, and when: given from outside, so that everything else can be replayed. */
export type Caller = {
  readonly now: () => Date
  readonly run: Run
  /** Signs what we attach. */
  readonly signer?: Signer
  /** Keys beside those of the policy; publisher "" is ourselves. */
  readonly keys?: readonly TrustedKey[]
  /** Keyless identities beside those of the policy; publisher "" is ourselves. */
  readonly identities?: readonly TrustedIdentity[]
  /** Sigstore's trusted root, which keyless identities are verified with. */
  readonly trustRoot?: TrustRoot
}

/** One request and its answer; `status` is missing when there was none. */
export type HttpExchange = {
  method: string
  url: string
  status?: number
  /** Bytes of bodies. */
  sent?: number
  received?: number
  /** Of a copy: what the tool said of its parts. Of a request that mounted a blob: that blob. */
  copied?: CopiedParts
}

/** Manifests and blobs that a copy brought, mounted, or found there; bytes of those whose size is known here. */
export type CopiedParts = {
  readonly moved: number
  readonly mounted: number
  readonly present: number
  readonly movedBytes: number
  readonly mountedBytes: number
  /** Parts among the first two whose size is not known. */
  readonly unsized: number
}

/** Limits of one registry; what is left out is not bounded beyond the client's own bounds. */
export type RegistryLimits = {
  /** `host[:port]`, in its one name (`docker.io`). */
  readonly name: string
  /** Requests that begin in a second; below 1 for fewer, such as 0.5. */
  readonly requestsPerSecond?: number
  /** Requests under way at once. */
  readonly concurrency?: number
}

export const MAX_REQUESTS_PER_SECOND = 1000
/** Once in a quarter of an hour: what is slower is no pace but a mistake. */
export const MIN_REQUESTS_PER_SECOND = 1 / 900
/** Requests at once to one registry, also where nobody gave a limit. */
export const MAX_CONCURRENCY = 32
