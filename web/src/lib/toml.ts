// Small changes to a scenario's text by a form. The text governs: comments and order stay, only one value is replaced.

/** Lines [from, to) of a table; '' is the part before the first table. Array tables are found by their n-th header. */
function span(lines: string[], table: string, nth = 0): [number, number] | null {
  const isHeader = (line: string): boolean => /^\s*\[/.test(line) && !/^\s*\[.*,/.test(line);
  const next = (from: number): number => {
    const at = lines.findIndex((line, i) => i >= from && isHeader(line));
    return at < 0 ? lines.length : at;
  };
  if (!table) return [0, next(0)];
  let seen = 0;
  for (const [i, line] of lines.entries()) {
    const name = line.match(/^\s*\[\[?\s*([\w.]+)\s*\]\]?\s*(#.*)?$/)?.[1];
    if (name === table && seen++ === nth) return [i + 1, next(i + 1)];
  }
  return null;
}

const pattern = (key: string): RegExp => new RegExp(`^(\\s*${key}\\s*=\\s*)([^#\\n]*?)(\\s*(?:#.*)?)$`);

/** A value as it is written, without quotes; '' if it is not there or runs over several lines. */
export function valueOf(text: string, table: string, key: string, nth = 0): string {
  const lines = text.split('\n'), at = span(lines, table, nth);
  for (let i = at?.[0] ?? 0; at && i < at[1]; i++) {
    const found = lines[i]!.match(pattern(key));
    if (found) return found[2]!.replace(/^"(.*)"$/, '$1').replaceAll('\\"', '"');
  }
  return '';
}

/** The text with one value replaced, or added at the end of its table; the table too where it is missing. */
export function withValue(text: string, table: string, key: string, value: string | number, nth = 0): string {
  const written = typeof value === 'number' ? String(value) : `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', ' ')}"`;
  const lines = text.split('\n'), at = span(lines, table, nth);
  if (!at) return `${text.trimEnd()}\n\n[${table}]\n${key} = ${written}\n`;
  for (let i = at[0]; i < at[1]; i++) {
    const found = lines[i]!.match(pattern(key));
    if (found) {
      lines[i] = found[1]! + written + found[3]!;
      return lines.join('\n');
    }
  }
  let end = at[1];
  while (end > at[0] && !lines[end - 1]!.trim()) end -= 1;
  lines.splice(end, 0, `${key} = ${written}`);
  return lines.join('\n');
}

/** The text with a block at its end. */
export const withBlock = (text: string, block: string): string => `${text.trimEnd()}\n\n${block.trim()}\n`;
