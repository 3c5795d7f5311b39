/** A Content-Type without its parameters, in lower case: https://www.rfc-editor.org/rfc/rfc9110#section-8.3.1 */
export function mediaTypeOf(header: string | undefined): string {
  return (header ?? "").split(";")[0]?.trim().toLowerCase() ?? ""
}
