package dev.atelier.server.door;

import dev.atelier.compute.WorkloadId;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The token with which a workload's programs ask for credentials: derived, so that it is the same after a restart. */
public final class DoorTokens {
  private final byte[] key;

  /** @param key a secret of the data folder */
  public DoorTokens(byte[] key) {
    this.key = key.clone();
  }

  /** The token of a workload. */
  public String of(WorkloadId id) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(("door " + id).getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  boolean isOf(WorkloadId id, String token) {
    return MessageDigest.isEqual(of(id).getBytes(StandardCharsets.UTF_8), token.getBytes(StandardCharsets.UTF_8));
  }
}
