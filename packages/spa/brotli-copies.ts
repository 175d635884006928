/** Lays a Brotli copy beside each hashed file: made once, as small as it gets, instead of at each request. */
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import type { Plugin } from 'vite';

const compress = promisify(brotliCompress);
/** Bytes: below, one packet carries it anyway. */
const worthwhile = 1024;

export function brotliCopies(): Plugin {
  return {
    name: 'tidepool:brotli-copies',
    apply: 'build',
    generateBundle: {
      order: 'post',
      async handler(_options, bundle) {
        const texts = Object.values(bundle)
          .filter(({ fileName }) => /^assets\/.+\.(js|css|svg)$/.test(fileName))
          .map((part) => ({
            fileName: part.fileName,
            plain: Buffer.from(part.type === 'chunk' ? part.code : part.source),
          }));
        await Promise.all(
          texts
            .filter(({ plain }) => plain.length >= worthwhile)
            .map(async ({ fileName, plain }) => {
              const source = await compress(plain, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: plain.length } });
              this.emitFile({ type: 'asset', fileName: `${fileName}.br`, source });
            }),
        );
      },
    },
  };
}
