import { dirname, join } from 'node:path';
import { exists, textOf } from './checkout';

/** Links of a Markdown file that lead nowhere inside the checkout: missing files, missing headings. */
export function deadLinks(file: string): readonly string[] {
  const text = withoutCode(textOf(file));
  const targets = [...text.matchAll(/\[[^\]]*\]\(([^)\s]+)\)/g), ...text.matchAll(/^\[[^\]]+\]:\s*(\S+)/gm)].map((match) => match[1] ?? '');
  return targets.filter((target) => !/^[a-z]+:/.test(target) && !leadsSomewhere(file, target));
}

function leadsSomewhere(file: string, target: string): boolean {
  const [path, heading] = target.split('#');
  const place = path ? join(dirname(file), path) : file;
  if (!exists(place)) return false;
  return !heading || !place.endsWith('.md') || headings(place).includes(heading);
}

/** Addresses of the headings as GitHub makes them. */
function headings(file: string): readonly string[] {
  const lines = withoutCode(textOf(file)).match(/^#{1,6} .+$/gm) ?? [];
  return lines.map((line) =>
    line
      .replace(/^#+ /, '')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replace(/ /g, '-'),
  );
}

function withoutCode(text: string): string {
  return text.replace(/```[\s\S]*?```/g, '').replace(/`[^`\n]*`/g, (code) => code.replace(/[[\]()]/g, ''));
}
