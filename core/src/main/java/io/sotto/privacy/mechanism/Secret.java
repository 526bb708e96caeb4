package io.sotto.privacy.mechanism;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What all randomness of a mechanism comes from, beside the public seed. It never shows itself in
 * text. It goes to the processes that hold rows, inside the {@link io.sotto.engine.Mechanism} that
 * they load, and nowhere else.
 *
 * <p>One secret makes a key for each purpose and each run, so that no two runs that differ in
 * anything share a number: with the same noise under two questions, the difference of the answers
 * would have none.
 */
public final class Secret implements Serializable {
  private static final long serialVersionUID = 1;

  /** The least that a secret may be made of, in bytes. */
  public static final int LEAST = 16;

  private static final String MAC = "HmacSHA256";
  private static final int MARK = 8;

  private final byte[] bytes;

  private Secret(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * The secret of some bytes.
   *
   * @throws IllegalArgumentException if there are fewer than {@link #LEAST}
   */
  public static Secret of(byte[] material) {
    if (material.length < LEAST) {
      throw new IllegalArgumentException("a secret of %d bytes".formatted(material.length));
    }
    try {
      return new Secret(MessageDigest.getInstance("SHA-256").digest(material));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** One that nobody had before and nobody will have again. */
  public static Secret fresh() {
    byte[] bytes = new byte[2 * LEAST];
    new SecureRandom().nextBytes(bytes);
    return of(bytes);
  }

  /** What {@link #kept(byte[])} makes it of again, for a checkpoint that is as private. */
  public byte[] kept() {
    return bytes.clone();
  }

  /**
   * One that was kept in a checkpoint.
   *
   * @throws IllegalArgumentException if that is cut short
   */
  public static Secret kept(byte[] bytes) {
    if (bytes.length != 2 * LEAST) {
      throw new IllegalArgumentException("a kept secret of %d bytes".formatted(bytes.length));
    }
    return new Secret(bytes.clone());
  }

  /**
   * A key of 256 bits.
   *
   * @param purpose what it is for
   * @param run names a run with all that its messages depend on
   */
  byte[] key(String purpose, String run) {
    try {
      Mac mac = Mac.getInstance(MAC);
      mac.init(new SecretKeySpec(bytes, MAC));
      mac.update(purpose.getBytes(StandardCharsets.UTF_8));
      mac.update((byte) 0);
      return mac.doFinal(run.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + MAC, e);
    }
  }

  /**
   * Tells whether two runs had the same secret, and tells nothing else of it. What would go on with
   * an interrupted run compares this with what the run wrote down, and refuses if they differ.
   */
  public String mark() {
    return mark("");
  }

  /** Tells whether two runs had the same secret and the same name, and nothing else. */
  public String mark(String run) {
    return HexFormat.of().formatHex(key("mark", run), 0, MARK);
  }

  @Override
  public String toString() {
    return "a secret";
  }
}
