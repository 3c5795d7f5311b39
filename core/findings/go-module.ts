// Go's modules in package URLs. Some producers (syft, and so BuildKit) write what follows the third part of a module's path
// as the purl's subpath: `pkg:golang/github.com/caarlos0/env@v11.3.1#v11` is github.com/caarlos0/env/v11.
// https://github.com/anchore/syft/blob/v1.38.0/syft/pkg/cataloger/golang/package.go (packageURL)

type Named = { readonly type: string; readonly namespace: string; readonly name: string }

/** The purl with all of a module's path in namespace and name; any other as it is. */
export function wholeModule<T extends Named>(purl: T, subpath: string | undefined): T {
  const { type, namespace, name } = purl
  if (type !== "golang" || subpath === undefined || !namespace.includes("/")) return purl
  const parts = [namespace, name, ...subpath.split("/").filter((part) => part !== "")]
  return { ...purl, namespace: parts.slice(0, -1).join("/"), name: parts.at(-1) ?? name }
}
