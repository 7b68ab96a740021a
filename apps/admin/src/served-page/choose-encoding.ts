import { ENCODINGS, type Encoding, type PageFile } from './page-files.ts';

/** How a body is best sent to somebody who says what he can unpack. */
export function chooseEncoding(accepted: string | readonly string[] | undefined, packed: PageFile['packed']): Encoding | undefined {
  const offers = [accepted ?? ''].flat().join(',').toLowerCase().split(',');
  const taken = offers.flatMap((offer) => {
    const [name = '', ...parameters] = offer.split(';').map((part) => part.trim());
    return parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter)) ? [] : [name];
  });
  return ENCODINGS.find((encoding) => taken.includes(encoding) && packed[encoding] !== undefined);
}
