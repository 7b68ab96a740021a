const UNITS = ['KiB', 'MiB', 'GiB'] as const;

/** A size as a person reads it: `12 B`, `3.4 KiB`. */
export function formatBytes(bytes: number): string {
  let text = `${bytes} B`;
  let amount = bytes;
  for (const unit of UNITS) {
    if (amount < 1024) break;
    amount /= 1024;
    text = `${amount.toFixed(1)} ${unit}`;
  }
  return text;
}
