const STEPS = [["day", 86_400_000], ["hour", 3_600_000], [
  "minute",
  60_000,
]] as const;
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

/** Case: an hour before now -> "1 hour ago". */
export function timeAgo(time: number, now = Date.now()): string {
  for (const [unit, length] of STEPS) {
    if (now - time >= length) {
      return relative.format(-Math.floor((now - time) / length), unit);
    }
  }
  return "just now";
}
