const percent = new Intl.NumberFormat("en", {
  style: "percent",
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
});

/** "94.1%" for 0.9412. Cut and not rounded, so that 100.0% is said only where nobody was asked at all. */
export function formatShare(share: number): string {
  return percent.format(Math.floor(share * 1000 + 1e-9) / 1000);
}
