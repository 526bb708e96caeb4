package io.sotto.privacy.mechanism;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.XECPublicKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPublicKeySpec;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.KeyAgreement;
import org.jspecify.annotations.Nullable;

/**
 * Keys that agents agree on by X25519 (RFC 7748), each with a private key of its own: everybody
 * learns all public keys, which neighbours pass on, and two agents have a key that nobody else can
 * compute from those. Who passes keys on is taken to be curious and honest: it does not exchange
 * them for others.
 *
 * <p>Here all private keys come from the secret of the run, so that an agent that is computed again
 * after a fault has the one that it had. So whoever runs the job could compute them, as it could
 * read the rows.
 *
 * <p>Cost: a multiplication on the curve for each agent, and one for each of its keys, some 0.1 ms
 * each.
 */
public final class AgreedKeys implements PairKeys {
  private static final long serialVersionUID = 1;
  private static final String CURVE = "X25519";

  private final Secret secret;
  private final String run;
  private final BigInteger[] publicKeys;

  /** By agent and other, keys that are asked for in every round. */
  private transient @Nullable Map<Long, byte[]> known;

  /** Draws keys for that many agents. */
  public AgreedKeys(int agents, Secret secret, String run) {
    this.secret = secret;
    this.run = run;
    this.publicKeys = new BigInteger[agents];
    for (int i = 0; i < agents; i++) {
      publicKeys[i] = ((XECPublicKey) pair(i).getPublic()).getU();
    }
  }

  /** An agent's own pair of keys. */
  private KeyPair pair(int agent) {
    byte[] seed = secret.key("x25519", run + "\u0000" + agent);
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(CURVE);
      generator.initialize(NamedParameterSpec.X25519, new Fixed(seed));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + CURVE, e);
    }
  }

  @Override
  public Keystream bits(int agent, int other, long round) {
    long pair = (long) agent << Integer.SIZE | other;
    byte[] key =
        round == NO_ROUND
            ? key(agent, other)
            : known().computeIfAbsent(pair, both -> key(agent, other));
    return PairKeys.stream(key, agent, other, round);
  }

  private synchronized Map<Long, byte[]> known() {
    if (known == null) {
      known = new ConcurrentHashMap<>();
    }
    return known;
  }

  private byte[] key(int agent, int other) {
    int first = Math.min(agent, other);
    int second = Math.max(agent, other);
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(agreed(pair(agent).getPrivate(), publicKeys[other]));
      digest.update(run.getBytes(StandardCharsets.UTF_8));
      digest.update(ByteBuffer.allocate(2 * Integer.BYTES).putInt(first).putInt(second).flip());
      return digest.digest();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static byte[] agreed(PrivateKey own, BigInteger others) throws GeneralSecurityException {
    PublicKey key =
        KeyFactory.getInstance(CURVE)
            .generatePublic(new XECPublicKeySpec(NamedParameterSpec.X25519, others));
    KeyAgreement agreement = KeyAgreement.getInstance(CURVE);
    agreement.init(own);
    agreement.doPhase(key, true);
    return agreement.generateSecret();
  }

  /** Gives the generator of keys the bytes that an agent's key is made of. */
  private static final class Fixed extends SecureRandom {
    private static final long serialVersionUID = 1;
    private final byte[] bytes;

    Fixed(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public void nextBytes(byte[] out) {
      System.arraycopy(bytes, 0, out, 0, out.length);
    }
  }
}
