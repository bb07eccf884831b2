/** Rows with columns of the same width. */
export function aligned(rows: readonly (readonly string[])[]): string[] {
  const width = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  return rows.map((row) => `  ${row.map((text, column) => text.padEnd(width(column))).join('  ')}`.trimEnd());
}
