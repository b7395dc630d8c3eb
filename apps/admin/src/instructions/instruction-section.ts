/** The part of a page under the heading of its second level that begins with this number; null when there is none. */
export function sectionOf(text: string, number: number): string | null {
  const parts = text.split(/^(?=## )/m);
  const part = parts.find((candidate) => candidate.startsWith(`## ${number}.`));
  return part === undefined ? null : part.replace(/^## \d+\.\s*/, '### ').trim();
}

/** The name of the page that a link leads to, when it leads to one of them: `usb-cable.ru.md#x` → `usb-cable`. */
export function linkedPage(href: string): string | null {
  return /^([a-z0-9-]+)(?:\.ru)?\.md(?:#.*)?$/.exec(href)?.[1] ?? null;
}
