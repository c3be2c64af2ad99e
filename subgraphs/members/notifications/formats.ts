/** What is shown of a notice. */
export interface Words {
  title: string;
  body: string;
}

/** The words of one language, by template. They get the notice's args, and whom it is for. */
export type Templates = Record<
  string,
  (args: Readonly<Record<string, string>>, locale: string) => Words
>;

/** A whole number as the locale writes it. */
export const figure = (text: string | undefined, locale: string) =>
  new Intl.NumberFormat(locale).format(BigInt(text!));

/** An exact amount as the locale writes it, with the places that its currency has: "€1,234.50". */
export const money = (amount: string, currency: string, locale: string) =>
  new Intl.NumberFormat(locale, { style: 'currency', currency }).format(
    amount as Intl.StringNumericLiteral,
  );

/** The month of a calendar day: "December 2026". */
export const month = (text: string | undefined, locale: string) =>
  new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(
    new Date(text!),
  );

/** A calendar day as the locale writes it: "31 December 2026". */
export const day = (text: string | undefined, locale: string) =>
  new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(text!));
