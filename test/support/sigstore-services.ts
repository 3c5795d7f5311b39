// A Sigstore instance of this machine's own: certificate authority, certificate log, transparency log and timestamp
// authority of Sigstore's published mock (@sigstore/mock) behind HTTP, and an identity provider whose tokens are verified.
// What the mock leaves out and the real services do is here: tokens, proofs of possession, the log's canonical entries.
import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from "node:crypto"
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http"
import { type AddressInfo } from "node:net"
import { fulcioHandler, initializeCA, initializeCTLog } from "@sigstore/mock/dist/fulcio/index.js"
import { initializeTLog } from "@sigstore/mock/dist/rekor/index.js"
import { initializeTSA, tsaHandler } from "@sigstore/mock/dist/timestamp/index.js"

export type Service = "fulcio" | "rekor" | "timestamp"

/** Claims of a token beside those that every one has. */
export type Claims = Readonly<Record<string, unknown>>

export type SigstoreServices = {
  readonly url: string
  /** The token issuer whose word the certificate authority takes. */
  readonly issuer: string
  /** A token as a CI job gets it. */
  token(subject: string, claims?: Claims): string
  /** What `trusted_root.json` says of this instance; `without` leaves authorities out. */
  trustedRoot(without?: readonly string[]): string
  /** Requests for each path since the start. */
  readonly requests: { readonly path: string; readonly body: string }[]
  /** What a service answers instead of its work; undefined mends it. */
  breakDown(service: Service, answer: Fault | undefined): void
  stop(): Promise<void>
}

/** A status with an answer of one's own, or the end of the connection; `times` often, or until it is mended. */
export type Fault = ({ readonly status: number; readonly body?: string } | { readonly disconnect: true }) & {
  readonly times?: number
}

export type Oddities = {
  /** The time of certificates and their log, by default now. */
  readonly clock?: Date
  /** The time of the timestamp authority. */
  readonly stampClock?: Date
  /** Certificates that were in no log. */
  readonly unlogged?: boolean
}

type Answer = {
  readonly statusCode: number
  readonly response: string | ArrayBufferView
  readonly contentType?: string
}
type Handler = (body: string) => Promise<Answer>

const pair = () => generateKeyPairSync("ec", { namedCurve: "P-256" })
const paths: Readonly<Record<string, Service>> = {
  "/api/v2/signingCert": "fulcio",
  "/api/v1/log/entries": "rekor",
  "/api/v2/log/entries": "rekor",
  "/api/v1/timestamp": "timestamp",
}

/** Starts them on 127.0.0.1. */
export async function startSigstore({ clock, stampClock, unlogged = false }: Oddities = {}): Promise<SigstoreServices> {
  const provider = pair()
  const issuer = "https://token.ci.test"
  const ctlog = await initializeCTLog(pair(), clock)
  const ca = await initializeCA(pair(), unlogged ? undefined : ctlog, clock)
  const tlog = await initializeTLog("https://rekor.ci.test", pair())
  const tsa = await initializeTSA(pair())
  // Whole seconds, as authorities give: of others @sigstore/core reads three digits alone, and DER leaves zeros out.
  const stampTime = () => stampClock ?? new Date(Math.floor(Date.now() / 1000) * 1000)
  Object.assign(tsa, { getCurrentTime: stampTime })
  const fulcio = fulcioHandler(ca, { subjectClaim: "san" }).fn as unknown as Handler
  const handlers: Readonly<Record<string, Handler>> = {
    "/api/v2/signingCert": async (body) => fulcio(checkedRequest(body, provider.publicKey, issuer)),
    "/api/v1/log/entries": async (body) => ({
      statusCode: 201,
      response: JSON.stringify(await tlog.log(canonicalEntry(body))),
      contentType: "application/json",
    }),
    "/api/v2/log/entries": async (body) => ({
      statusCode: 201,
      response: JSON.stringify(ofVersion2(await tlog.log(canonicalEntry2(body)))),
      contentType: "application/json",
    }),
    "/api/v1/timestamp": tsaHandler(tsa).fn as unknown as Handler,
  }
  const requests: { path: string; body: string }[] = []
  const faults = new Map<Service, Fault>()
  const server = createServer((request, response) => {
    void answer(request, response, { handlers, faults, requests })
  })
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    issuer,
    requests,
    token: (subject, claims = {}) => aToken(provider.privateKey, { iss: issuer, sub: subject, ...claims }),
    trustedRoot: (without = []) => trustedRoot({ ca, ctlog, tlog, tsa }, without),
    breakDown: (service, fault) => void (fault === undefined ? faults.delete(service) : faults.set(service, fault)),
    stop: () => stopped(server),
  }
}

type World = {
  readonly handlers: Readonly<Record<string, Handler>>
  readonly faults: Map<Service, Fault>
  readonly requests: { path: string; body: string }[]
}

async function answer(request: IncomingMessage, response: ServerResponse, world: World): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const [path, body] = [request.url ?? "", Buffer.concat(chunks).toString()]
  world.requests.push({ path, body })
  const fault = nextFault(world.faults, paths[path] ?? "fulcio")
  if (fault !== undefined && "disconnect" in fault) return void request.socket.destroy()
  const failed = (status: number, message: string): Answer => ({
    statusCode: status,
    response: JSON.stringify({ code: 3, message }),
    contentType: "application/json",
  })
  const handler = world.handlers[path]
  const given =
    fault !== undefined
      ? { ...failed(fault.status, "out of order"), ...(fault.body === undefined ? {} : { response: fault.body }) }
      : handler === undefined
        ? failed(404, `nothing at ${path}`)
        : await handler(body).catch((error: unknown) => failed(400, error instanceof Error ? error.message : "wrong"))
  response.writeHead(given.statusCode, { "content-type": given.contentType ?? "text/plain" })
  response.end(given.response)
}

function nextFault(faults: Map<Service, Fault>, service: Service): Fault | undefined {
  const fault = faults.get(service)
  if (fault?.times === undefined) return fault
  if (fault.times > 1) faults.set(service, { ...fault, times: fault.times - 1 })
  else faults.delete(service)
  return fault
}

// https://www.rfc-editor.org/rfc/rfc7515
function aToken(key: KeyObject, claims: Claims): string {
  const now = Math.floor(Date.now() / 1000)
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url")
  const signed = `${part({ alg: "ES256", typ: "JWT" })}.${part({ aud: "sigstore", iat: now, exp: now + 300, ...claims })}`
  const signature = sign("sha256", Buffer.from(signed), { key, dsaEncoding: "ieee-p1363" })
  return `${signed}.${signature.toString("base64url")}`
}

type SigningRequest = {
  readonly credentials: { readonly oidcIdentityToken: string }
  readonly publicKeyRequest: { readonly publicKey: { readonly content: string }; readonly proofOfPossession: string }
}

/** What Fulcio checks; then the subject as it makes it of a GitHub job's claims, where the mock looks for it. */
function checkedRequest(body: string, provider: KeyObject, issuer: string): string {
  const { credentials, publicKeyRequest } = JSON.parse(body) as SigningRequest
  const [head = "", payload = "", signature = ""] = credentials.oidcIdentityToken.split(".")
  const claims = JSON.parse(Buffer.from(payload, "base64url").toString()) as Record<string, unknown>
  const key = { key: provider, dsaEncoding: "ieee-p1363" } as const
  const problem = (why: string) => new Error(`error processing the identity token: ${why}`)
  if (!verify("sha256", Buffer.from(`${head}.${payload}`), key, Buffer.from(signature, "base64url")))
    throw problem("failed to verify signature")
  if (claims.iss !== issuer) throw problem("unsupported issuer")
  if (claims.aud !== "sigstore") throw problem(`expected audience "sigstore" got ${JSON.stringify(claims.aud)}`)
  if (Number(claims.exp) * 1000 < Date.now()) throw problem("token is expired")
  const proof = Buffer.from(publicKeyRequest.proofOfPossession, "base64")
  const publicKey = createPublicKey(publicKeyRequest.publicKey.content)
  if (!verify("sha256", Buffer.from(String(claims.sub)), publicKey, proof)) throw problem("no proof of possession")
  const workflow = claims.job_workflow_ref
  const san = typeof workflow === "string" ? `https://github.com/${workflow}` : claims.sub
  const rewritten = Buffer.from(JSON.stringify({ ...claims, san })).toString("base64url")
  return JSON.stringify({ credentials: { oidcIdentityToken: `${head}.${rewritten}.${signature}` }, publicKeyRequest })
}

/** What Rekor keeps of a proposed entry: hashes, signatures and who verifies them, not the content. */
function canonicalEntry(body: string): object {
  type Proposed = {
    kind: string
    apiVersion: string
    spec: { proposedContent: { envelope: string; verifiers: string[] } }
  }
  const { kind, apiVersion, spec } = JSON.parse(body) as Proposed
  if (kind !== "dsse") throw new Error(`entries of kind ${kind} are not made here`)
  const { envelope, verifiers } = spec.proposedContent
  const { payload, signatures } = JSON.parse(envelope) as { payload: string; signatures: { sig: string }[] }
  const sha256 = (data: Buffer | string) => ({
    algorithm: "sha256",
    value: createHash("sha256").update(data).digest("hex"),
  })
  return {
    kind,
    apiVersion,
    spec: {
      envelopeHash: sha256(envelope),
      payloadHash: sha256(Buffer.from(payload, "base64")),
      signatures: signatures.map(({ sig }, at) => ({ signature: sig, verifier: verifiers[at] })),
    },
  }
}

/** What the mock says of an entry, by its id. https://github.com/sigstore/rekor/blob/v1.5.4/openapi.yaml */
type Entry = {
  readonly body: string
  readonly logID: string
  readonly verification: { readonly inclusionProof: { readonly rootHash: string; readonly checkpoint: string } }
}

/** The same of a log of version 2. https://github.com/sigstore/rekor-tiles/blob/main/api/proto/rekor/v2/dsse.proto */
function canonicalEntry2(body: string): object {
  type Proposed = { envelope: { payload: string; signatures: { sig: string }[] }; verifiers: object[] }
  const { envelope, verifiers } = (JSON.parse(body) as { dsseRequestV002: Proposed }).dsseRequestV002
  const digest = createHash("sha256").update(Buffer.from(envelope.payload, "base64")).digest("base64")
  const signatures = envelope.signatures.map(({ sig }, at) => ({ content: sig, verifier: verifiers[at] }))
  const dsseV002 = { payloadHash: { algorithm: "SHA2_256", digest }, signatures }
  return { apiVersion: "0.0.2", kind: "dsse", spec: { dsseV002 } }
}

/** The mock's entry without what version 2 does not give: a promise and a time. */
function ofVersion2(made: object): object {
  const [entry] = Object.values(made) as Entry[]
  if (entry === undefined) throw new Error("the mock made no entry")
  const proof = entry.verification.inclusionProof
  const base64 = (hex: string) => Buffer.from(hex, "hex").toString("base64")
  return {
    logIndex: "0",
    logId: { keyId: base64(entry.logID) },
    kindVersion: { kind: "dsse", version: "0.0.2" },
    integratedTime: "0",
    inclusionProof: {
      logIndex: "0",
      treeSize: "1",
      rootHash: base64(proof.rootHash),
      hashes: [],
      checkpoint: { envelope: proof.checkpoint },
    },
    canonicalizedBody: entry.body,
  }
}

type Authorities = {
  readonly ca: Awaited<ReturnType<typeof initializeCA>>
  readonly ctlog: Awaited<ReturnType<typeof initializeCTLog>>
  readonly tlog: Awaited<ReturnType<typeof initializeTLog>>
  readonly tsa: Awaited<ReturnType<typeof initializeTSA>>
}

function trustedRoot({ ca, ctlog, tlog, tsa }: Authorities, without: readonly string[]): string {
  const base64 = (bytes: ArrayBufferView) =>
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64")
  const validFor = { start: "2020-01-01T00:00:00Z" }
  const log = (publicKey: Buffer, baseUrl: string) => ({
    baseUrl,
    hashAlgorithm: "SHA2_256",
    publicKey: { rawBytes: base64(publicKey), keyDetails: "PKIX_ECDSA_P256_SHA_256", validFor },
    logId: { keyId: createHash("sha256").update(publicKey).digest("base64") },
  })
  const authority = (name: string, certificates: readonly ArrayBufferView[]) => ({
    subject: { organization: "sigstore.mock", commonName: name },
    uri: `https://${name}.ci.test`,
    certChain: { certificates: certificates.map((one) => ({ rawBytes: base64(one) })) },
    validFor,
  })
  const parts = {
    certificateAuthorities: [authority("sigstore", [ca.rootCertificate])],
    tlogs: [log(tlog.publicKey, "https://rekor.ci.test")],
    ctlogs: [log(ctlog.publicKey, "https://ctfe.ci.test")],
    timestampAuthorities: [authority("tsa", [tsa.intCertificate, tsa.rootCertificate])],
  }
  const kept = Object.entries(parts).filter(([name]) => !without.includes(name))
  const mediaType = "application/vnd.dev.sigstore.trustedroot+json;version=0.1"
  return JSON.stringify({ mediaType, ...Object.fromEntries(kept) })
}

function stopped(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((done, failed) => server.close((error) => (error === undefined ? done() : failed(error))))
}
