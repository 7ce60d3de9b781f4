package dev.atelier.kms;

import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;

/** KMS's errors, with its wording. */
final class KmsFault {
  private KmsFault() {}

  static Fault notFound(String what) {
    return new Fault("NotFoundException", 400, what);
  }

  /** Of a key that belongs to others, who alone may know whether there is one. */
  static Fault hidden(Caller caller, String action) {
    return Fault.accessDenied("User: " + caller.arn() + " is not authorized to perform: kms:" + action + " on this "
        + "resource because the resource does not exist in this Region, no resource-based policies allow access, or a "
        + "resource-based policy explicitly denies access");
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
