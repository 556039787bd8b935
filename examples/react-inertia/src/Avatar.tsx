/** The initials, on a colour that is always the same for a name. */
export function Avatar(
  { name, isLarge = false }: { name: string; isLarge?: boolean },
) {
  const initials = name.split(/\s+/).map((word) => word[0] ?? "").join("")
    .slice(0, 2);
  const hue = [...name].reduce(
    (sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 360,
    7,
  );
  return (
    <span
      className={isLarge ? "avatar large" : "avatar"}
      style={{ background: `hsl(${hue} 55% 45%)` }}
      aria-hidden="true"
    >
      {initials}
    </span>
  );
}
