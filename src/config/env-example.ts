/** Writes `.env.example` from the table of settings; a test compares it with the file. */
import { SETTINGS, type Setting } from './settings.ts';

const WIDTH = 100;

export function envExample(): string {
  const lines = [
    '# Settings of Một Lần. All are optional: without any, everything runs on this machine, for trying out.',
    '# Written by "npm run env-example" from src/config/settings.ts; a commented line shows what holds, or an example.',
  ];
  let section = '';
  for (const setting of Object.values(SETTINGS) as Setting[]) {
    if (setting.section !== section) {
      section = setting.section;
      lines.push('', `## ${section}`);
    }
    lines.push('', ...wrapped(setting.meaning), `#${setting.name}=${shownValue(setting)}`);
  }
  return `${lines.join('\n')}\n`;
}

function shownValue({ fallback, example, secret }: Setting): string {
  const value = fallback ?? example ?? (secret ? 'secret' : '');
  return /[ ']/.test(value) ? JSON.stringify(value) : value;
}

function wrapped(text: string): string[] {
  const lines: string[] = [];
  let line = '#';
  for (const word of text.split(' ')) {
    if (line.length + word.length + 1 > WIDTH) {
      lines.push(line);
      line = '#';
    }
    line += ` ${word}`;
  }
  return [...lines, line];
}
