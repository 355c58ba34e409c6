// Numbers as people read them.

const UNITS = ["B", "KB", "MB", "GB", "TB", "PB"];
// In a C locale WebKitGTK calls the language "C", which Intl refuses, and by default Intl then groups no digits.
const LANGUAGE = /^[a-z]{2,3}(-|$)/i.test(navigator.language) ? navigator.language : "en";
const COUNT = new Intl.NumberFormat(LANGUAGE);
const DAY = new Intl.DateTimeFormat(LANGUAGE, { year: "numeric", month: "short", day: "numeric" });
const MOMENT = new Intl.DateTimeFormat(LANGUAGE, { dateStyle: "medium", timeStyle: "short" });

export function bytes(size: number): string {
  let value = size;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.5 ? 0 : value >= 9.95 ? 1 : 2;
  return `${value.toFixed(digits)} ${UNITS[unit] ?? ""}`;
}

export const count = (value: number): string => COUNT.format(value);

export const counted = (value: number, one: string, many = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : many}`;

export const day = (seconds: number): string => (seconds > 0 ? DAY.format(seconds * 1000) : "");

export const moment = (seconds: number): string => MOMENT.format(seconds * 1000);

export function share(part: number, whole: number): string {
  if (whole <= 0) return "";
  const percent = (100 * part) / whole;
  if (percent > 0 && percent < 0.1) return "< 0.1 %";
  return `${percent.toFixed(percent < 10 ? 1 : 0)} %`;
}

export function duration(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}
