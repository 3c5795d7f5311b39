// A table of GitHub's and GitLab's Markdown; the cells are escaped already. https://github.github.com/gfm/#tables-extension-
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`
  return [line(header), line(header.map(() => "---")), ...rows.map(line)].join("\n")
}
