package dev.atelier.identity;

import dev.atelier.identity.RecordStore.Entry;
import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Fault;
import dev.atelier.kernel.Identity;
import dev.atelier.kernel.Partition;
import java.security.SecureRandom;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What a user proves beside the password: a code of an MFA device, or, for who has lost it, one of the recovery codes
 * that were shown once. Each is good once. Recovery codes are stored as their hashes, and hold only while the device that
 * they were made with is enabled.
 */
public final class SecondFactor {
  /** How many recovery codes are made at once. */
  public static final int CODES = 10;
  private static final int GROUPS = 4;
  private static final int GROUP = 4;
  /** 80 bits of five each, in characters that are not taken for one another. */
  private static final String LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
  private static final SecureRandom RANDOM = new SecureRandom();

  private final IdentityRows rows;
  private final IdentityStore identities;
  private final MfaDevices devices;

  SecondFactor(IdentityRows rows, IdentityStore identities, MfaDevices devices) {
    this.rows = rows;
    this.identities = identities;
    this.devices = devices;
  }

  /** Whether the user has a device, and so must prove more than the password. */
  boolean needed(User user) {
    return !devices.of(user).isEmpty();
  }

  /** Whether the code is one of a device of the user's, or a recovery code; it is not taken again. */
  boolean proves(User user, String code) {
    return device(user, code).isPresent() || recovers(user, code);
  }

  private Optional<Entry<MfaDevices.Device>> device(User user, String code) {
    return devices.of(user).stream().filter(device ->
        devices.verify(user.account(), user.name(), MfaDevices.serial(Partition.AWS, device), code)).findFirst();
  }

  private boolean recovers(User user, String code) {
    return rows.atomically(() -> stored(user).stream().filter(each -> each.equals(hash(code))).findFirst()
        .map(hash -> rows.write(tx -> tx.createUpdate(
                "delete from console_recovery_code where user_id = :user and hash = :hash")
            .bind("user", user.id()).bind("hash", hash).execute()))
        .isPresent());
  }

  /** The hashes of the codes that hold. */
  private List<String> stored(User user) {
    return devices.of(user).stream().flatMap(device -> rows.read(tx -> tx.createQuery("""
            select hash from console_recovery_code
            where user_id = :user and device = :device and enabled_at = :enabled""")
        .bind("user", user.id()).bind("device", device.id()).bind("enabled", device.value().enabledAt())
        .mapTo(String.class).list()).stream()).toList();
  }

  /** How many recovery codes the user has left. */
  public int left(AccountId account, Identity.User identity) {
    return user(account, identity).map(user -> stored(user).size()).orElse(0);
  }

  /**
   * Makes new recovery codes in place of those that there are, and shows them this once.
   *
   * @param code of a device of the user's
   * @throws Fault MfaNotEnabled, where there is no device to stand in for; MfaFailed for another code
   */
  public List<String> renew(AccountId account, Identity.User identity, String code) {
    User user = user(account, identity).filter(this::needed).orElseThrow(() -> new Fault("MfaNotEnabled", 409,
        "Enable an MFA device first: recovery codes stand in for it."));
    Entry<MfaDevices.Device> device = device(user, code).orElseThrow(SecondFactor::failed);
    List<String> codes = Stream.generate(SecondFactor::fresh).limit(CODES).toList();
    return rows.atomically(() -> rows.write(tx -> {
      tx.createUpdate("delete from console_recovery_code where user_id = :user").bind("user", user.id()).execute();
      codes.forEach(each -> tx.createUpdate("insert into console_recovery_code values (:user, :hash, :device, :enabled)")
          .bind("user", user.id()).bind("hash", hash(each)).bind("device", device.id())
          .bind("enabled", device.value().enabledAt()).execute());
      return codes;
    }));
  }

  static Fault failed() {
    return new Fault("MfaFailed", 401, "The code of the MFA device is not right, or was used before.");
  }

  private Optional<User> user(AccountId account, Identity.User identity) {
    return identities.findUser(account, identity.name()).filter(user -> user.id().equals(identity.id()));
  }

  private static String fresh() {
    return IntStream.range(0, GROUPS).mapToObj(group -> IntStream.range(0, GROUP)
            .mapToObj(at -> String.valueOf(LETTERS.charAt(RANDOM.nextInt(LETTERS.length())))).collect(Collectors.joining()))
        .collect(Collectors.joining("-"));
  }

  /** As they are typed, with or without their dashes, in letters of either size. */
  private static String hash(String code) {
    return SecretToken.hash("recovery " + code.replaceAll("[\\s-]", "").toUpperCase(Locale.ROOT));
  }
}
