/** AWS Signature Version 4 against the example requests that AWS publishes with their signatures. */
import { describe, expect, it } from '@jest/globals';
import { encodeForQuery, signedHeaders } from '../../storage/s3-signature.ts';

const signer = {
  region: 'us-east-1',
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
};
const now = new Date('2013-05-24T00:00:00Z');
const host = 'examplebucket.s3.amazonaws.com';

describe('AWS Signature Version 4', () => {
  it.each([
    [
      'get an object',
      { method: 'GET', host, path: '/test.txt', query: '', headers: { range: 'bytes=0-9' } },
      'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    ],
    [
      'get a bucket’s lifecycle',
      { method: 'GET', host, path: '/', query: 'lifecycle=' },
      'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
    ],
    [
      'list objects',
      { method: 'GET', host, path: '/', query: 'max-keys=2&prefix=J' },
      '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
    ],
  ])('signs the published request to %s', (_, request, signature) => {
    const { authorization } = signedHeaders(signer, request, now);
    expect(authorization).toContain('Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request');
    expect(authorization).toContain(`Signature=${signature}`);
  });

  it('encodes all but unreserved characters', () => {
    expect(encodeForQuery("aZ9-._~ /+=!'()*ư")).toBe('aZ9-._~%20%2F%2B%3D%21%27%28%29%2A%C6%B0');
  });
});
