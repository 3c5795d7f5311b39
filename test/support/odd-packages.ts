// How exporters spell a package: what its purl allows, and what they are seen to do beyond that.
import type { Seed } from "./vulnerable-packages.js"

export type Draft = {
  readonly kind: string
  readonly group: string
  readonly name: string
  readonly version: string
  readonly cpe: string
  readonly purl?: {
    readonly type: string
    readonly namespace: string
    readonly name: string
    readonly version: string
    readonly tail: string
  }
  readonly properties: Readonly<Record<string, string>>
}

export function draftOf({ type, namespace, name, version, source, tail: end = "" }: Seed): Draft {
  const isSystem = ["apk", "deb", "rpm"].includes(type)
  const properties = source === undefined ? {} : { SrcName: source.name, SrcVersion: source.version }
  const group = isSystem ? "" : namespace
  const purl = { type, namespace, name: encodeURIComponent(name), version: encodeURIComponent(version), tail: end }
  return { kind: "library", group, name, version, cpe: "", purl, properties }
}

export function cyclonedxComponent({ kind, group, name, version, cpe, purl, properties }: Draft, id: string): object {
  // The scanner reports one finding for all packages of a name and version in one place.
  const named = Object.entries({ ...properties, FilePath: id }).map(([key, value]) => ({
    name: `aquasecurity:trivy:${key}`,
    value,
  }))
  return {
    ...{ type: kind, name, "bom-ref": id },
    ...(group === "" ? {} : { group }),
    ...(version === "" ? {} : { version }),
    ...(cpe === "" ? {} : { cpe }),
    ...(purl === undefined ? {} : { purl: textOf(purl) }),
    properties: named,
  }
}

export function spdxPackage({ group, name, version, purl }: Draft, referenceCategory: string): object {
  const reference = purl && { referenceCategory, referenceType: "purl", referenceLocator: textOf(purl) }
  return {
    SPDXID: `SPDXRef-Package-${name.replace(/[^A-Za-z0-9.-]/g, "-")}`,
    name: group === "" ? name : `${group}/${name}`,
    versionInfo: version,
    ...{ downloadLocation: "NONE", filesAnalyzed: false },
    ...(reference === undefined ? {} : { externalRefs: [reference] }),
  }
}

function textOf({ type, namespace, name, version, tail }: NonNullable<Draft["purl"]>): string {
  const path = [type, ...(namespace === "" ? [] : [namespace]), name].join("/")
  return `pkg:${path}${version === "" ? "" : `@${version}`}${tail}`
}

type Trick = (draft: Draft) => Draft
type PurlPart = Partial<NonNullable<Draft["purl"]>>

const inPurl = (change: (purl: NonNullable<Draft["purl"]>) => PurlPart): Trick => {
  return (draft) => (draft.purl === undefined ? draft : { ...draft, purl: { ...draft.purl, ...change(draft.purl) } })
}
/** Of the component's version, the purl's and the source package's alike, each in its own encoding. */
const ofVersion = (change: (version: string) => string): Trick => {
  return (draft) => {
    const { SrcVersion } = draft.properties
    const source = SrcVersion === undefined ? {} : { SrcVersion: change(SrcVersion) }
    const changed = { ...draft, version: change(draft.version), properties: { ...draft.properties, ...source } }
    return inPurl(({ version }) => ({ version: encodeURIComponent(change(decodeURIComponent(version))) }))(changed)
  }
}
const named =
  (change: (name: string) => string): Trick =>
  (draft) => ({ ...draft, name: change(draft.name) })
const typed =
  (kind: string): Trick =>
  (draft) => ({ ...draft, kind })
const tail = (text: string): Trick => inPurl((purl) => ({ tail: `${purl.tail}${text}` }))
const everyByte = (text: string) =>
  [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("")

export const tricks: Readonly<Record<string, Trick>> = {
  "a name in capitals": named((name) => name.toUpperCase()),
  "a name in small letters": named((name) => name.toLowerCase()),
  "another name": named((name) => `${name}-renamed`),
  "npm: in the name": (draft) => ({ ...draft, group: "", name: `${draft.purl?.type ?? "npm"}:${draft.name}` }),
  "underscores in the name": named((name) => name.replaceAll("-", "_").replaceAll(".", "_")),
  "dashes in the name": named((name) => name.replaceAll("_", "-").replaceAll(".", "-")),
  "a space after the name": named((name) => `${name} `),
  "an extra in the name": named((name) => `${name}[extra]`),
  "the version in the name": (draft) => ({ ...draft, name: `${draft.name}@${draft.version}` }),
  "no name": named(() => ""),
  "a letter of another alphabet": named((name) => name.replace("o", "\u043e").replace("a", "\u0430")),
  "no group": (draft) => ({ ...draft, group: "" }),
  "a group of its own": (draft) => ({ ...draft, group: "vendor" }),
  "the group in the name": (draft) => ({
    ...draft,
    group: "",
    name: [draft.group, draft.name].filter(Boolean).join("/"),
  }),
  "the group before a colon": (draft) => ({
    ...draft,
    group: "",
    name: [draft.group, draft.name].filter(Boolean).join(":"),
  }),
  "a purl in capitals": inPurl(({ name, namespace }) => ({
    name: name.toUpperCase(),
    namespace: namespace.toUpperCase(),
  })),
  "a purl in small letters": inPurl(({ name }) => ({ name: name.toLowerCase() })),
  "a purl type in capitals": inPurl(({ type }) => ({ type: type.toUpperCase() })),
  "another purl type": inPurl(() => ({ type: "generic" })),
  "every byte of the purl's name encoded": inPurl(({ name }) => ({ name: everyByte(decodeURIComponent(name)) })),
  "the purl's namespace in its name": inPurl(({ namespace, name }) =>
    namespace === "" ? {} : { namespace: "", name: `${encodeURIComponent(namespace)}%2F${name}` },
  ),
  "another name in the purl": inPurl(({ name }) => ({ name: `${name}-renamed` })),
  "no purl": ({ purl: _purl, ...draft }) => draft,
  "a cpe instead of a purl": ({ purl: _purl, ...draft }) => ({
    ...draft,
    cpe: `cpe:2.3:a:x:${draft.name}:1:*:*:*:*:*:*:*`,
  }),
  "no version in the purl": inPurl(() => ({ version: "" })),
  "a version only in the purl": (draft) => ({ ...draft, version: "" }),
  "no version": (draft) => inPurl(() => ({ version: "" }))({ ...draft, version: "" }),
  "a leading v": ofVersion((version) => `v${version}`),
  "a leading V": ofVersion((version) => `V${version}`),
  "a leading =": ofVersion((version) => `=${version}`),
  "a leading v in the purl": inPurl(({ version }) => ({ version: `v${version}` })),
  "another version in the purl": inPurl(() => ({ version: "99.0.0" })),
  "another version in the component": (draft) => ({ ...draft, version: "98.0.0" }),
  "a space for plus": ofVersion((version) => version.replaceAll("+", " ").replaceAll("~", " ")),
  "a plain plus in the purl": inPurl(({ version }) => ({ version: decodeURIComponent(version) })),
  "plus encoded twice": inPurl(({ version }) => ({ version: encodeURIComponent(version) })),
  "underscores in the version": ofVersion((version) => version.replaceAll("-", "_").replaceAll("+", "_")),
  "commas in the version": ofVersion((version) => version.replaceAll(".", ",")),
  "a space before the version": ofVersion((version) => ` ${version}`),
  "a space after the version": ofVersion((version) => `${version} `),
  "a no-break space after the version": ofVersion((version) => `${version}\u00a0`),
  "a line after the version": ofVersion((version) => `${version}\n`),
  "quotes around the version": ofVersion((version) => `"${version}"`),
  "a range": ofVersion((version) => `^${version}`),
  "a range of Python": ofVersion((version) => `==${version}`),
  "a range of Maven": ofVersion((version) => `[${version}]`),
  latest: ofVersion(() => "latest"),
  devel: ofVersion(() => "(devel)"),
  unknown: ofVersion(() => "UNKNOWN"),
  "a branch": ofVersion(() => "dev-main"),
  "a commit": ofVersion(() => "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c"),
  "a placeholder": ofVersion(() => "${project.version}"),
  "an x": ofVersion((version) => version.replace(/\d+$/, "x")),
  "a platform after the version": ofVersion((version) => `${version}-java`),
  "a build after the version": ofVersion((version) => `${version}+build.5`),
  "a vendor's patch after the version": ofVersion((version) => `${version}+sp1`),
  "incompatible after the version": ofVersion((version) => `${version}+incompatible`),
  "a dot after the version": ofVersion((version) => `${version}.`),
  "a dash after the version": ofVersion((version) => `${version}-`),
  "words after the version": ofVersion((version) => `${version} (64-bit)`),
  "a hash after the version": ofVersion((version) => `${version}#1`),
  "letters for digits": ofVersion((version) => version.replaceAll("0", "O")),
  "other digits": ofVersion((version) => version.replace(/\d/, (digit) => String.fromCodePoint(0x660 + Number(digit)))),
  "wide digits": ofVersion((version) => version.replace(/\d/, (digit) => String.fromCodePoint(0xff10 + Number(digit)))),
  "an epoch of letters": ofVersion((version) => `x:${version}`),
  "an empty epoch": ofVersion((version) => `:${version}`),
  "an epoch of zero": ofVersion((version) => `0:${version}`),
  "a negative epoch": ofVersion((version) => `-1:${version}`),
  "more digits than fit": ofVersion((version) => `${version}.99999999999999999999999`),
  "leading zeros": ofVersion((version) => version.replace(/\d/, "00$&")),
  "no qualifiers": inPurl(() => ({ tail: "" })),
  "no architecture": inPurl(({ tail: end }) => ({ tail: end.replace(/(?<=[?&])arch=[^&]*/, "") })),
  "another architecture": inPurl(({ tail: end }) => ({ tail: end.replace(/(?<=[?&]arch=)[^&]*/, "s390x") })),
  "no module": inPurl(({ tail: end }) => ({ tail: end.replace(/&modularitylabel=[^&]*/, "") })),
  "a module of its own": (draft) => ({ ...draft, properties: { ...draft.properties, Modularitylabel: "x:1:2:c" } }),
  "an architecture": tail("?arch=amd64"),
  "an epoch of letters beside": tail("?epoch=abc"),
  "an epoch of zero beside": tail("?epoch=0"),
  "another upstream": tail("?upstream=another-source"),
  "a subpath": tail("#lib/index.js"),
  "a repository": tail("?repository_url=https%3A%2F%2Fexample.com"),
  "no source version": (draft) => ({ ...draft, properties: { ...draft.properties, SrcVersion: "" } }),
  "a source version nobody compares": (draft) => ({
    ...draft,
    properties: { ...draft.properties, SrcVersion: "unknown" },
  }),
  "a source release": (draft) => ({ ...draft, properties: { ...draft.properties, SrcRelease: "1 x" } }),
  "no source": (draft) => ({ ...draft, properties: {} }),
  "the kind framework": typed("framework"),
  "the kind application": typed("application"),
  "the kind container": typed("container"),
  "the kind file": typed("file"),
  "the kind firmware": typed("firmware"),
  "the kind platform": typed("platform"),
  "the kind operating-system": typed("operating-system"),
  "a kind nobody knows": typed("gadget"),
}
