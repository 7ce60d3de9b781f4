package dev.atelier.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsTest {
  private static final byte[] VALUE = "wJalrXUtnFEMI".getBytes(StandardCharsets.UTF_8);

  @TempDir Path keys;

  @Test
  void sealedValueOpensAfterRestartInItsContextOnly() throws IOException {
    String sealed = Secrets.open(keys).seal(VALUE, "key/1");
    assertThat(sealed).isNotEqualTo(Secrets.open(keys).seal(VALUE, "key/1"));
    assertThat(Secrets.open(keys).unseal(sealed, "key/1")).isEqualTo(VALUE);
    assertThatThrownBy(() -> Secrets.open(keys).unseal(sealed, "key/2")).isInstanceOf(IllegalArgumentException.class);
    char last = sealed.charAt(10) == 'A' ? 'B' : 'A';
    String changed = sealed.substring(0, 10) + last + sealed.substring(11);
    assertThatThrownBy(() -> Secrets.open(keys).unseal(changed, "key/1")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Secrets.open(keys).unseal("v1.AAAA", "key/1")).isInstanceOf(IllegalArgumentException.class);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(keys.resolve("master.key"))))
        .isEqualTo("rw-------");
  }

  @Test
  void anotherKeyOrABrokenKeyFileIsRefused() throws IOException {
    String sealed = Secrets.open(keys).seal(VALUE, "key/1");
    Files.delete(keys.resolve("master.key"));
    Secrets other = Secrets.open(keys);
    assertThatThrownBy(() -> other.unseal(sealed, "key/1")).isInstanceOf(IllegalArgumentException.class);
    Files.write(keys.resolve("master.key"), new byte[5]);
    assertThatThrownBy(() -> Secrets.open(keys)).isInstanceOf(DataFolderException.class);
  }
}
