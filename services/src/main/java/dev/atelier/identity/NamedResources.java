package dev.atelier.identity;

import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.SageMakerSpelling;
import dev.atelier.models.AuthorisationTable.Entry;
import dev.atelier.models.AuthorisationTable.ResourceType;
import dev.atelier.models.OperationModel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The ARNs of everything that a request names, however it does: by a name, an ARN, an identifier that is either, or a
 * list of them. Each is in the one spelling that policies know, in the caller's partition, so that no other spelling
 * gets past a policy.
 */
public final class NamedResources {
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^}]+)\\}");
  /** Members that hold the whole ARN of the resource, whatever its type. */
  private static final List<String> WHOLE_ARN = List.of("ResourceArn", "ResourceARN", "resourceArn");
  /** Ends of names of members that may hold an ARN, or a list of them. */
  private static final Pattern ARN_MEMBER = Pattern.compile(".*(Arn|ARN|Arns|ArnList|Identifiers?|Names?)");
  private static final Map<String, String> S3_MEMBERS = Map.of("BucketName", "Bucket", "ObjectName", "Key");
  private static final Map<String, List<String>> ALSO = Map.of(
      "AlarmName", List.of("ChildrenOfAlarmName", "ParentsOfAlarmName"),
      // an app is a profile's or a space's, in one place of its ARN
      "UserProfileName", List.of("SpaceName"));
  private static final List<String> LOG_GROUPS = List.of("logGroupName", "logGroupNames", "logGroupIdentifier",
      "logGroupIdentifiers", "logGroupArnList");
  /** They read log groups, though the tables name no type of resource for them. */
  private static final Set<String> OF_LOG_GROUPS = Set.of("DescribeLogGroups", "StopQuery");
  /** The tables require each of their types, though what a request names is of one of them. */
  private static final Set<String> OF_ONE_TYPE = Set.of("BatchPutMetrics", "BatchGetMetrics");

  private final IamAccess iam;
  private final LogGroups logGroups;

  NamedResources(IamAccess iam, LogGroups logGroups) {
    this.iam = iam;
    this.logGroups = logGroups;
  }

  /** Finds the log groups that a request reads by something else than their names. */
  @FunctionalInterface
  public interface LogGroups {
    /** @param operation such as {@code GetQueryResults}; none where it names no query or record that is there */
    List<String> of(Caller caller, String operation, Map<String, Object> input);
  }

  /** The name of a log group by its identifier: the name itself, or an ARN, which may end in {@code :*}. */
  public static String logGroup(String identifier) {
    return Arn.parse(identifier).map(arn -> arn.resource().replaceFirst("^log-group:", "").replaceFirst(":\\*$", ""))
        .orElse(identifier);
  }

  /** The ARNs; {@code *} alone for a request that is checked against no resource. */
  Set<String> of(Caller caller, OperationModel operation, Entry entry, Map<String, Object> input) {
    Optional<String> whole = WHOLE_ARN.stream().flatMap(member -> texts(input.get(member))).findFirst()
        .flatMap(text -> whole(caller, entry, text));
    if (whole.isPresent()) {
      return Set.of(whole.get());
    }
    if (operation.name().equals("AssumeRoot")) {
      return Set.of(Arn.global(caller.partition(), "iam", texts(input.get("TargetPrincipal")).findFirst()
          .flatMap(RootSessionApi::target).orElse(caller.account()), "root").toString());
    }
    Set<String> resources = new LinkedHashSet<>();
    if (operation.service().equals("iam")) {
      entry.resourceTypes().forEach(type -> resources.addAll(iam.byArn(caller, type.name(), input)));
    }
    if (resources.isEmpty()) {
      for (ResourceType type : entry.resourceTypes()) {
        resources.addAll(ofType(new Asked(caller, operation, entry, input),
            OF_ONE_TYPE.contains(operation.name()) ? new ResourceType(type.name(), type.arnTemplate(), false) : type));
      }
    }
    if (OF_LOG_GROUPS.contains(operation.name())) {
      logGroups(caller, operation, input).forEach(name -> resources.add(logGroupArn(caller, name)));
    }
    if (resources.isEmpty()) {
      // so AWS names all groups together
      resources.add(operation.name().equals("DescribeLogGroups") ? logGroupArn(caller, ":log-stream:") : "*");
    }
    if (operation.service().equals("s3") && resources.size() > 1) {
      // an operation on an object lists the bucket's type too; the more specific one is asked
      resources.removeIf(arn -> arn.indexOf('/') < 0);
    }
    return resources;
  }

  private record Asked(Caller caller, OperationModel operation, Entry entry, Map<String, Object> input) {
    String service() {
      return operation.service();
    }

    boolean isOnlyType() {
      return entry.resourceTypes().size() == 1;
    }
  }

  private static String logGroupArn(Caller caller, String name) {
    return Arn.of("logs", caller.region(), caller.account(), "log-group:" + name).toString();
  }

  /** Empty for the ARN of another service's resource, which the operation does not act on. */
  private static Optional<String> whole(Caller caller, Entry entry, String text) {
    Optional<Arn> arn = Arn.parse(text);
    List<String> services =
        entry.resourceTypes().stream().map(type -> type.arnTemplate().split(":", 4)[2]).distinct().toList();
    return arn.isPresent() && !services.isEmpty() && !services.contains(arn.get().service()) ? Optional.empty()
        : Optional.of(arn.map(each -> spelled(caller, each)).orElse(text));
  }

  private static String spelled(Caller caller, Arn arn) {
    String resource = switch (arn.service()) {
      case "logs" -> arn.resource().startsWith("log-group:") ? arn.resource().replaceFirst(":\\*$", "") : arn.resource();
      case "sagemaker" -> SageMakerSpelling.resource(arn.resource());
      default -> arn.resource();
    };
    return new Arn(caller.partition().id(), arn.service(), arn.region(), arn.account(), resource).toString();
  }

  /**
   * The template with the request's values, one ARN for each. A required type with an unknown part keeps a wildcard
   * there; another type that is not named is none.
   */
  private Set<String> ofType(Asked asked, ResourceType type) {
    Set<String> found = new LinkedHashSet<>(byArn(asked, type));
    List<String> arns = List.of("");
    boolean known = false;
    int from = 0;
    Matcher matcher = VARIABLE.matcher(type.arnTemplate());
    while (matcher.find()) {
      List<String> values = place(asked.caller(), matcher.group(1)).map(List::of)
          .orElseGet(() -> values(asked, type, matcher.group(1)));
      if (values.isEmpty() && (!type.required() || !found.isEmpty())) {
        return found;
      }
      known |= !values.isEmpty() && place(asked.caller(), matcher.group(1)).isEmpty();
      String literal = type.arnTemplate().substring(from, matcher.start());
      List<String> next = values.isEmpty() ? List.of("*") : values;
      arns = arns.stream().flatMap(arn -> next.stream().map(value -> arn + literal + value)).toList();
      from = matcher.end();
    }
    if (known || type.required() && found.isEmpty()) {
      String rest = type.arnTemplate().substring(from);
      arns.forEach(arn -> found.add(arn + rest));
    }
    return found;
  }

  private static Optional<String> place(Caller caller, String variable) {
    return switch (variable) {
      case "Partition" -> Optional.of(caller.partition().id());
      case "Region" -> Optional.of(caller.region().name());
      case "Account" -> Optional.of(caller.account().value());
      default -> Optional.empty();
    };
  }

  private List<String> values(Asked asked, ResourceType type, String variable) {
    return switch (asked.service()) {
      case "iam" -> iam.values(asked.caller(), variable, asked.input());
      case "s3" -> texts(asked.input().get(S3_MEMBERS.getOrDefault(variable, variable))).toList();
      case "logs" -> variable.equals("LogGroupName")
          ? logGroups(asked.caller(), asked.operation(), asked.input()) : names(asked, type, variable);
      case "sagemaker", "sagemaker-runtime", "sagemaker-metrics", "sagemaker-featurestore-runtime" ->
          names(asked, type, variable).stream().map(name -> SageMakerSpelling.name(kind(type), name)).toList();
      default -> names(asked, type, variable);
    };
  }

  /** The word for a type in its ARNs. */
  private static String kind(ResourceType type) {
    return type.arnTemplate().split(":", 6)[5].split("/", 2)[0];
  }

  private List<String> logGroups(Caller caller, OperationModel operation, Map<String, Object> input) {
    return Stream.concat(LOG_GROUPS.stream().flatMap(member -> texts(input.get(member)).map(
                text -> member.startsWith("logGroupName") ? text : logGroup(text))),
            logGroups.of(caller, operation.name(), input).stream()).distinct().toList();
  }

  /** Plain names: in the variable's own member, in a list or an identifier called after it, or in a shorter member. */
  private static List<String> names(Asked asked, ResourceType type, String variable) {
    Map<String, Object> input = asked.input();
    String stem = variable.endsWith("Name") ? variable.substring(0, variable.length() - 4)
        : variable.endsWith("Id") ? variable.substring(0, variable.length() - 2) : variable;
    List<String> found = Stream.concat(Stream.of(variable, variable + "s", stem + "Identifier", stem + "Identifiers"),
            ALSO.getOrDefault(variable, List.of()).stream())
        .flatMap(name -> texts(member(input, name))).filter(text -> !isArn(text, type)).toList();
    if (!found.isEmpty() || !type.required() && !asked.isOnlyType()) {
      return found;
    }
    // such as Name for MetricStreamName, or RuleNames for InsightRuleName
    return input.keySet().stream().filter(name -> name.matches(".*Names?|name"))
        .filter(name -> (variable + (name.endsWith("s") ? "s" : "")).toLowerCase(Locale.ROOT)
            .endsWith(name.toLowerCase(Locale.ROOT)))
        .max(Comparator.comparing(String::length)).stream()
        .flatMap(name -> texts(input.get(name))).filter(text -> !isArn(text, type)).toList();
  }

  private static Object member(Map<String, Object> input, String name) {
    Object value = input.get(name);
    return value != null ? value : input.get(Character.toLowerCase(name.charAt(0)) + name.substring(1));
  }

  /** What ARNs of the type the request holds, however deep. */
  private static List<String> byArn(Asked asked, ResourceType type) {
    if (asked.service().equals("iam") || asked.service().equals("s3") || type.name().startsWith("log-")) {
      return List.of();
    }
    List<String> texts = new ArrayList<>();
    collect(asked.input(), texts);
    return texts.stream().filter(text -> isArn(text, type)).flatMap(text -> Arn.parse(text).stream())
        .map(arn -> spelled(asked.caller(), arn)).toList();
  }

  private static boolean isArn(String text, ResourceType type) {
    if (!text.startsWith("arn:")) {
      return false;
    }
    String[] parts = type.arnTemplate().split(":", 6);
    int variable = parts[5].indexOf("${");
    String start = variable < 0 ? parts[5] : parts[5].substring(0, variable);
    return Arn.parse(text).filter(arn ->
        !start.isEmpty() && arn.service().equals(parts[2]) && arn.resource().startsWith(start)).isPresent();
  }

  private static void collect(Object value, List<String> found) {
    switch (value) {
      case Map<?, ?> map -> map.forEach((name, each) -> {
        if (ARN_MEMBER.matcher(String.valueOf(name)).matches()) {
          texts(each).forEach(found::add);
        }
        collect(each, found);
      });
      case List<?> list -> list.forEach(each -> collect(each, found));
      case null, default -> { }
    }
  }

  private static Stream<String> texts(Object value) {
    return switch (value) {
      case String text when !text.isEmpty() -> Stream.of(text);
      case List<?> list -> list.stream().filter(String.class::isInstance).map(String.class::cast);
      case null, default -> Stream.empty();
    };
  }
}
