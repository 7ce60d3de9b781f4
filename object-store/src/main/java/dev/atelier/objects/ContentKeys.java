package dev.atelier.objects;

import dev.atelier.kernel.Fault;

/** Opens the keys that objects are encrypted with. */
@FunctionalInterface
public interface ContentKeys {
  /** For a store that has no encrypted objects. */
  ContentKeys NONE = (bucket, key, encryption) -> {
    throw new IllegalStateException("no key is known for the encrypted object " + key);
  };

  /**
   * The key of an object's content.
   *
   * @param encryption one that has a sealed key
   * @throws Fault when the key cannot be had, such as a customer's that did not come with the request
   */
  ContentKey open(Bucket bucket, String key, Encryption encryption);
}
