// What the engine will see of the module, found without an engine: by the SDK's own introspector.
import { copyFile, mkdtemp, readdir, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("../..", import.meta.url))
// Not among the package's exports, so by path.
const sdk = join(root, "node_modules/@dagger.io/dagger/dist/src")
export const sdkFile = (name: string) => join(sdk, name)

export type TypeDef = { readonly kind: string; readonly name?: string; readonly typeDef?: TypeDef }
export type ArgumentDef = {
  readonly name: string
  readonly description: string
  readonly type: TypeDef
  readonly isOptional: boolean
  readonly defaultValue?: unknown
}
export type FunctionDef = {
  readonly name: string
  readonly description: string
  readonly cache?: string
  readonly alias?: string
  readonly arguments: Readonly<Record<string, ArgumentDef>>
  readonly returnType: TypeDef
}
export type PropertyDef = {
  readonly name: string
  readonly description: string
  readonly type: TypeDef
  /** A field that callers see; else it is carried from call to call, and nobody sees it. */
  readonly isExposed: boolean
}
export type ObjectDef = {
  readonly description: string
  readonly _constructor?: { readonly arguments: Readonly<Record<string, ArgumentDef>> }
  readonly methods: Readonly<Record<string, FunctionDef>>
  readonly properties: Readonly<Record<string, PropertyDef>>
}
export type EnumDef = {
  readonly description: string
  readonly values: Readonly<Record<string, { readonly value: string; readonly description: string }>>
}
export type ModuleDef = {
  readonly description: string
  readonly objects: Readonly<Record<string, ObjectDef>>
  readonly enums: Readonly<Record<string, EnumDef>>
}

/** Files that the engine loads on every call. */
export async function moduleFiles(): Promise<string[]> {
  const names = await readdir(join(root, "src"), { recursive: true })
  return names.filter((name) => name.endsWith(".ts")).map((name) => join(root, "src", name))
}

export async function introspect(): Promise<ModuleDef> {
  const folder = await mkdtemp(join(tmpdir(), "cssc-introspection-"))
  try {
    // The package has the generated client's types only; to the introspector they are the same.
    const client = join(folder, "client.gen.ts")
    await copyFile(sdkFile("api/client.gen.d.ts"), client)
    const { scan } = (await import(sdkFile("module/introspector/index.js"))) as {
      scan(files: readonly string[], name: string, load: boolean): Promise<ModuleDef>
    }
    return await scan([client, ...(await moduleFiles())], "cssc", false)
  } finally {
    await rm(folder, { recursive: true })
  }
}
