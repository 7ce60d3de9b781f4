package dev.atelier.compute.local;

import dev.atelier.compute.ComputeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/** What the server is on this machine. */
final class Machine {
  private static final Integer USER = own();

  private Machine() {}

  private static Integer own() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
      // "Uid:" and four ids; the second is the one that counts for rights
      return lines.filter(line -> line.startsWith("Uid:"))
          .map(line -> Integer.valueOf(line.split("\\s+")[2]))
          .findFirst()
          .orElseThrow(() -> new ComputeException("/proc does not tell this process's user"));
    } catch (IOException e) {
      throw new ComputeException("/proc is not mounted: sandboxes run on Linux only", e);
    }
  }

  static Integer userId() {
    return USER;
  }

  static boolean root() {
    return USER == 0;
  }

  static Integer ownerOf(Path path) throws IOException {
    return (Integer) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
  }

  /** Gives one path to a sandbox's user; nothing to do for a server that is no root and shares its user. */
  static void give(Path path, int uid) throws IOException {
    if (root()) {
      Files.setAttribute(path, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
      Files.setAttribute(path, "unix:gid", uid, LinkOption.NOFOLLOW_LINKS);
    }
  }

  /** The environment of every tool that is started: nothing of the server's own. */
  static void plainEnvironment(Map<String, String> environment) {
    environment.clear();
    environment.put("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    environment.put("LC_ALL", "C.UTF-8");
  }
}
