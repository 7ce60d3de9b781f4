package dev.atelier.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Profiles in the AWS clients' own files. Writing one leaves every other as it is. */
final class AwsProfile {
  private AwsProfile() {}

  static void write(Path folder, String name, Map<String, String> variables) throws IOException {
    if (!name.matches("[A-Za-z0-9._-]{1,64}")) {
      throw new CommandFailure("--write-profile must be letters, digits, dots, hyphens and underscores");
    }
    Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Map<String, String> credentials = new LinkedHashMap<>();
    credentials.put("aws_access_key_id", variables.get("AWS_ACCESS_KEY_ID"));
    credentials.put("aws_secret_access_key", variables.get("AWS_SECRET_ACCESS_KEY"));
    if (!variables.get("AWS_SESSION_TOKEN").isEmpty()) {
      credentials.put("aws_session_token", variables.get("AWS_SESSION_TOKEN"));
    }
    replace(folder.resolve("credentials"), name, credentials);
    replace(folder.resolve("config"), "profile " + name, Map.of(
        "region", variables.get("AWS_REGION"),
        "endpoint_url", variables.get("AWS_ENDPOINT_URL"),
        "ca_bundle", variables.get("AWS_CA_BUNDLE")));
  }

  /** The entries of a section; empty when the file has none of the name. */
  static Map<String, String> read(Path file, String section) throws IOException {
    Map<String, String> entries = new LinkedHashMap<>();
    boolean inside = false;
    for (String line : Files.exists(file) ? Files.readAllLines(file) : List.<String>of()) {
      if (line.strip().startsWith("[")) {
        inside = line.strip().equals("[" + section + "]");
      } else if (inside && line.indexOf('=') > 0) {
        entries.put(line.substring(0, line.indexOf('=')).strip(), line.substring(line.indexOf('=') + 1).strip());
      }
    }
    return entries;
  }

  private static void replace(Path file, String section, Map<String, String> entries) throws IOException {
    List<String> lines = new ArrayList<>();
    boolean inside = false;
    for (String line : Files.exists(file) ? Files.readAllLines(file) : List.<String>of()) {
      if (line.strip().startsWith("[")) {
        inside = line.strip().equals("[" + section + "]");
      }
      if (!inside) {
        lines.add(line);
      }
    }
    lines.add("[" + section + "]");
    entries.forEach((key, value) -> lines.add(key + " = " + value));
    Path half = file.resolveSibling(file.getFileName() + ".atelier-new");
    Files.deleteIfExists(half);
    Files.createFile(half, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.write(half, lines);
    Files.move(half, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
