package dev.atelier.s3;

import dev.atelier.objects.S3Fault;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/** A key that comes with a request (SSE-C); it is never stored. */
record CustomerKey(byte[] key, String md5) {
  private static final int LENGTH = 32;

  /**
   * The key of a request.
   *
   * @param prefix of the members' names: {@code CopySource} or nothing
   */
  static Optional<CustomerKey> of(Map<String, Object> request, String prefix) {
    Optional<String> algorithm = Requests.text(request, prefix + "SSECustomerAlgorithm");
    Optional<String> key = Requests.text(request, prefix + "SSECustomerKey");
    Optional<String> md5 = Requests.text(request, prefix + "SSECustomerKeyMD5");
    if (algorithm.isEmpty() && key.isEmpty() && md5.isEmpty()) {
      return Optional.empty();
    }
    if (algorithm.isEmpty()) {
      throw invalid("algorithm", "Requests specifying Server Side Encryption with Customer provided keys must provide a "
          + "valid encryption algorithm.");
    }
    if (!algorithm.get().equals("AES256")) {
      throw S3Fault.of("InvalidEncryptionAlgorithmError", 400,
          "The Encryption request you specified is not valid. Supported value: AES256.");
    }
    if (key.isEmpty()) {
      throw invalid("key", "Requests specifying Server Side Encryption with Customer provided keys must provide an "
          + "appropriate secret key.");
    }
    if (md5.isEmpty()) {
      throw invalid("key-MD5", "Requests specifying Server Side Encryption with Customer provided keys must provide the "
          + "client calculated MD5 of the secret key.");
    }
    byte[] bytes = decoded(key.get());
    if (bytes.length != LENGTH) {
      throw invalid("key", "The secret key was invalid for the specified algorithm.");
    }
    if (!md5.get().equals(md5(bytes))) {
      throw invalid("key-MD5", "The calculated MD5 hash of the key did not match the hash that was provided.");
    }
    return Optional.of(new CustomerKey(bytes, md5.get()));
  }

  private static byte[] decoded(String base64) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      return new byte[0];
    }
  }

  private static String md5(byte[] key) {
    try {
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("MD5").digest(key));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The key itself is in no message. */
  private static RuntimeException invalid(String header, String message) {
    return S3Fault.invalidArgument("x-amz-server-side-encryption-customer-" + header, "null", message);
  }

  @Override
  public String toString() {
    return "CustomerKey[" + md5 + "]";
  }
}
