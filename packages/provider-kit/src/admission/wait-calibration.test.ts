import { describe, expect, it } from 'vitest';
import { WaitCalibration } from './wait-calibration.ts';

function calibrated(ratios: readonly number[]): number {
  const calibration = new WaitCalibration();
  for (const ratio of ratios) calibration.note(100, 100 * ratio);
  return calibration.factor;
}

describe('the calibration of waits', () => {
  const often = (...ratios: number[]): number[] => Array.from({ length: 16 }, () => ratios).flat();

  it.each([
    ['assumes three times the estimate at first', [], 3],
    ['is not convinced by a few waits', [1, 1, 1, 1, 1, 1, 1, 1], 3],
    ['believes estimates that came true often', often(1, 1, 1, 1), 1],
    ['never believes in less than the estimate', often(0.1, 0.2, 0.1, 0.5), 1],
    ['goes by the long ones', often(1, 1, 1, 2.5), 2.5],
    ['does not lose its head', often(90, 90, 90, 90), 3],
    ['forgets what is long ago', [...often(2.5, 2.5, 2.5, 2.5), ...often(1.5, 1.5, 1.5, 1.5)], 1.5],
  ])('%s', (_name, ratios, factor) => {
    expect(calibrated(ratios)).toBe(factor);
  });

  it('learns nothing from estimates that were hardly any', () => {
    const calibration = new WaitCalibration();
    for (const ratio of often(1, 1, 1, 1)) calibration.note(1_000, 1_000 * ratio);
    for (const _ratio of often(1, 1, 1, 1)) {
      calibration.note(0, 5_000);
      calibration.note(99, 5_000);
      calibration.note(Infinity, 5_000);
    }
    expect(calibration.factor).toBe(1);
  });
});
