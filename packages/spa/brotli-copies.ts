/** Lays a Brotli copy beside each hashed file: made once, as small as it gets, instead of at each request. */
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import type { Plugin } from 'vite';

const compress = promisify(brotliCompress);

export function brotliCopies(): Plugin {
  return {
    name: 'tidepool:brotli-copies',
    apply: 'build',
    generateBundle: {
      order: 'post',
      async handler(_options, bundle) {
        const texts = Object.values(bundle).filter(({ fileName }) => /^assets\/.+\.(js|css|svg)$/.test(fileName));
        await Promise.all(
          texts.map(async (part) => {
            const plain = Buffer.from(part.type === 'chunk' ? part.code : part.source);
            const source = await compress(plain, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: plain.length } });
            this.emitFile({ type: 'asset', fileName: `${part.fileName}.br`, source });
          }),
        );
      },
    },
  };
}
