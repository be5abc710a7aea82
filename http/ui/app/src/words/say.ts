import english from "../../../strings/en.json";

/// Every text that people read, in one file, so that it can be translated in one place.
export type Words = keyof typeof english;

const words: Record<string, string> = english;

/** The text `key`, with `{name}` replaced by `values.name`. */
export function say(key: Words, values: Record<string, string | number> = {}): string {
  return (words[key] ?? key).replace(/\{(\w+)\}/g, (whole, name: string) =>
    name in values ? String(values[name]) : whole,
  );
}

const plural = new Intl.PluralRules(english["page.language"]);

/** `<key>_one`, `<key>_other`, … as the language counts; `{count}` is the number. */
export function sayCount(key: "launch.queued" | "log.lines", count: number): string {
  const form = `${key}_${plural.select(count)}`;
  const found = (form in words ? form : `${key}_other`) as Words;
  return say(found, { count: new Intl.NumberFormat(english["page.language"]).format(count) });
}
