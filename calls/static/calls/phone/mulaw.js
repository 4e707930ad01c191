// Mu-law (ITU-T G.711) from and to samples between -1 and 1.

const BIAS = 0x84;
const CLIP = 32635;

export const SILENCE = 0xff;

/** Encode one sample as a byte. */
export function encode(sample) {
  const wide = Math.round(Math.max(-1, Math.min(1, sample)) * 32767);
  const sign = wide < 0 ? 0x80 : 0;
  const magnitude = Math.min(Math.abs(wide), CLIP) + BIAS;
  const exponent = 31 - Math.clz32(magnitude) - 7;
  const mantissa = (magnitude >> (exponent + 3)) & 0x0f;
  return ~(sign | (exponent << 4) | mantissa) & 0xff;
}

const SAMPLES = Float32Array.from({ length: 256 }, (_, code) => {
  const bits = ~code & 0xff;
  const magnitude = ((((bits & 0x0f) << 3) + BIAS) << ((bits >> 4) & 0x07)) - BIAS;
  return (bits & 0x80 ? -magnitude : magnitude) / 32768;
});

/** Decode bytes to samples. */
export function decode(bytes) {
  return Float32Array.from(bytes, (byte) => SAMPLES[byte]);
}
