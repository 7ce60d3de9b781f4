package dev.atelier.metadata;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals values with a key, mostly the data folder's master key (AES-256-GCM). A sealed value opens only with that key and in the
 * context it was sealed for, so that it cannot be moved to another row.
 */
public final class Secrets {
  private static final String FORM = "v1.";
  private static final int KEY = 32;
  private static final int NONCE = 12;
  private static final int TAG_BITS = 128;

  private final SecretKeySpec key;
  private final SecureRandom random = new SecureRandom();

  private Secrets(byte[] key) {
    this.key = new SecretKeySpec(key, "AES");
  }

  /** Seals with a key of 32 bytes. */
  public static Secrets of(byte[] key) {
    if (key.length != KEY) {
      throw new IllegalArgumentException("a key has " + KEY + " bytes");
    }
    return new Secrets(key);
  }

  /** Reads {@code master.key} in the folder, making one (0600) when there is none. */
  public static Secrets open(Path keys) {
    Path file = keys.resolve("master.key");
    try {
      if (!Files.exists(file)) {
        byte[] fresh = new byte[KEY];
        new SecureRandom().nextBytes(fresh);
        PrivateFiles.replace(file, fresh);
      }
      byte[] key = Files.readAllBytes(PrivateFiles.file(file));
      if (key.length != KEY) {
        throw new DataFolderException(file + " is no master key: it is not " + KEY + " bytes long");
      }
      return new Secrets(key);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the master key", e);
    }
  }

  /**
   * The value, readable only by {@link #unseal}.
   *
   * @param context what the value belongs to, such as {@code access-key/AKIA…}
   */
  public String seal(byte[] value, String context) {
    byte[] nonce = new byte[NONCE];
    random.nextBytes(nonce);
    try {
      byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce, context).doFinal(value);
      byte[] whole = Arrays.copyOf(nonce, NONCE + sealed.length);
      System.arraycopy(sealed, 0, whole, NONCE, sealed.length);
      return FORM + Base64.getEncoder().encodeToString(whole);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM is not available", e);
    }
  }

  /**
   * The value that was sealed.
   *
   * @throws IllegalArgumentException it was sealed with another key or for another context, or was changed
   */
  public byte[] unseal(String sealed, String context) {
    if (!sealed.startsWith(FORM)) {
      throw new IllegalArgumentException("not a sealed value");
    }
    byte[] whole = Base64.getDecoder().decode(sealed.substring(FORM.length()));
    if (whole.length < NONCE + TAG_BITS / 8) {
      throw new IllegalArgumentException("not a sealed value");
    }
    try {
      return cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(whole, NONCE), context)
          .doFinal(whole, NONCE, whole.length - NONCE);
    } catch (AEADBadTagException e) {
      throw new IllegalArgumentException("sealed with another key, for another context, or changed", e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM is not available", e);
    }
  }

  private Cipher cipher(int mode, byte[] nonce, String context) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(context.getBytes(StandardCharsets.UTF_8));
    return cipher;
  }
}
