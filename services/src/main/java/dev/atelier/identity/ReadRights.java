package dev.atelier.identity;

import dev.atelier.identity.Authoriser.Access;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
import dev.atelier.models.AuthorisationTable;
import dev.atelier.models.AuthorisationTable.Entry;
import dev.atelier.models.AuthorisationTable.ResourceType;
import dev.atelier.models.ServiceModel;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Whether a caller may know of a resource, by its ARN alone: who may describe it, or list all of its kind. Which
 * operations those are is what the authorisation tables say.
 */
public final class ReadRights {
  private static final Pattern NAMED = Pattern.compile("\\$\\{[^}]+}");
  private static final Map<String, List<Kind>> KINDS = new ConcurrentHashMap<>();

  private final RequestAccess access;
  private final Authoriser authoriser;

  public ReadRights(RequestAccess access, Authoriser authoriser) {
    this.access = access;
    this.authoriser = authoriser;
  }

  /** A kind of resource: how its ARNs end, the actions that tell of one, and those that list all. */
  private record Kind(Pattern resource, Set<String> describing, Set<String> listing) {}

  /**
   * Whether the caller may describe or list it; nobody may know what another account has, nor what no operation
   * describes.
   *
   * @param requestKeys condition keys of the request that is to be told
   */
  public boolean mayKnow(Caller caller, Arn arn, Map<String, List<String>> requestKeys) {
    if (!arn.account().equals(caller.account().value()) || !ServiceModel.SERVICES.contains(arn.service())) {
      return false;
    }
    return KINDS.computeIfAbsent(arn.service(), ReadRights::kinds).stream()
        .filter(kind -> kind.resource().matcher(arn.resource()).matches()).findFirst()
        .filter(kind -> kind.describing().stream()
            .anyMatch(action -> allows(caller, access.reading(action, arn).with(requestKeys)))
            || kind.listing().stream().anyMatch(action -> allows(caller, Access.of(action, "*").with(requestKeys))))
        .isPresent();
  }

  private boolean allows(Caller caller, Access needed) {
    return authoriser.decide(caller, needed).allowed();
  }

  /** The longest forms first: an execution's ARN begins as its pipeline's does. */
  private static List<Kind> kinds(String service) {
    AuthorisationTable table = AuthorisationTable.load(service);
    Set<String> operations = ServiceModel.load(service).operationNames();
    Map<String, Kind> kinds = new TreeMap<>(
        Comparator.comparingInt((String form) -> form.split("/").length).reversed().thenComparing(form -> form));
    for (String operation : operations) {
      Entry entry = table.entry(operation);
      if (operation.matches("(Describe|Get)[A-Z].*") && entry.resourceTypes().size() == 1
          && entry.resourceTypes().getFirst().required() && entry.accessLevel().matches("(Read|List).*")) {
        Kind kind = kinds.computeIfAbsent(form(entry.resourceTypes().getFirst()),
            form -> new Kind(pattern(form), new TreeSet<>(), new TreeSet<>()));
        kind.describing().add(entry.actions().getFirst());
        listing(operation, operations).map(table::entry).filter(list -> list.resourceTypes().isEmpty())
            .ifPresent(list -> kind.listing().add(list.actions().getFirst()));
      }
    }
    return List.copyOf(kinds.values());
  }

  private static String form(ResourceType type) {
    return type.arnTemplate().split(":", 6)[5];
  }

  /** Names of alarms and dashboards hold anything; those of SageMaker hold no slash. */
  private static Pattern pattern(String form) {
    String[] fixed = NAMED.split(form, -1);
    StringBuilder pattern = new StringBuilder(Pattern.quote(fixed[0]));
    for (int i = 1; i < fixed.length; i++) {
      pattern.append(i == fixed.length - 1 && fixed[i].isEmpty() ? ".+" : "[^/]+").append(Pattern.quote(fixed[i]));
    }
    return Pattern.compile(pattern.toString());
  }

  /** ListModels for DescribeModel, ListCodeRepositories for DescribeCodeRepository. */
  private static Optional<String> listing(String operation, Set<String> operations) {
    String noun = operation.replaceFirst("^(Describe|Get)", "");
    String plural = noun.endsWith("s") ? noun : noun.endsWith("y") ? noun.replaceFirst("y$", "ies") : noun + "s";
    return Optional.of("List" + plural).filter(operations::contains);
  }
}
