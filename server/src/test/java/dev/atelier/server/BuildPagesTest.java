package dev.atelier.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The build of the console's pages, with a node and an npm that do as they are told. */
final class BuildPagesTest {
  private Path web;
  private Path programs;

  @BeforeEach
  void open(@TempDir Path folder) throws IOException {
    web = Files.createDirectories(folder.resolve("web/node_modules")).getParent();
    programs = Files.createDirectories(folder.resolve("programs"));
    Files.writeString(web.resolve("package.json"), "{}");
    program("node", "echo v22.1.0");
  }

  private void program(String name, String does) throws IOException {
    Path file = Files.writeString(programs.resolve(name), "#!/bin/sh\n" + does + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private void npmCiFailsWith(String code) throws IOException {
    program("npm", "[ \"$1\" = --version ] && exit 0\necho 'npm error code " + code + "'\nexit 1");
  }

  private int build() throws Exception {
    ProcessBuilder java = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        Path.of("../web/build/BuildPages.java").toString(), web.toString(), "console");
    java.environment().put("PATH", programs + ":" + System.getenv("PATH"));
    java.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
    Process process = java.start();
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    return process.exitValue();
  }

  @Test
  void aRegistryOutOfReachLeavesThePagesOutUntilItAnswers() throws Exception {
    npmCiFailsWith("ENOTFOUND");
    assertThat(build()).isZero();
    assertThat(web.resolve("target/pages.unreached")).content().startsWith("http");
    assertThat(web.resolve("target/classes/console/absent.txt")).content().contains("out of reach");
    program("npm", "[ \"$*\" != 'run build' ] && exit 0\nmkdir -p target/dist/console; echo pages >target/dist/console/index.html");
    assertThat(build()).isZero();
    assertThat(web.resolve("target/pages.unreached")).doesNotExist();
    assertThat(web.resolve("target/classes/console/absent.txt")).doesNotExist();
    assertThat(web.resolve("target/classes/console/index.html")).hasContent("pages");
  }

  @Test
  void anyOtherFailureFailsTheBuild() throws Exception {
    for (String code : new String[] {"EUSAGE", "EINTEGRITY", "E404"}) {
      npmCiFailsWith(code);
      assertThat(build()).as(code).isNotZero();
      assertThat(web.resolve("target/classes/console")).doesNotExist();
    }
  }
}
