import { Size, SizeRoundingBehavior } from 'cdk8s';
import type { ParametersCheck } from './checked-parameters';
import { AzureFilesSku } from './enums';
import { largestShare, performanceRanges, smallestShare } from './sku';
import { isLate } from '../../input/late-value';

export const performanceNeedsV2: ParametersCheck = ({ sku, provisionedIops, provisionedBandwidth }) => {
  if (isLate(sku) || performanceRanges(sku)) return undefined;
  const [prop, value] =
    Object.entries({ provisionedIops, provisionedBandwidth }).find(([, v]) => v !== undefined) ?? [];
  return (
    prop &&
    `${prop} '${value}' has no effect on sku '${sku}'; only v2 SKUs are paid by performance; use ` +
      'AzureFilesSku.PREMIUM_V2_LRS or remove it'
  );
};

export const performanceInRange: ParametersCheck = ({ sku, provisionedIops, provisionedBandwidth }) => {
  const ranges = performanceRanges(isLate(sku) ? undefined : sku);
  const bought = [
    ['provisionedIops', provisionedIops, ranges?.iops],
    ['provisionedBandwidth', provisionedBandwidth, ranges?.bandwidth],
  ] as const;
  for (const [prop, value, range] of bought) {
    if (value === undefined || !range || isLate(value)) continue;
    const [least, most] = range;
    if (value >= least && value <= most) continue;
    const owner = sku === undefined || isLate(sku) ? 'a v2 SKU' : `sku '${sku}'`;
    return `${prop} '${value}' cannot be bought for ${owner}; expected ${least} to ${most}; change or remove it`;
  }
  return undefined;
};

export const largeEnough: ParametersCheck = ({ sku }, { capacity }) => {
  if (capacity === undefined || sku === undefined || isLate(sku)) return undefined;
  const least = smallestShare(sku);
  return gibibytesOf(capacity) < least
    ? `capacity '${capacity.asString()}' is below the smallest share of sku '${sku}', ${least} GiB; ask for ` +
        `Size.gibibytes(${least}) or more, or choose another SKU`
    : undefined;
};

export const smallEnough: ParametersCheck = ({ sku }, { capacity }) => {
  if (capacity === undefined || isLate(sku)) return undefined;
  const most = largestShare(sku);
  if (gibibytesOf(capacity) <= most) return undefined;
  const owner = sku === undefined ? 'an account of unknown SKU' : `sku '${sku}'`;
  return (
    `capacity '${capacity.asString()}' is above the largest share of ${owner}, ${most} GiB; ask for ` +
    `Size.gibibytes(${most}) or less${most < largestShare(AzureFilesSku.PREMIUM_V2_LRS) ? ', or name a v2 SKU' : ''}`
  );
};

/** Rounds down to KiB, the smallest unit of `Size`. */
function gibibytesOf(capacity: Size): number {
  return capacity.toKibibytes({ rounding: SizeRoundingBehavior.FLOOR }) / (1024 * 1024);
}
