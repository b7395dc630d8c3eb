/** What an element is given besides its children. Text from outside is always a child, never markup. */
type Attributes = Readonly<Record<string, string | boolean | ((event: Event) => void)>>;

/** Makes an element: functions listen, `true` sets an attribute without a value, `false` leaves it out. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === 'function') made.addEventListener(key, value);
    else if (value !== false) made.setAttribute(key, value === true ? '' : value);
  }
  made.append(...children);
  return made;
}

/** Writes a text where it has changed: a screen reader would read an unchanged one again. */
export function write(into: HTMLElement, text: string): void {
  if (into.textContent !== text) into.replaceChildren(text);
}

/** A part of the page under a heading. */
export function section(title: string, ...children: readonly (Node | string)[]): HTMLElement {
  return element('section', { 'aria-label': title }, element('h2', {}, title), ...children);
}

let fields = 0;

/** A control under its label. */
export function labelled(label: string, control: HTMLElement): HTMLElement {
  fields += 1;
  const id = `field-${fields}`;
  control.setAttribute('id', id);
  return element('div', { class: 'field' }, element('label', { for: id }, label), control);
}

/** A choice among named values. */
export function choice(label: string, options: readonly (readonly [value: string, text: string])[], onChange: (value: string) => void) {
  const select = element('select', { change: () => onChange(select.value) }, ...options.map(([value, text]) => element('option', { value }, text)));
  return { select, field: labelled(label, select) };
}
