/** RC4, which today's OpenSSL no longer offers and old encrypted PDFs still need. For reading only. */
export function rc4(key: Uint8Array, data: Uint8Array): Uint8Array {
  const state = new Uint8Array(256);
  for (let i = 0; i < 256; i += 1) {
    state[i] = i;
  }
  let j = 0;
  for (let i = 0; i < 256; i += 1) {
    const held = state[i] ?? 0;
    j = (j + held + (key[i % key.length] ?? 0)) & 255;
    state[i] = state[j] ?? 0;
    state[j] = held;
  }
  const out = new Uint8Array(data.length);
  let a = 0;
  let b = 0;
  for (let n = 0; n < data.length; n += 1) {
    a = (a + 1) & 255;
    const held = state[a] ?? 0;
    b = (b + held) & 255;
    const other = state[b] ?? 0;
    state[a] = other;
    state[b] = held;
    out[n] = (data[n] ?? 0) ^ (state[(held + other) & 255] ?? 0);
  }
  return out;
}
