package dev.atelier.kms;

import dev.atelier.kernel.Fault;

/** KMS's errors, with its wording. */
final class KmsFault {
  private KmsFault() {}

  static Fault notFound(String what) {
    return new Fault("NotFoundException", 400, what);
  }

  static Fault disabled(Key key) {
    return new Fault("DisabledException", 400, key.arn() + " is disabled.");
  }

  static Fault pendingDeletion(Key key) {
    return invalidState(key.arn() + " is pending deletion.");
  }

  static Fault invalidState(String message) {
    return new Fault("KMSInvalidStateException", 400, message);
  }

  /** KMS says no more: what is wrong with a ciphertext helps only who forges one. */
  static Fault invalidCiphertext() {
    return new Fault("InvalidCiphertextException", 400, "");
  }

  static Fault unsupported(String message) {
    return new Fault("UnsupportedOperationException", 400, message);
  }
}
