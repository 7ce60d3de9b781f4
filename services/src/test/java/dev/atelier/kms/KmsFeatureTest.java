package dev.atelier.kms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.kernel.Identity;
import dev.atelier.kernel.Region;
import dev.atelier.operation.OperationTable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The operations, called as the dispatcher calls them, on one data folder through restarts and through years. */
final class KmsFeatureTest {
  private static final byte[] SECRET = "the secret".getBytes(StandardCharsets.UTF_8);
  private static final Caller OWNER = caller("123456789012", "us-east-1");

  @TempDir Path root;
  private Instant now = Instant.parse("2026-11-21T10:00:00Z");
  private KeyringBench bench;
  private OperationTable table;
  private Keyring keyring;

  @BeforeEach
  void open() {
    Clock clock = Clock.fixed(now, ZoneOffset.UTC);
    table = new OperationTable();
    bench = new KeyringBench(root, clock, table);
    keyring = bench.keyring();
  }

  @AfterEach
  void close() {
    bench.close();
  }

  private void reopenAfter(Duration time) {
    close();
    now = now.plus(time);
    open();
  }

  @Test
  void whatWasEncryptedIsDecryptedInItsContextOnlyThroughRotationsAndRestarts() {
    String key = create();
    Map<String, String> context = Map.of("department", "research");
    call(OWNER, "EnableKeyRotation", "KeyId", key, "RotationPeriodInDays", 90);
    byte[] first = encrypt(key, context);
    reopenAfter(Duration.ofDays(91));
    byte[] second = encrypt(key, context);
    call(OWNER, "RotateKeyOnDemand", "KeyId", key);
    byte[] third = encrypt(key, context);
    reopenAfter(Duration.ZERO);

    for (byte[] blob : List.of(first, second, third)) {
      assertThat((byte[]) call(OWNER, "Decrypt", "CiphertextBlob", blob, "EncryptionContext", context).get("Plaintext"))
          .isEqualTo(SECRET);
      assertFault("InvalidCiphertextException", "Decrypt", "CiphertextBlob", blob);
      assertFault("InvalidCiphertextException", "Decrypt", "CiphertextBlob", blob, "EncryptionContext",
          Map.of("department", "sales"));
    }
    assertThat(Ciphertext.parse(first).generation()).isEqualTo(1);
    assertThat(Ciphertext.parse(third).generation()).isEqualTo(3);
    List<?> rotations = (List<?>) call(OWNER, "ListKeyRotations", "KeyId", key).get("Rotations");
    assertThat(rotations.stream().map(each -> (Object) ((Map<?, ?>) each).get("RotationType")).toList())
        .isEqualTo(List.of("AUTOMATIC", "ON_DEMAND"));
  }

  @Test
  void aChangedByteOfACiphertextIsNoticed() {
    byte[] blob = encrypt(create(), Map.of());
    for (int at = 0; at < blob.length; at++) {
      byte[] changed = blob.clone();
      changed[at] ^= 4;
      assertThatThrownBy(() -> call(OWNER, "Decrypt", "CiphertextBlob", changed)).isInstanceOfSatisfying(Fault.class,
          fault -> assertThat(fault.code()).isIn("InvalidCiphertextException", "AccessDeniedException"));
    }
  }

  @Test
  void noMaterialLiesOnDiskInTheClear() throws IOException {
    Keyring.DataKey key = keyring.generate(OWNER, create(), Map.of(), "s3");
    assertThat(keyring.open(key.sealed(), Map.of())).isEqualTo(key.plaintext());
    assertThat(key.toString()).doesNotContain(new String(key.plaintext(), StandardCharsets.ISO_8859_1));
    close();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
            .doesNotContain(new String(key.plaintext(), StandardCharsets.ISO_8859_1));
      }
    }
    open();
  }

  @Test
  void aDisabledKeyAndOneOnItsWayOutDoNothing() {
    String key = create();
    byte[] blob = encrypt(key, Map.of());
    call(OWNER, "DisableKey", "KeyId", key);
    assertFault("DisabledException", "Encrypt", "KeyId", key, "Plaintext", SECRET);
    assertFault("DisabledException", "Decrypt", "CiphertextBlob", blob);
    call(OWNER, "EnableKey", "KeyId", key);
    call(OWNER, "ScheduleKeyDeletion", "KeyId", key, "PendingWindowInDays", 7);
    assertFault("KMSInvalidStateException", "Decrypt", "CiphertextBlob", blob);
    assertFault("KMSInvalidStateException", "EnableKey", "KeyId", key);
    call(OWNER, "CancelKeyDeletion", "KeyId", key);
    assertThat(metadata(key)).containsEntry("KeyState", "Disabled");
    call(OWNER, "ScheduleKeyDeletion", "KeyId", key, "PendingWindowInDays", 7);
    reopenAfter(Duration.ofDays(8));
    assertFault("NotFoundException", "DescribeKey", "KeyId", key);
    assertFault("AccessDeniedException", "Decrypt", "CiphertextBlob", blob);
  }

  @Test
  void anAliasNamesOneKeyAtATime() {
    String first = create();
    String second = create();
    call(OWNER, "CreateAlias", "AliasName", "alias/data", "TargetKeyId", first);
    assertFault("AlreadyExistsException", "CreateAlias", "AliasName", "alias/data", "TargetKeyId", second);
    assertThat(metadata("alias/data")).containsEntry("KeyId", first);
    call(OWNER, "UpdateAlias", "AliasName", "alias/data", "TargetKeyId", second);
    assertThat(metadata("arn:aws:kms:us-east-1:123456789012:alias/data")).containsEntry("KeyId", second);
    call(OWNER, "DeleteAlias", "AliasName", "alias/data");
    assertFault("NotFoundException", "DescribeKey", "KeyId", "alias/data");
    assertFault("NotAuthorizedException", "CreateAlias", "AliasName", "alias/aws/mine", "TargetKeyId", first);
  }

  @Test
  void theKeyPolicyKeepsOutWhomItDoesNotName() {
    String key = create();
    String policy = """
        {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"kms:*","Resource":"*",
        "Principal":{"AWS":"arn:aws:iam::123456789012:user/ann"}}]}""";
    assertFault("MalformedPolicyDocumentException", "PutKeyPolicy", "KeyId", key, "Policy", policy);
    call(OWNER, "PutKeyPolicy", "KeyId", key, "Policy", policy, "BypassPolicyLockoutSafetyCheck", true);
    assertFault("AccessDeniedException", "Encrypt", "KeyId", key, "Plaintext", SECRET);
    Caller ann = new Caller(OWNER.account(), OWNER.region(), new Identity.User("ann", "/", "AIDAANN"), "AKIA");
    assertThat(call(ann, "Encrypt", "KeyId", key, "Plaintext", SECRET)).containsKey("CiphertextBlob");
  }

  @Test
  void anotherAccountNeedsTheKeyPolicyAndMeansTheKeyByItsArn() {
    String key = create();
    Caller other = caller("999999999999", "us-east-1");
    String arn = "arn:aws:kms:us-east-1:123456789012:key/" + key;
    assertFault(other, "NotFoundException", "DescribeKey", "KeyId", key);
    for (String each : List.of(arn, arn.replace(key, "11111111-2222-3333-4444-555555555555"),
        "arn:aws:kms:us-east-1:123456789012:alias/aws/s3")) {
      assertThatThrownBy(() -> call(other, "DescribeKey", "KeyId", each)).isInstanceOf(Fault.class)
          .hasMessage("User: " + other.arn() + " is not authorized to perform: kms:DescribeKey on this resource "
              + "because the resource does not exist in this Region, no resource-based policies allow access, or a "
              + "resource-based policy explicitly denies access");
    }
    assertFault(caller("123456789012", "eu-west-1"), "NotFoundException", "DescribeKey", "KeyId", arn);
  }

  @Test
  void theKeyOfAServiceIsUsedThroughItAlone() {
    Keyring.DataKey key = keyring.generate(OWNER.account(), OWNER.region(), "s3", Map.of());
    assertFault("AccessDeniedException", "Decrypt", "CiphertextBlob", key.sealed());
    keyring.authoriseDecrypt(OWNER, key.sealed(), Map.of(), "s3");
    assertThat(metadata("alias/aws/s3")).containsEntry("KeyManager", "AWS").containsEntry("Arn", key.keyArn());
    assertFault("AccessDeniedException", "DisableKey", "KeyId", key.keyArn());
  }

  private String create() {
    return (String) ((Map<?, ?>) call(OWNER, "CreateKey", "Description", "a key").get("KeyMetadata")).get("KeyId");
  }

  @SuppressWarnings("unchecked")
  private Map<String, Object> metadata(String key) {
    return (Map<String, Object>) call(OWNER, "DescribeKey", "KeyId", key).get("KeyMetadata");
  }

  private byte[] encrypt(String key, Map<String, String> context) {
    return (byte[]) call(OWNER, "Encrypt", "KeyId", key, "Plaintext", SECRET, "EncryptionContext", context)
        .get("CiphertextBlob");
  }

  private void assertFault(String code, String operation, Object... members) {
    assertFault(OWNER, code, operation, members);
  }

  private void assertFault(Caller caller, String code, String operation, Object... members) {
    assertThatThrownBy(() -> call(caller, operation, members)).isInstanceOfSatisfying(Fault.class,
        fault -> assertThat(fault.code()).isEqualTo(code));
  }

  private Map<String, Object> call(Caller caller, String operation, Object... members) {
    Map<String, Object> input = new LinkedHashMap<>();
    for (int i = 0; i < members.length; i += 2) {
      input.put((String) members[i], members[i + 1]);
    }
    return table.find("kms", operation).orElseThrow().perform(caller, input);
  }

  private static Caller caller(String account, String region) {
    return new Caller(new AccountId(account), new Region(region), new Identity.Root(), "AKIDEXAMPLE");
  }
}
