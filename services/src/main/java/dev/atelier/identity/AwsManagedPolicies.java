package dev.atelier.identity;

import dev.atelier.kernel.Arn;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The managed policies that belong to AWS: documents, read by the evaluator like any other. */
final class AwsManagedPolicies {
  private static final Map<String, Row> ROWS = rows();

  private AwsManagedPolicies() {}

  private record Row(String path, int version, Instant createdAt, Instant updatedAt) {}

  /**
   * A policy of AWS's own in its newest version; older ones are not known here.
   *
   * @param id stable, and not the one that AWS gives it
   */
  record Policy(
      String name, String path, String id, int version, Instant createdAt, Instant updatedAt, String document) {

    /** In the partition {@code aws}, as it is stored. */
    String arn() {
      return "arn:aws:iam::aws:policy" + path + name;
    }
  }

  /** All, by name. */
  static List<Policy> all() {
    return ROWS.keySet().stream().map(AwsManagedPolicies::read).toList();
  }

  /** The policy of an ARN such as {@code arn:aws:iam::aws:policy/job-function/ViewOnlyAccess}. */
  static Optional<Policy> find(Arn arn) {
    return Optional.of(name(arn))
        .filter(name -> arn.account().equals("aws") && ROWS.containsKey(name)
            && arn.resource().equals("policy" + ROWS.get(name).path() + name))
        .map(AwsManagedPolicies::read);
  }

  /** The policy's name, the last part of its ARN. */
  static String name(Arn arn) {
    return arn.resource().substring(arn.resource().lastIndexOf('/') + 1);
  }

  private static Policy read(String name) {
    Row row = ROWS.get(name);
    return new Policy(name, row.path(), UniqueId.derived("ANPA", "aws:policy/" + name), row.version(),
        row.createdAt(), row.updatedAt(), resource(name + ".json"));
  }

  private static Map<String, Row> rows() {
    Map<String, Row> rows = new TreeMap<>();
    resource("policies.tsv").lines().map(line -> line.split("\t", -1)).forEach(cells -> rows.put(cells[0],
        new Row(cells[1], Integer.parseInt(cells[2]), Instant.parse(cells[3]), Instant.parse(cells[4]))));
    return rows;
  }

  private static String resource(String file) {
    try (InputStream in = AwsManagedPolicies.class.getResourceAsStream("managed/" + file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
