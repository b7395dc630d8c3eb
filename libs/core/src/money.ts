/** ISO 4217 codes KKM can charge in. A further one needs a row in {@link currencyNumbers}. */
export const currencies = ['RUB'] as const;

/** An ISO 4217 alphabetic code. */
export type Currency = (typeof currencies)[number];

/** ISO 4217 numeric codes, as terminals write them. */
export const currencyNumbers: Readonly<Record<Currency, string>> = { RUB: '643' };

/** The largest amount one payment may carry: 99 999 999 minor units, what eight digits of the narrowest terminal field hold. */
export const amountMinorMax = 99_999_999;

/** Writes minor units as terminals and machines do, without a currency: `15000` becomes `150.00`. For people there is {@link moneyText}. */
export function formatMinor(minor: number): string {
  const digits = String(Math.abs(minor)).padStart(3, '0');
  return `${minor < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** Making one costs more than a thousand uses of it. */
const formats = new Map<string, Intl.NumberFormat>();

/** Writes money as people of the language (BCP 47) do: `15000` becomes `RUB 150.00` in English and `150,00 ₽` in Russian, with spaces that do not break. */
export function moneyText(minor: number, currency: Currency, language: string): string {
  const name = `${language} ${currency}`;
  const format = formats.get(name) ?? new Intl.NumberFormat(language, { style: 'currency', currency });
  formats.set(name, format);
  return format.format(minor / 100);
}
