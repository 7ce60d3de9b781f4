package dev.atelier.runtimes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InterpretersTest {
  private static final String NEW = "3.77";
  private static final String OLD = "3.6";

  @TempDir
  Path folder;

  /** A program that answers as an interpreter of a version would; without a prefix it is an environment. */
  private Path program(Path place, String version, String prefix) throws IOException {
    Files.createDirectories(place.getParent());
    Files.writeString(place, "#!/bin/sh\necho '" + version + " " + prefix + "'\n");
    return Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Path installed(String name, String version) throws IOException {
    Path prefix = folder.resolve("versions").resolve(name);
    return program(prefix.resolve("bin/python" + version), version, prefix.toString());
  }

  private List<Interpreter> found() {
    return new Interpreters(List.of(folder.resolve("bin")), List.of(folder.resolve("versions"))).all();
  }

  @Test
  void theMachinesOwnComesFirstAndNeedsNoFolder() {
    assertThat(found()).singleElement().satisfies(own -> {
      assertThat(own.own()).isTrue();
      assertThat(own.folder()).isEmpty();
    });
  }

  @Test
  void installationsAreFoundTheNewestOfEachMinorVersion() throws IOException {
    installed(NEW + ".9", NEW);
    Path newest = installed(NEW + ".10", NEW);
    Path uv = installed("cpython-" + OLD + ".15-linux-x86_64-gnu", OLD);
    assertThat(found().subList(1, 3)).containsExactly(
        new Interpreter(OLD, uv, Optional.of(folder.resolve("versions/cpython-3.6.15-linux-x86_64-gnu")), false),
        new Interpreter(NEW, newest, Optional.of(folder.resolve("versions/" + NEW + ".10")), false));
  }

  @Test
  void aProgramOfTheSystemGoesBeforeAnInstallation() throws IOException {
    installed(NEW + ".9", NEW);
    Path program = program(folder.resolve("bin/python" + NEW), NEW, "/usr");
    assertThat(found().getLast()).isEqualTo(new Interpreter(NEW, program, Optional.empty(), false));
  }

  @Test
  void environmentsAndWhatDoesNotStartAreLeftOut() throws IOException {
    program(folder.resolve("versions/" + NEW + ".1/bin/python" + NEW), NEW, "");
    program(folder.resolve("versions/" + OLD + ".1/bin/python" + OLD), "3.x", "/nowhere");
    Files.createDirectories(folder.resolve("versions/pypy3.10-7.3/bin"));
    assertThat(found()).hasSize(1);
  }
}
