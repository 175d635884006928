import { expect, test } from 'vitest';
import { queueEndpoint } from './endpoint.ts';

const external = (url: string) => queueEndpoint({ port: 9324, url });

test('without a URL it is the embedded one, on loopback', () => {
  expect(queueEndpoint({ port: 9400, url: null })).toMatchObject({ kind: 'embedded', url: 'http://127.0.0.1:9400' });
});

test('what is shown has no credentials, what signs has them decoded', () => {
  const endpoint = external('https://AKIA1:se%2Fcr%2Bet@sqs.eu-west-1.amazonaws.com/');
  expect(endpoint).toEqual({
    kind: 'external',
    url: 'https://sqs.eu-west-1.amazonaws.com',
    region: 'eu-west-1',
    credentials: { accessKeyId: 'AKIA1', secretAccessKey: 'se/cr+et' },
  });
});

test.each([
  ['http://127.0.0.1:9324', 'us-east-1'],
  ['http://queue.office:9324/sqs', 'us-east-1'],
  ['https://sqs.us-gov-west-1.amazonaws.com', 'us-gov-west-1'],
  ['https://sqs.cn-north-1.amazonaws.com.cn', 'cn-north-1'],
  ['https://eu-west-3.queue.amazonaws.com', 'eu-west-3'],
  ['https://vpce-1a2b.sqs.eu-west-3.vpce.amazonaws.com', 'us-east-1'],
])('the region of %s is %s', (url, region) => {
  expect(external(url)).toMatchObject({ url, region });
});
