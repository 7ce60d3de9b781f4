package dev.atelier.identity;

import dev.atelier.identity.RecordStore.Entry;
import dev.atelier.identity.RecordStore.Kind;
import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Fault;
import dev.atelier.kernel.Partition;
import dev.atelier.metadata.Secrets;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Virtual MFA devices: time-based one-time codes of RFC 6238, six digits, thirty seconds, SHA-1. */
public final class MfaDevices {
  private static final int SEED = 20;
  private static final long STEP = 30;
  /** How many steps the device's clock may be off. */
  private static final int DRIFT = 2;
  private static final int DEVICES_PER_USER = 8;
  private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  private static final SecureRandom RANDOM = new SecureRandom();

  private final RecordStore records;
  private final Users users;
  private final Secrets secrets;
  private final Clock clock;

  MfaDevices(RecordStore records, Users users, Secrets secrets, Clock clock) {
    this.records = records;
    this.users = users;
    this.secrets = secrets;
    this.clock = clock;
  }

  /**
   * A device; its record's owner is the user it is enabled for.
   *
   * @param enabledAt epoch seconds, 0 while it is nobody's
   * @param lastStep the step of the last code that was taken: none is taken twice
   */
  record Device(String path, String seed, long enabledAt, long lastStep) {
    @Override
    public String toString() {
      return "Device[" + path + "]";
    }
  }

  /** A device at the one moment when its seed is shown. */
  record NewDevice(Entry<Device> device, String base32Seed) {
    @Override
    public String toString() {
      return "NewDevice[" + device.name() + "]";
    }
  }

  NewDevice create(AccountId account, String name, String path, List<EntityTags.Tag> tags) {
    EntityTags.check(tags);
    byte[] seed = new byte[SEED];
    RANDOM.nextBytes(seed);
    String id = UniqueId.of("AMFA");
    Entry<Device> device = new Entry<>(id, account, "", path.substring(1) + name, clock.instant(),
        new Device(path, secrets.seal(seed, "mfa-seed:" + id), 0, 0));
    if (!records.insert(Kind.MFA_DEVICE, device, tags)) {
      throw Users.entityExists("MFADevice entity at the same path and name already exists.");
    }
    return new NewDevice(device, base32(seed));
  }

  /** The device's ARN in the partition. */
  static String serial(Partition partition, Entry<?> device) {
    return Arn.global(partition, "iam", device.account(), "mfa/" + device.name()).toString();
  }

  /** The name of the record of a serial number; one that no record has for a serial of another account. */
  static String name(AccountId account, String serial) {
    return Arn.parse(serial).filter(arn -> arn.account().equals(account.value()) && arn.resource().startsWith("mfa/"))
        .map(arn -> arn.resource().substring("mfa/".length())).orElse("");
  }

  static Fault absent(String serial) {
    return Users.noSuchEntity("VirtualMFADevice with serial number " + serial + " does not exist.");
  }

  Entry<Device> require(AccountId account, String serial) {
    return records.find(account, Kind.MFA_DEVICE, name(account, serial), Device.class)
        .orElseThrow(() -> absent(serial));
  }

  List<Entry<Device>> list(AccountId account) {
    return records.list(account, Kind.MFA_DEVICE, Device.class);
  }

  List<Entry<Device>> of(User user) {
    return records.ofUser(user.account(), Kind.MFA_DEVICE, user.name(), Device.class);
  }

  void enable(AccountId account, String userName, String serial, String first, String second) {
    User user = users.require(account, userName);
    Entry<Device> device = require(account, serial);
    if (!device.owner().isEmpty()) {
      throw Users.entityExists("MFA Device is already in use.");
    }
    if (of(user).size() >= DEVICES_PER_USER) {
      throw Users.limitExceeded("MFADevicesPerUser", DEVICES_PER_USER);
    }
    long step = consecutive(device, first, second);
    records.update(device.ownedBy(user.name())
        .with(new Device(device.value().path(), device.value().seed(), clock.instant().getEpochSecond(), step)));
  }

  void resync(AccountId account, String userName, String serial, String first, String second) {
    Entry<Device> device = owned(account, userName, serial);
    records.update(device.with(new Device(device.value().path(), device.value().seed(), device.value().enabledAt(),
        consecutive(device, first, second))));
  }

  void deactivate(AccountId account, String userName, String serial) {
    Entry<Device> device = owned(account, userName, serial);
    records.update(device.ownedBy("").with(new Device(device.value().path(), device.value().seed(), 0, 0)));
  }

  void delete(AccountId account, String serial) {
    Entry<Device> device = require(account, serial);
    if (!device.owner().isEmpty()) {
      throw Users.deleteConflict("MFA VirtualDevice in use. Must deactivate first.");
    }
    records.delete(device);
  }

  private Entry<Device> owned(AccountId account, String userName, String serial) {
    User user = users.require(account, userName);
    return of(user).stream().filter(each -> each.name().equalsIgnoreCase(name(account, serial))).findFirst()
        .orElseThrow(() -> Users.noSuchEntity("MFA Device with serial number " + serial + " does not exist."));
  }

  /** Whether the code is one of the user's device now; a code that was taken is not taken again. */
  boolean verify(AccountId account, String userName, String serial, String code) {
    return records.atomically(() -> taken(account, userName, serial, code));
  }

  private boolean taken(AccountId account, String userName, String serial, String code) {
    User user = users.require(account, userName);
    Optional<Entry<Device>> device = of(user).stream()
        .filter(each -> each.name().equalsIgnoreCase(name(account, serial))).findFirst();
    if (device.isEmpty()) {
      return false;
    }
    OptionalLong step = step(device.get(), code);
    step.ifPresent(at -> records.update(device.get().with(new Device(device.get().value().path(),
        device.get().value().seed(), device.get().value().enabledAt(), at))));
    return step.isPresent();
  }

  private long consecutive(Entry<Device> device, String first, String second) {
    byte[] seed = seed(device);
    long now = clock.instant().getEpochSecond() / STEP;
    for (long step = now - DRIFT - 1; step <= now + DRIFT; step++) {
      if (code(seed, step).equals(first) && code(seed, step + 1).equals(second)) {
        return step + 1;
      }
    }
    throw new Fault("InvalidAuthenticationCode", 403, "Authentication code for device is not valid.");
  }

  private OptionalLong step(Entry<Device> device, String code) {
    byte[] seed = seed(device);
    long now = clock.instant().getEpochSecond() / STEP;
    for (long step = Math.max(now - DRIFT, device.value().lastStep() + 1); step <= now + DRIFT; step++) {
      if (MessageDigest.isEqual(code(seed, step).getBytes(StandardCharsets.UTF_8),
          code.getBytes(StandardCharsets.UTF_8))) {
        return OptionalLong.of(step);
      }
    }
    return OptionalLong.empty();
  }

  private byte[] seed(Entry<Device> device) {
    return secrets.unseal(device.value().seed(), "mfa-seed:" + device.id());
  }

  /** The code of a step, by RFC 4226. */
  static String code(byte[] seed, long step) {
    try {
      Mac mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(seed, "RAW"));
      byte[] hash = mac.doFinal(ByteBuffer.allocate(Long.BYTES).putLong(step).array());
      int number = ByteBuffer.wrap(hash, hash[hash.length - 1] & 0xf, Integer.BYTES).getInt() & Integer.MAX_VALUE;
      return String.format("%06d", number % 1_000_000);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String base32(byte[] bytes) {
    StringBuilder out = new StringBuilder();
    String bits = new BigInteger(1, bytes).toString(2);
    String padded = "0".repeat(bytes.length * 8 - bits.length()) + bits;
    for (int i = 0; i < padded.length(); i += 5) {
      out.append(BASE32.charAt(Integer.parseInt(padded.substring(i, i + 5), 2)));
    }
    return out.toString();
  }
}
