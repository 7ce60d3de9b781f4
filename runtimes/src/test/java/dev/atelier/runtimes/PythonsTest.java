package dev.atelier.runtimes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.runtimes.Pythons.Python;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is asked of uv, which a script stands for: it knows one Python of the machine's and can fetch another. */
class PythonsTest {
  private static final String UV = """
      #!/bin/sh
      echo "$@" >> "$(dirname "$0")/asked"
      made="$UV_PYTHON_INSTALL_DIR/cpython-3.10.9-linux/bin/python3.10"
      case "$*" in
        "python find --no-python-downloads 3.12") echo /usr/bin/env ;;
        "python find --no-python-downloads 3.10") [ -e "$made" ] && echo "$made" ;;
        "python find --no-python-downloads 3.9") echo "$(dirname "$0")/uv" ;;
        "python install --no-bin 3.10") mkdir -p "$(dirname "$made")" && : > "$made" ;;
        *) echo "No download" >&2; exit 2 ;;
      esac
      """;

  @TempDir Path folder;
  private Path uv;
  private Pythons pythons;
  private final List<String> told = new ArrayList<>();

  @BeforeEach
  void place() throws IOException {
    uv = Files.writeString(folder.resolve("uv"), UV);
    Files.setPosixFilePermissions(uv, PosixFilePermissions.fromString("rwxr-xr-x"));
    pythons = new Pythons(folder.resolve("pythons"));
  }

  private Optional<Python> find(String minor) {
    return pythons.find(uv, minor, told::add);
  }

  private List<String> asked() throws IOException {
    return Files.readAllLines(folder.resolve("asked"));
  }

  @Test
  void theMachinesOwnIsTakenAsItIs() throws IOException {
    Python python = find("3.12").orElseThrow();
    assertThat(python.program()).isEqualTo(Path.of("/usr/bin/env").toRealPath());
    assertThat(python.fetched()).isEmpty();
    assertThat(asked()).containsExactly("python find --no-python-downloads 3.12");
  }

  @Test
  void oneThatIsNotThereIsFetchedOnce() throws IOException {
    Python python = find("3.10").orElseThrow();
    assertThat(python.version()).isEqualTo("3.10");
    assertThat(python.fetched()).contains(folder.resolve("pythons/cpython-3.10.9-linux").toRealPath());
    assertThat(python.program()).startsWith(python.fetched().orElseThrow());
    assertThat(told).anyMatch(line -> line.startsWith("Fetching Python 3.10"));
    assertThat(find("3.10")).contains(python);
    assertThat(asked()).hasSize(3);
  }

  @Test
  void oneThatHostsWouldNotSeeAndOneThatIsNowhereAreNone() throws IOException {
    assertThat(find("3.9")).isEmpty();
    assertThat(find("3.7")).isEmpty();
    int before = asked().size();
    assertThat(find("3.7")).isEmpty();
    assertThat(asked()).hasSize(before);
    assertThat(told).contains("No download");
  }
}
