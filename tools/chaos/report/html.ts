/** Text that may stand in markup, whatever it holds. */
export function escaped(text: string): string {
  const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return text.replace(/[&<>"']/g, (sign) => entities[sign] ?? sign);
}

/** A cell: text, or markup that is made of escaped parts. */
export type Cell = string | number | { readonly html: string };

/** A table; numbers stand to the right. */
export function table(heads: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const head = heads.map((text) => `<th scope="col">${escaped(text)}</th>`).join('');
  return `<table><thead><tr>${head}</tr></thead><tbody>${rows.map((cells) => `<tr>${cells.map(cell).join('')}</tr>`).join('\n')}</tbody></table>`;
}

/** A list of texts. */
export function list(texts: readonly string[]): string {
  return `<ul>${texts.map((text) => `<li>${escaped(text)}</li>`).join('')}</ul>`;
}

function cell(content: Cell): string {
  if (typeof content === 'number') return `<td class="number">${content}</td>`;
  return `<td>${typeof content === 'string' ? escaped(content) : content.html}</td>`;
}
