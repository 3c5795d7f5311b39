// Private keys that we sign with. No message and no cause of an error quotes one.
import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto"
import { CsscError } from "../errors.js"
import { cosignKeyLabels, decryptCosignKey } from "./cosign-key.js"
import { type PublicKey, readPublicKey } from "./public-key.js"

export type PrivateKey = { readonly key: KeyObject; readonly publicKey: PublicKey }

const maxPemLength = 65_536
const plain = "PRIVATE KEY"
const encrypted = "ENCRYPTED PRIVATE KEY"
const accepted = `expected PKCS#8 in PEM ("${plain}" or "${encrypted}") or cosign's "${cosignKeyLabels[0]}"`
const blocks = /-----BEGIN ([A-Z0-9 ]{1,64})-----([A-Za-z0-9+/=\s]*)-----END \1-----/g

/** Reads a private key; throws `KEY_INVALID`. A password that a key does not need is not looked at. */
export function readPrivateKey(pem: string, password?: string, what = "the signing key"): PrivateKey {
  if (pem.length > maxPemLength) throw invalid(`${what} is longer than ${maxPemLength} characters`)
  const [block, second] = pem.matchAll(blocks)
  if (block === undefined) throw invalid(`${what} is not PEM: ${accepted}`)
  if (second !== undefined) throw invalid(`${what} has more than one PEM block: pass one key alone`)
  const [text, label = "", body = ""] = block
  const key = readBlock(label, { text, body, password, what })
  const publicPem = createPublicKey(key).export({ type: "spki", format: "pem" }).toString()
  return { key, publicKey: readPublicKey(publicPem, what) }
}

type Block = {
  readonly text: string
  readonly body: string
  readonly password: string | undefined
  readonly what: string
}

function readBlock(label: string, { text, body, password, what }: Block): KeyObject {
  if (label === plain) return decoded(() => createPrivateKey(text), `${what} is damaged: it is no PKCS#8 key`)
  if (/PUBLIC KEY|CERTIFICATE/.test(label))
    throw invalid(`${what} is a ${label.toLowerCase()}: signing needs the private key`)
  const isCosign = cosignKeyLabels.includes(label)
  if (!isCosign && label !== encrypted) throw invalid(`${what} is "${label}": ${accepted}; ${howToConvert}`)
  if (password === undefined) throw invalid(`${what} is encrypted: pass its password, even if it is empty`)
  if (!isCosign) {
    const problem = `${what} cannot be decrypted: the password is wrong, or the key is damaged`
    return decoded(() => createPrivateKey({ key: text, passphrase: password }), problem)
  }
  const der = decryptCosignKey(Buffer.from(body, "base64"), password, what)
  return decoded(() => createPrivateKey({ key: der, format: "der", type: "pkcs8" }), `${what} holds no PKCS#8 key`)
}

const howToConvert = "convert it with `openssl pkcs8 -topk8` or `cosign import-key-pair`"

/** OpenSSL's own errors say nothing that helps; they are dropped for what they could quote. */
function decoded(read: () => KeyObject, problem: string): KeyObject {
  try {
    return read()
  } catch {
    throw invalid(problem)
  }
}

function invalid(reason: string): CsscError {
  return new CsscError("KEY_INVALID", reason)
}
