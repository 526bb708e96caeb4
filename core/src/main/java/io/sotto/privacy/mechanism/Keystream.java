package io.sotto.privacy.mechanism;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Random bits that are a function of (key, agent, index, position) and that nobody can tell from
 * chance who lacks the key: AES-256 in counter mode. No state, so whoever asks, also after a fault,
 * gets the same bits.
 */
public final class Keystream {
  private static final String TRANSFORMATION = "AES/CTR/NoPadding";
  private static final int BLOCK = 256;
  private static final byte[] ZEROS = new byte[BLOCK];
  private static final int IV = 16;

  /** Bytes that are made at a time where many are wanted. */
  private static final int MANY = 1 << 14;

  /** Making one takes longer than using it. */
  private static final ThreadLocal<Cipher> CIPHERS =
      ThreadLocal.withInitial(
          () -> {
            try {
              return Cipher.getInstance(TRANSFORMATION);
            } catch (GeneralSecurityException e) {
              throw new IllegalStateException("every JDK has " + TRANSFORMATION, e);
            }
          });

  private final Cipher cipher;
  private final byte[] bytes = new byte[BLOCK];
  private final ByteBuffer words = ByteBuffer.wrap(bytes);

  /**
   * The stream of an agent and an index, from its beginning. Until it is used up, its thread must
   * make no other.
   *
   * @param key of 256 bits
   */
  Keystream(byte[] key, int agent, long index) {
    this.cipher = CIPHERS.get();
    byte[] iv = ByteBuffer.allocate(IV).putInt(agent).putLong(index).array();
    try {
      cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(iv));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a key of 256 bits and an initial vector of 128", e);
    }
    words.position(BLOCK);
  }

  /** The next 64 bits. */
  long next() {
    if (!words.hasRemaining()) {
      try {
        cipher.update(ZEROS, 0, BLOCK, bytes, 0);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("the output is as long as the input", e);
      }
      words.rewind();
    }
    return words.getLong();
  }

  /**
   * Adds the next numbers to whole numbers of 64 bits that are kept as the bits of doubles.
   *
   * @param sign 1, or -1 to subtract them
   */
  void addTo(double[] numbers, int at, int count, int sign) {
    byte[] many = new byte[Math.min(MANY, Long.BYTES * count)];
    ByteBuffer next = ByteBuffer.wrap(many);
    byte[] zeros = new byte[many.length];
    int end = at + count;
    for (int from = at; from < end; ) {
      int now = Math.min(many.length / Long.BYTES, end - from);
      try {
        cipher.update(zeros, 0, now * Long.BYTES, many, 0);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("the output is as long as the input", e);
      }
      next.rewind();
      for (int k = from; k < from + now; k++) {
        long sum = Double.doubleToRawLongBits(numbers[k]) + sign * next.getLong();
        numbers[k] = Double.longBitsToDouble(sum);
      }
      from += now;
    }
  }

  /** A uniform whole number from 0 to below the bound, exactly. */
  long below(long bound) {
    long least = Long.remainderUnsigned(-bound, bound); // 2^64 mod bound: those count twice
    long bits = next();
    while (Long.compareUnsigned(bits, least) < 0) {
      bits = next();
    }
    return Long.remainderUnsigned(bits, bound);
  }
}
