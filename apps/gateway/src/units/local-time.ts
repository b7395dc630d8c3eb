/** A time as the clocks of the place show it that this process runs at (`TZ`), `yyyy-MM-ddTHH:mm:ss`: the KkmServer API knows no offsets. */
export function localTime(ms: number): string {
  const at = new Date(ms);
  const two = (number: number): string => String(number).padStart(2, '0');
  const date = [String(at.getFullYear()).padStart(4, '0'), two(at.getMonth() + 1), two(at.getDate())].join('-');
  return `${date}T${[at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(':')}`;
}
