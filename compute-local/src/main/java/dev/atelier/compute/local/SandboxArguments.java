package dev.atelier.compute.local;

import dev.atelier.compute.ComputeException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The arguments of one bwrap, as it reads them from a descriptor so that no process list shows them. */
final class SandboxArguments {
  private static final List<String> PUBLIC_ETC = List.of("/etc/ssl/certs", "/etc/ssl/openssl.cnf",
      "/etc/ca-certificates.conf", "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/alternatives",
      "/etc/localtime", "/etc/timezone", "/etc/mime.types", "/etc/protocols", "/etc/services", "/etc/fonts",
      "/etc/python3", "/etc/python3.11", "/etc/python3.12", "/etc/python3.13");
  private static final List<String> USR_NAMES = List.of("bin", "sbin", "lib", "lib32", "lib64", "libx32");

  private final ByteArrayOutputStream words = new ByteArrayOutputStream();

  SandboxArguments add(Object... arguments) {
    for (Object argument : arguments) {
      String word = argument.toString();
      if (word.indexOf('\0') >= 0) {
        throw new ComputeException("a mount or a variable holds a NUL character");
      }
      words.writeBytes(word.getBytes(StandardCharsets.UTF_8));
      words.write(0);
    }
    return this;
  }

  /** What holds for every sandbox: own namespaces, no capability, the machine's programs read-only. */
  SandboxArguments confine(int uid, int gid, String hostName) {
    add("--unshare-all", "--share-net", "--unshare-user", "--disable-userns", "--cap-drop", "ALL", "--new-session");
    return add("--uid", uid, "--gid", gid, "--hostname", hostName);
  }

  /**
   * A root of its own in memory, of at most so many bytes, and shared memory likewise.
   *
   * @param usr the machine's programs, with what an image adds to them
   * @param devices nodes that it has beside those of every program
   */
  SandboxArguments root(Path usr, long rootBytes, long sharedBytes, List<Path> devices) {
    add("--size", rootBytes, "--tmpfs", "/");
    add("--ro-bind", usr, "/usr");
    for (String name : USR_NAMES) {
      Path link = Path.of("/", name);
      try {
        if (Files.isSymbolicLink(link)) {
          add("--symlink", Files.readSymbolicLink(link), link);
        } else if (Files.isDirectory(link)) {
          add("--ro-bind", link, link);
        }
      } catch (IOException e) {
        throw new ComputeException(link + " cannot be read: " + e.getMessage(), e);
      }
    }
    add("--proc", "/proc", "--ro-bind", "/proc/sys", "/proc/sys");
    add("--dev", "/dev", "--size", sharedBytes, "--perms", "1777", "--tmpfs", "/dev/shm");
    devices.forEach(node -> add("--dev-bind", node, "/dev/" + node.getFileName()));
    add("--remount-ro", "/dev");
    return add("--perms", "1777", "--dir", "/tmp", "--perms", "1777", "--dir", "/var/tmp", "--dir", "/run");
  }

  SandboxArguments publicEtc() {
    PUBLIC_ETC.forEach(path -> add("--ro-bind-try", path, path));
    try (Stream<Path> entries = Files.list(Path.of("/etc"))) {
      entries.filter(entry -> entry.getFileName().toString().startsWith("java"))
          .forEach(entry -> add("--ro-bind-try", entry, entry));
    } catch (IOException e) {
      throw new ComputeException("/etc cannot be read: " + e.getMessage(), e);
    }
    return this;
  }

  SandboxArguments environment(Map<String, String> variables) {
    add("--clearenv");
    variables.forEach((name, value) -> {
      if (name.isEmpty() || name.indexOf('=') >= 0) {
        throw new ComputeException("not a name of an environment variable: " + name);
      }
      add("--setenv", name, value);
    });
    return this;
  }

  byte[] bytes() {
    return words.toByteArray();
  }
}
