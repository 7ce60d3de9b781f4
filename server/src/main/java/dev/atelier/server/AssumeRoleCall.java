package dev.atelier.server;

import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;

/** Asks the server, as its administrator or a user of its and by STS's own AssumeRole, for a role's credentials. */
final class AssumeRoleCall {
  private final URI server;
  private final SSLContext trust;
  private final AdministratorKey key;
  private final String region;

  /** @param trust the authorities that the server's certificate may be of */
  AssumeRoleCall(URI server, SSLContext trust, AdministratorKey key, String region) {
    this.server = server;
    this.trust = trust;
    this.key = key;
    this.region = region;
  }

  /**
   * The credentials as the variables that AWS's clients read.
   *
   * @param role the role's name, with its path when it has one; null for the execution role
   */
  Map<String, String> credentials(String account, String role, Duration duration) {
    String name = role == null ? "service-role/AtelierExecutionRole" : role;
    String partition = region.startsWith("cn-") ? "aws-cn" : region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
    SignedCall.Answer response = new SignedCall(server, trust, key, region).query("sts", Map.of(
        "Action", "AssumeRole", "Version", "2011-06-15",
        "RoleArn", "arn:" + partition + ":iam::" + account + ":role/" + name,
        "RoleSessionName", "atelier-env", "DurationSeconds", Long.toString(duration.toSeconds())));
    String answer = response.text();
    if (response.status() != 200) {
      throw new CommandFailure("the server refused the role: " + element(answer, "Message"));
    }
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("AWS_ACCESS_KEY_ID", element(answer, "AccessKeyId"));
    variables.put("AWS_SECRET_ACCESS_KEY", element(answer, "SecretAccessKey"));
    variables.put("AWS_SESSION_TOKEN", element(answer, "SessionToken"));
    return variables;
  }

  /** The text of one element of our own server's small answer. */
  private static String element(String xml, String name) {
    Matcher matcher = Pattern.compile("<" + name + ">([^<]*)</" + name + ">").matcher(xml);
    return matcher.find() ? matcher.group(1) : "(no " + name + " in the answer)";
  }
}
