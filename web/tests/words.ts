// Every English phrase of the sources that goes through the catalogue.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

function files(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((one) => {
    const path = join(folder, one.name);
    return one.isDirectory() ? files(path) : /\.(svelte|ts)$/.test(one.name) ? [path] : [];
  });
}

// t('...') and w('...') anywhere; in situation.ts the phrases are `text: '...'` and go through t in the strip.
const CALL = /(?<![\w.])(?:t|w)\(\s*'((?:[^'\\]|\\.)*)'/g;
const PHRASE = /text: (?:[^'`\n]*\? )?'((?:[^'\\]|\\.)*)'(?: : '((?:[^'\\]|\\.)*)')?/g;
const TABLE = /^\s*(?:const|let) [A-Z_]+(?:: [^=]+)? = [[{].*/gm;
const QUOTED = /'((?:[^'\\]|\\.)*)'/g;

export function phrases(root = 'src'): Set<string> {
  const found = new Set<string>();
  const add = (text: string | undefined): void => {
    if (text && /[A-Za-z]{2}/.test(text.replace(/\{\w+\}/g, ''))) found.add(text.replace(/\\'/g, "'"));
  };
  for (const file of files(root)) {
    const text = readFileSync(file, 'utf8');
    for (const match of text.matchAll(CALL)) add(match[1]);
    if (file.endsWith('situation.ts')) for (const match of text.matchAll(PHRASE)) add(match[1]), add(match[2]);
    for (const line of text.matchAll(TABLE)) {
      if (!/_WORDS|NAMES|COLUMNS/.test(line[0])) continue;
      for (const match of line[0].matchAll(QUOTED)) if (/ |^[A-Z]/.test(match[1]!) || file.endsWith('Header.svelte')) add(match[1]);
    }
  }
  return found;
}
