/**
 * Dates of HTTP, as seconds since the Unix epoch (RFC 9110 §5.6.7).
 *
 * `Date.parse` would take far more than the three forms that are dates here, each engine in its own way.
 *
 * @module
 */

const DAYS = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"] as const;
const MONTHS = [
  ...["Jan", "Feb", "Mar", "Apr", "May", "Jun"],
  ...["Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
];
const DAY_SECONDS = 86_400;

// Case: "Sun, 06 Nov 1994 08:49:37 GMT"
const FIXDATE_REGEXP = /^[A-Z][a-z]{2}, (\d\d) ([A-Z][a-z]{2}) (\d{4}) (\d\d):(\d\d):(\d\d) GMT$/;
// Case: "Sunday, 06-Nov-94 08:49:37 GMT", obsolete
const RFC850_REGEXP = /^[A-Z][a-z]{5,8}, (\d\d)-([A-Z][a-z]{2})-(\d\d) (\d\d):(\d\d):(\d\d) GMT$/;
// Case: "Sun Nov  6 08:49:37 1994", obsolete
const ASCTIME_REGEXP =
  /^[A-Z][a-z]{2} ([A-Z][a-z]{2}) (?:(\d\d)| (\d)) (\d\d):(\d\d):(\d\d) (\d{4})$/;

/** Days from the epoch to a date of the Gregorian calendar; months count from 0. */
function daysOf(year: number, month: number, day: number): number {
  // A year that begins in March puts the leap day at its end.
  const shifted = month < 2 ? year - 1 : year;
  const sinceMarch = (month + 10) % 12;
  const leaps = Math.floor(shifted / 4) - Math.floor(shifted / 100) + Math.floor(shifted / 400);
  return shifted * 365 + leaps + Math.floor((sinceMarch * 153 + 2) / 5) + day - 1 - 719_468;
}

/** The date of a day since the epoch, by the inverse of {@linkcode daysOf}. */
function dateOf(days: number): { year: number; month: number; day: number } {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra -
    (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const sinceMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = (sinceMarch + 2) % 12;
  return {
    year: yearOfEra + era * 400 + (month < 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * sinceMarch + 2) / 5) + 1,
  };
}

/** Reads any of the three forms; `undefined` if it is none of them. */
export function parseHttpDate(text: string): number | undefined {
  const fixdate = FIXDATE_REGEXP.exec(text);
  if (fixdate !== null) {
    const [, day, month, year, ...time] = fixdate;
    return secondsOf([Number(year), month, day], time);
  }
  const rfc850 = RFC850_REGEXP.exec(text);
  if (rfc850 !== null) {
    const [, day, month, year, ...time] = rfc850;
    // The rule asks for the clock; in either reading the file is newer or older by a century.
    return secondsOf([Number(year) + (Number(year) < 70 ? 2000 : 1900), month, day], time);
  }
  const asctime = ASCTIME_REGEXP.exec(text);
  if (asctime === null) return undefined;
  const [, month, twoDigits, oneDigit, hours, minutes, seconds, year] = asctime;
  return secondsOf([Number(year), month, twoDigits ?? oneDigit], [hours, minutes, seconds]);
}

type Text = string | undefined;

function secondsOf(
  [year, monthName = "", dayText]: readonly [number, Text, Text],
  time: readonly Text[],
): number | undefined {
  const [hours = 0, minutes = 0, seconds = 0] = time.map(Number);
  const month = MONTHS.indexOf(monthName);
  const day = Number(dayText);
  // 60 is a leap second.
  if (month < 0 || hours > 23 || minutes > 59 || seconds > 60) return undefined;
  const days = daysOf(year, month, day);
  // Case: "31 Feb" -> the third of March
  if (dateOf(days).day !== day) return undefined;
  return days * DAY_SECONDS + hours * 3600 + minutes * 60 + seconds;
}

const two = (value: number): string => String(value).padStart(2, "0");

/** Writes the form that is not obsolete. Case: 784111777 -> "Sun, 06 Nov 1994 08:49:37 GMT" */
export function renderHttpDate(seconds: number): string {
  const days = Math.floor(seconds / DAY_SECONDS);
  const rest = seconds - days * DAY_SECONDS;
  const { year, month, day } = dateOf(days);
  const time = [Math.floor(rest / 3600), Math.floor(rest / 60) % 60, rest % 60].map(two).join(":");
  const name = DAYS[((days % 7) + 7) % 7];
  return `${name}, ${two(day)} ${MONTHS[month]} ${String(year).padStart(4, "0")} ${time} GMT`;
}
